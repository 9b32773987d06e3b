"""What must be sent: the table ``outbox``.

Every method is one transaction, may block, may raise StoreError, and may be called by any thread.
One process drains an outbox: what is «sending» when it starts was in flight when it was killed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from bot.conversations import Place
from bot.digests.parcels import Claimed, Parcel, message_json, read_message
from bot.store.settling import Outcome, settle_outcomes
from knowledge.chunks import chunks
from knowledge.store.delivery_schema import outbox
from knowledge.store.engine import Database

_CHUNK = 400  # keys of one statement

_OPEN = outbox.c.open.is_(True)
_earlier = outbox.alias("earlier")
_BEHIND = exists(
    select(1).where(
        _earlier.c.open.is_(True),
        _earlier.c.chat_id == outbox.c.chat_id,
        _earlier.c.id < outbox.c.id,
    )
)


@dataclass(frozen=True, slots=True)
class Ready:
    """The number of a parcel that may be sent now, and its chat."""

    number: int
    chat_id: int


@dataclass(frozen=True, slots=True)
class SentTo:
    """When a chat was written to; what a limiter must know after a restart."""

    chat_id: int
    at: datetime


class OutboxStore:
    """Parcels in the order in which they were put in, which each chat keeps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, parcels: Sequence[Parcel], *, now: datetime) -> int:
        """Store parcels; return how many were not there yet."""
        with self._database.writing() as connection:
            return put_parcels(connection, parcels, now)

    def take_back(self) -> tuple[int, ...]:
        """Make what was in flight when the process ended wait again; return its chats."""
        in_flight = outbox.c.state == "sending"
        with self._database.writing() as connection:
            found = connection.execute(select(outbox.c.chat_id).where(_OPEN, in_flight))
            chat_ids = tuple(found.scalars())
            connection.execute(update(outbox).where(_OPEN, in_flight).values(state="waiting"))
        return chat_ids

    def ready(self, *, most: int, skip: Collection[int], now: datetime) -> tuple[Ready, ...]:
        """Return the first parcel of up to `most` chats, the oldest first.

        A chat whose first parcel is in flight or waits for its time has none; those in `skip`
        (at most a few hundred) are left out.
        """
        query = (
            _first_parcels(outbox.c.id, outbox.c.chat_id)
            .where(outbox.c.not_before <= now, outbox.c.chat_id.not_in(list(skip)))
            .order_by(outbox.c.id)
            .limit(most)
        )
        with self._database.reading() as connection:
            return tuple(Ready(number, chat) for number, chat in connection.execute(query))

    def claim(self, numbers: Collection[int]) -> tuple[Claimed, ...]:
        """Mark as being sent, and return, those of these parcels that are still their chats' first.

        A parcel that was held, moved behind another one or taken meanwhile is left out.
        """
        if not numbers:
            return ()
        still = and_(outbox.c.id.in_(numbers), outbox.c.state == "waiting", ~_BEHIND)
        with self._database.writing() as connection:
            rows = connection.execute(select(outbox).where(still).order_by(outbox.c.id)).all()
            connection.execute(
                update(outbox)
                .where(outbox.c.id.in_([row.id for row in rows]))
                .values(state="sending", attempts=outbox.c.attempts + 1)
            )
        return tuple(Claimed(row.id, row.attempts + 1, _parcel(row)) for row in rows)

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write what became of parcels; a window whose last part is settled moves its watermark.

        Deliveries enter the ledger of what was shown in the same transaction.
        """
        with self._database.writing() as connection:
            settle_outcomes(connection, outcomes)

    def open_count(self) -> int:
        """Return how many parcels are not settled."""
        with self._database.reading() as connection:
            count = select(func.count()).select_from(outbox).where(_OPEN)
            return int(connection.execute(count).scalar_one())

    def next_attempt_at(self) -> datetime | None:
        """Return when the earliest of the chats' first parcels may be tried; None if none waits."""
        query = _first_parcels(func.min(outbox.c.not_before, type_=outbox.c.not_before.type))
        with self._database.reading() as connection:
            found: datetime | None = connection.execute(query).scalar()
        return found

    def hasten(self, *, beyond: datetime, now: datetime) -> int:
        """Let what waits for a time later than `beyond` go now; return how many parcels that is."""
        late = and_(_OPEN, outbox.c.state == "waiting", outbox.c.not_before > beyond)
        with self._database.reading() as connection:  # nearly always none: nothing is locked
            if connection.execute(select(outbox.c.id).where(late).limit(1)).first() is None:
                return 0
        with self._database.writing() as connection:
            return int(
                connection.execute(update(outbox).where(late).values(not_before=now)).rowcount
            )

    def sent_since(self, moment: datetime) -> tuple[SentTo, ...]:
        """Return the deliveries since a moment, the oldest first."""
        query = (
            select(outbox.c.chat_id, outbox.c.settled_at)
            .where(outbox.c.settled_at >= moment, outbox.c.state == "sent")
            .order_by(outbox.c.settled_at)
        )
        with self._database.reading() as connection:
            return tuple(SentTo(chat, at) for chat, at in connection.execute(query))

    def prune(self, *, before: datetime) -> int:
        """Delete what was settled, or held, before a moment; return how many."""
        settled = delete(outbox).where(outbox.c.settled_at < before)
        with self._database.writing() as connection:
            return int(connection.execute(settled).rowcount)


def put_parcels(connection: Connection, parcels: Sequence[Parcel], now: datetime) -> int:
    """Insert those whose key is new, in order; return how many."""
    known: set[str] = set()
    for chunk in chunks(parcels, _CHUNK):
        keys = [parcel.key for parcel in chunk]
        known.update(
            connection.execute(select(outbox.c.key).where(outbox.c.key.in_(keys))).scalars()
        )
    rows = [_row(parcel, now) for parcel in parcels if parcel.key not in known]
    if rows:
        connection.execute(insert(outbox), rows)
    return len(rows)


def _first_parcels(*columns: ColumnElement[Any]) -> Select[Any]:
    """Return the query of columns of the first open parcels of chats where none is in flight."""
    firsts = select(func.min(outbox.c.id)).where(_OPEN).group_by(outbox.c.chat_id)
    in_turn = outbox.c.id.in_(firsts.scalar_subquery())
    return select(*columns).where(in_turn, outbox.c.state == "waiting")


def _row(parcel: Parcel, now: datetime) -> dict[str, Any]:
    return {
        "key": parcel.key,
        "subscription_id": parcel.subscription_id,
        "window_end": parcel.window_end,
        "part": parcel.part,
        "parts": parcel.parts,
        "chat_id": parcel.place.chat_id,
        "thread_id": parcel.place.thread_id,
        "reply_to": parcel.reply_to,
        "silent": parcel.silent,
        "content": message_json(parcel.message),
        "mode": parcel.mode,
        "citations": [list(span) for span in parcel.quotes],
        "state": "waiting",
        "open": True,
        "attempts": 0,
        "not_before": now,
        "created_at": now,
        "settled_at": None,
        "message_id": None,
    }


def _parcel(row: Row[Any]) -> Parcel:
    return Parcel(
        row.key,
        Place(row.chat_id, row.thread_id),
        read_message(row.content),
        tuple((article, version, start, end) for article, version, start, end in row.citations),
        mode=row.mode,
        silent=row.silent,
        reply_to=row.reply_to,
        subscription_id=row.subscription_id,
        window_end=row.window_end,
        part=row.part,
        parts=row.parts,
    )
