"""Who wants what and when: the table ``subscriptions``.

Every method is one transaction, may block, may raise StoreError, and may be called by any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update
from sqlalchemy.sql import exists

from bot.conversations import Place
from bot.digests.due_times import next_due
from bot.digests.parcels import Parcel
from bot.digests.preferences_json import preferences_json, read_preferences
from bot.digests.subscription_file import MovedSubscription
from bot.digests.subscriptions import (
    FIRST_WINDOW,
    Preferences,
    Subscription,
    SubscriptionState,
    Suspension,
    changed_due_at,
    first_due_at,
)
from bot.store.outbox import put_parcels
from bot.store.suspending import resume, suspend
from knowledge.store.delivery_schema import outbox, subscriptions
from knowledge.store.engine import Database

_ACTIVE = subscriptions.c.state == SubscriptionState.ACTIVE
_KEPT = subscriptions.c.state != SubscriptionState.CANCELLED
_UNFINISHED = exists(
    select(1).where(
        outbox.c.subscription_id == subscriptions.c.id,
        outbox.c.window_end.is_not(None),
        outbox.c.open.is_(True),
    )
)


@dataclass(frozen=True, slots=True)
class Planned:
    """What is written of one due subscription: its parcels, if any, and its next due time.

    Without parcels the window is told already: its end becomes the watermark. `due_at` is the due
    time that was found, so that one that was changed meanwhile keeps its new one.
    """

    subscription_id: int
    due_at: datetime
    window_end: datetime | None
    next_due_at: datetime
    parcels: tuple[Parcel, ...] = ()


class SubscriptionStore:
    """Subscriptions, the cancelled ones apart: those are kept, and never returned."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self, place: Place, preferences: Preferences, *, created_by: int | None, now: datetime
    ) -> Subscription:
        """Store a new subscription and return it; its first digest tells the last day's news."""
        row = {
            "chat_id": place.chat_id,
            "thread_id": place.thread_id,
            "state": SubscriptionState.ACTIVE.value,
            "reason": None,
            "preferences": preferences_json(preferences),
            "created_by": created_by,
            "created_at": now,
            "watermark": now - FIRST_WINDOW,
            "due_at": first_due_at(preferences, now=now),
        }
        with self._database.writing() as connection:
            key = connection.execute(insert(subscriptions).values(row)).inserted_primary_key
            return _found(connection, int(key[0]) if key else 0)

    def restore(self, moved: Iterable[MovedSubscription], *, now: datetime) -> int:
        """Store those that are not there yet, as they were; return how many.

        One is there already if its place has one with the same preferences, or one made at the
        same moment: that is the same one, changed since.
        """
        with self._database.writing() as connection:
            rows = connection.execute(select(subscriptions).where(_KEPT))
            known: set[tuple[int, int | None, object]] = set()
            for row in rows:
                place = (row.chat_id, row.thread_id)
                known |= {(*place, read_preferences(row.preferences)), (*place, row.created_at)}
            added = 0
            for each in moved:
                place = (each.place.chat_id, each.place.thread_id)
                same: set[tuple[int, int | None, object]] = {
                    (*place, each.preferences),
                    (*place, each.created_at),
                }
                if not same.isdisjoint(known):
                    continue
                known |= same
                connection.execute(insert(subscriptions).values(_restored(each, now)))
                added += 1
        return added

    def get(self, subscription_id: int) -> Subscription | None:
        """Return one, None if there is none or it was cancelled."""
        with self._database.reading() as connection:
            query = select(subscriptions).where(_KEPT, subscriptions.c.id == subscription_id)
            row = connection.execute(query).one_or_none()
        return None if row is None else _subscription(row)

    def of_chat(self, chat_id: int) -> tuple[Subscription, ...]:
        """Return those of a chat and of its topics, the oldest first."""
        return self._select(subscriptions.c.chat_id == chat_id)

    def of_place(self, place: Place) -> tuple[Subscription, ...]:
        """Return those of a chat outside topics, or of one topic, the oldest first."""
        return self._select(
            subscriptions.c.chat_id == place.chat_id,
            subscriptions.c.thread_id.is_not_distinct_from(place.thread_id),
        )

    def all(self) -> tuple[Subscription, ...]:
        """Return every one, the suspended ones too, the oldest first."""
        return self._select()

    def count_active(self) -> int:
        """Return how many are active."""
        with self._database.reading() as connection:
            query = select(func.count()).select_from(subscriptions).where(_ACTIVE)
            return int(connection.execute(query).scalar_one())

    def change(
        self, subscription_id: int, preferences: Preferences, *, now: datetime
    ) -> Subscription | None:
        """Give one new preferences and return it with its new due time; None if there is none."""
        with self._database.writing() as connection:
            query = select(subscriptions).where(_KEPT, subscriptions.c.id == subscription_id)
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            due_at = changed_due_at(_subscription(row), preferences, now=now)
            connection.execute(
                update(subscriptions)
                .where(subscriptions.c.id == subscription_id)
                .values(preferences=preferences_json(preferences), due_at=due_at)
            )
            return _found(connection, subscription_id)

    def cancel(self, subscription_id: int, *, now: datetime) -> bool:
        """Cancel one for good, with what it still had to send; False if there is none."""
        cancelled = (
            update(subscriptions)
            .where(_KEPT, subscriptions.c.id == subscription_id)
            .values(state=SubscriptionState.CANCELLED.value, reason=None)
        )
        unsent = (outbox.c.subscription_id == subscription_id) & outbox.c.state.in_(
            ("waiting", "held")
        )
        with self._database.writing() as connection:
            found = connection.execute(cancelled).rowcount > 0
            connection.execute(
                update(outbox).where(unsent).values(state="dropped", open=False, settled_at=now)
            )
        return found

    def suspend(self, subscription_id: int, reason: Suspension, *, now: datetime) -> bool:
        """Suspend one and hold what it still had to send; False if it is not active."""
        with self._database.writing() as connection:
            which = subscriptions.c.id == subscription_id
            return suspend(connection, which, reason, now) > 0

    def resume(self, subscription_id: int, *, now: datetime) -> bool:
        """Make a suspended one active; False if it is not suspended."""
        with self._database.writing() as connection:
            return resume(connection, subscriptions.c.id == subscription_id, now) > 0

    def due(self, *, now: datetime, most: int) -> tuple[Subscription, ...]:
        """Return active ones whose time has come and whose last digest has left, longest due first.

        Until its last digest is wholly delivered a subscription waits; then one digest catches up.
        """
        query = (
            select(subscriptions)
            .where(_ACTIVE, subscriptions.c.due_at <= now, ~_UNFINISHED)
            .order_by(subscriptions.c.due_at, subscriptions.c.id)
            .limit(most)
        )
        with self._database.reading() as connection:
            return tuple(map(_subscription, connection.execute(query)))

    def next_due_at(self) -> datetime | None:
        """Return when the next active one is due, possibly in the past; None if there is none."""
        query = select(func.min(subscriptions.c.due_at, type_=subscriptions.c.due_at.type))
        with self._database.reading() as connection:
            found: datetime | None = connection.execute(query.where(_ACTIVE)).scalar()
        return found

    def plan(self, planned: Sequence[Planned], *, now: datetime) -> int:
        """Store the parcels of due digests and the next due times; return how many are new.

        Due times only move forward, and so do watermarks. One that was suspended or cancelled
        meanwhile gets no parcels; one that was changed gets them, and keeps its new due time.
        """
        with self._database.writing() as connection:
            wanted = [each for each in planned if _move_due(connection, each)]
            parcels = [parcel for each in wanted for parcel in each.parcels]
            for each in wanted:
                if each.window_end is not None and not each.parcels:
                    _tell_empty(connection, each.subscription_id, each.window_end)
            return put_parcels(connection, parcels, now)

    def mend(self, subscription: Subscription) -> None:
        """Write the watermark and the due time of one that a wrong clock had moved far ahead."""
        with self._database.writing() as connection:
            connection.execute(
                update(subscriptions)
                .where(subscriptions.c.id == subscription.id)
                .values(watermark=subscription.watermark, due_at=subscription.due_at)
            )

    def ahead_of(self, moment: datetime) -> tuple[Subscription, ...]:
        """Return those whose watermark is later than a moment."""
        return self._select(subscriptions.c.watermark > moment)

    def _select(self, *conditions: ColumnElement[bool]) -> tuple[Subscription, ...]:
        query = select(subscriptions).where(_KEPT, *conditions).order_by(subscriptions.c.id)
        with self._database.reading() as connection:
            return tuple(map(_subscription, connection.execute(query)))


