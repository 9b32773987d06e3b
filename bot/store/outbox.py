"""What must be sent: the table ``outbox``.

Every method is one transaction, may block, may raise StoreError, and may be called by any thread.
One process drains an outbox: what is «sending» when it starts was in flight when it was killed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from bot.conversations import Place
from bot.parcels import Claimed, Parcel, message_json, read_message
from knowledge.store.delivery_schema import chats, outbox, subscriptions
from knowledge.store.engine import Database
from knowledge.store.reader_schema import shown_citations, shown_messages

_CHUNK = 400  # keys of one statement

_OPEN = outbox.c.open.is_(True)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id == bindparam("claimed"))
    .values(state="sending", attempts=outbox.c.attempts + 1)
)
_SETTLE = (
    update(outbox)
    .where(outbox.c.id == bindparam("settled"), outbox.c.state != "sent")
    .values(
        state=bindparam("fate"),
        open=False,
        settled_at=bindparam("at"),
        message_id=bindparam("as_message"),
    )
)
_DEFER = (
    update(outbox)
    .where(outbox.c.id == bindparam("deferred"), outbox.c.state == "sending")
    .values(state="waiting", not_before=bindparam("until"))
)


@dataclass(frozen=True, slots=True)
class Delivered:
    """Telegram acknowledged a parcel as a message."""

    claimed: Claimed
    message_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Deferred:
    """A parcel is tried again, not before a time."""

    claimed: Claimed
    until: datetime


@dataclass(frozen=True, slots=True)
class Dropped:
    """A parcel will never be sent: Telegram refuses it for what it is, or it is too old."""

    claimed: Claimed
    at: datetime


Outcome = Delivered | Deferred | Dropped


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

    def claim(self, *, most: int, skip: Collection[int], now: datetime) -> tuple[Claimed, ...]:
        """Mark as being sent, and return, the first parcel of up to `most` chats.

        A chat whose first parcel is in flight or waits for its time has none; those in `skip`
        (at most a few hundred) are left out.
        """
        if most < 1:
            return ()
        query = _first_parcels().where(
            outbox.c.state == "waiting",
            outbox.c.not_before <= now,
            outbox.c.chat_id.not_in(list(skip)),
        )
        with self._database.reading() as connection:
            if not connection.execute(select(exists(select(1).where(_OPEN)))).scalar():
                return ()
        with self._database.writing() as connection:
            rows = connection.execute(query.order_by(outbox.c.id).limit(most)).all()
            if rows:
                connection.execute(_CLAIM, [{"claimed": row.id} for row in rows])
        return tuple(Claimed(row.id, row.attempts + 1, _parcel(row)) for row in rows)

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write what became of parcels; a window whose last part is settled moves its watermark.

        Deliveries enter the ledger of what was shown in the same transaction.
        """
        with self._database.writing() as connection:
            for outcome in outcomes:
                _settle(connection, outcome)
            _reset_refusals(connection, outcomes)

    def open_count(self) -> int:
        """Return how many parcels are not settled."""
        with self._database.reading() as connection:
            count = select(func.count()).select_from(outbox).where(_OPEN)
            return int(connection.execute(count).scalar_one())

    def next_attempt_at(self) -> datetime | None:
        """Return when the earliest of the chats' first parcels may be tried; None if none waits."""
        query = (
            _first_parcels()
            .where(outbox.c.state == "waiting")
            .with_only_columns(func.min(outbox.c.not_before, type_=outbox.c.not_before.type))
        )
        with self._database.reading() as connection:
            found: datetime | None = connection.execute(query).scalar()
        return found

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
    for start in range(0, len(parcels), _CHUNK):
        keys = [parcel.key for parcel in parcels[start : start + _CHUNK]]
        known.update(
            connection.execute(select(outbox.c.key).where(outbox.c.key.in_(keys))).scalars()
        )
    rows = [_row(parcel, now) for parcel in parcels if parcel.key not in known]
    if rows:
        connection.execute(insert(outbox), rows)
    return len(rows)


def _first_parcels() -> Select[Any]:
    """Return the query of each chat's first open parcel."""
    firsts = select(func.min(outbox.c.id)).where(_OPEN).group_by(outbox.c.chat_id)
    return select(outbox).where(outbox.c.id.in_(firsts.scalar_subquery()))


def _settle(connection: Connection, outcome: Outcome) -> None:
    claimed = outcome.claimed
    if isinstance(outcome, Deferred):
        connection.execute(_DEFER, {"deferred": claimed.id, "until": outcome.until})
        return
    delivered = isinstance(outcome, Delivered)
    connection.execute(
        _SETTLE,
        {
            "settled": claimed.id,
            "fate": "sent" if delivered else "dropped",
            "at": outcome.at,
            "as_message": outcome.message_id if isinstance(outcome, Delivered) else None,
        },
    )
    if isinstance(outcome, Delivered) and claimed.parcel.quotes:
        note_shown(connection, outcome)
    move_watermark(connection, claimed.parcel)


def note_shown(connection: Connection, delivered: Delivered) -> None:
    """Enter a delivered message and its quotations into the ledger of what was shown."""
    parcel = delivered.claimed.parcel
    message = {"chat_id": parcel.place.chat_id, "message_id": delivered.message_id}
    known = select(1).where(
        shown_messages.c.chat_id == message["chat_id"],
        shown_messages.c.message_id == message["message_id"],
    )
    if connection.execute(known).scalar():
        return
    connection.execute(
        insert(shown_messages),
        message
        | {
            "thread_id": parcel.place.thread_id,
            "kind": "digest",
            "mode": parcel.mode,
            "question_hash": None,
            "sent_at": delivered.at,
        },
    )
    connection.execute(
        insert(shown_citations),
        [
            message
            | {
                "position": position,
                "article_id": article,
                "version": version,
                "start": start,
                "end": end,
            }
            for position, (article, version, start, end) in enumerate(parcel.quotes)
        ],
    )


def move_watermark(connection: Connection, parcel: Parcel) -> None:
    """Move the subscription's watermark to its window's end if no part of it is left."""
    if parcel.subscription_id is None or parcel.window_end is None:
        return
    left = select(1).where(
        outbox.c.subscription_id == parcel.subscription_id,
        outbox.c.window_end == parcel.window_end,
        outbox.c.state.in_(("waiting", "sending", "held")),
    )
    connection.execute(
        update(subscriptions)
        .where(
            subscriptions.c.id == parcel.subscription_id,
            subscriptions.c.watermark < parcel.window_end,
            ~exists(left),
        )
        .values(watermark=parcel.window_end)
    )


def _reset_refusals(connection: Connection, outcomes: Iterable[Outcome]) -> None:
    reached = {
        outcome.claimed.parcel.place.chat_id
        for outcome in outcomes
        if isinstance(outcome, Delivered)
    }
    if reached:
        connection.execute(
            update(chats)
            .where(and_(chats.c.id.in_(sorted(reached)), chats.c.refusals > 0))
            .values(refusals=0)
        )


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
