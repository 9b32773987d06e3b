"""What became of parcels, written down: steps of a transaction of the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, select, update

from bot.digests.parcels import Claimed, Parcel
from bot.shown import ShownCitation, ShownKind, ShownMessage
from bot.store.shown import enter
from knowledge.store.delivery_schema import chats, outbox, subscriptions
from knowledge.types import Span

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
_WITHDRAW = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("deferred"),
        outbox.c.state == "waiting",
        outbox.c.subscription_id.in_(
            select(subscriptions.c.id).where(subscriptions.c.state == "cancelled")
        ),
    )
    .values(state="dropped", open=False, settled_at=bindparam("until"))
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


def settle_outcomes(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Write what became of parcels, move watermarks, and enter deliveries into the ledger."""
    for outcome in outcomes:
        _settle(connection, outcome)
    _reset_refusals(connection, outcomes)


def _settle(connection: Connection, outcome: Outcome) -> None:
    claimed = outcome.claimed
    if isinstance(outcome, Deferred):
        values = {"deferred": claimed.id, "until": outcome.until}
        connection.execute(_DEFER, values)
        if claimed.parcel.subscription_id is not None:  # cancelled while it was in flight
            connection.execute(_WITHDRAW, values)
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
        enter(connection, _shown(outcome))
    _move_watermark(connection, claimed.parcel)


def _shown(delivered: Delivered) -> ShownMessage:
    """Return what the ledger keeps of a delivered message."""
    parcel = delivered.claimed.parcel
    return ShownMessage(
        parcel.place,
        delivered.message_id,
        delivered.message_id,
        ShownKind.DIGEST,
        parcel.mode,
        None,
        delivered.at,
        tuple(
            ShownCitation(number, article, version, Span(start, end))
            for number, (article, version, start, end) in enumerate(parcel.quotes, 1)
        ),
    )


def _move_watermark(connection: Connection, parcel: Parcel) -> None:
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