def _restored(moved: MovedSubscription, now: datetime) -> dict[str, Any]:
    watermark = min(moved.watermark, now)
    return {
        "chat_id": moved.place.chat_id,
        "thread_id": moved.place.thread_id,
        "state": SubscriptionState.ACTIVE.value,
        "reason": None,
        "preferences": preferences_json(moved.preferences),
        "created_by": moved.created_by,
        "created_at": moved.created_at,
        "watermark": watermark,
        "due_at": next_due(moved.preferences.timetable, after=now),
    }


def _move_due(connection: Connection, planned: Planned) -> bool:
    """Move the due time on, unless it was changed; return whether the subscription is active."""
    active = (subscriptions.c.id == planned.subscription_id) & _ACTIVE
    unchanged = subscriptions.c.due_at == planned.due_at
    moved = update(subscriptions).where(active, unchanged).values(due_at=planned.next_due_at)
    if connection.execute(moved).rowcount:
        return True
    return connection.execute(select(subscriptions.c.id).where(active)).scalar() is not None


def _tell_empty(connection: Connection, subscription_id: int, window_end: datetime) -> None:
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.id == subscription_id, subscriptions.c.watermark < window_end)
        .values(watermark=window_end)
    )


def _found(connection: Connection, subscription_id: int) -> Subscription:
    query = select(subscriptions).where(subscriptions.c.id == subscription_id)
    return _subscription(connection.execute(query).one())


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        row.id,
        Place(row.chat_id, row.thread_id),
        read_preferences(row.preferences),
        row.created_at,
        row.watermark,
        row.due_at,
        SubscriptionState(row.state),
        None if row.reason is None else Suspension(row.reason),
        row.created_by,
    )
