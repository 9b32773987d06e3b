"""An outbox with its chats and subscriptions, and how a test puts out and takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversations import Place
from bot.digests.parcels import Claimed, DigestPart, digest_parcels
from bot.digests.subscriptions import (
    Preferences,
    Subscription,
    due_digest,
)
from bot.store.chats import ChatStore
from bot.store.outbox import OutboxStore
from bot.store.settling import Delivered
from bot.store.subscriptions import Planned, SubscriptionStore
from bot.views.messages import Message
from knowledge.store import open_database
from knowledge.store.engine import Database

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # 08:00 in Paris
TOMORROW = DUE + timedelta(days=1)
PRIVATE, GROUP, SUPERGROUP = Place(77), Place(-5), Place(-1005)


@pytest.fixture(name="database")
def fixture_database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "base.sqlite3")
    yield opened
    opened.close()


@pytest.fixture(name="outbox")
def fixture_outbox(database: Database) -> OutboxStore:
    return OutboxStore(database)


@pytest.fixture(name="chats")
def fixture_chats(database: Database) -> ChatStore:
    return ChatStore(database)


@pytest.fixture(name="subscriptions")
def fixture_subscriptions(database: Database) -> SubscriptionStore:
    return SubscriptionStore(database)


def subscribed(
    subscriptions: SubscriptionStore, place: Place = PRIVATE, **preferences: object
) -> Subscription:
    wanted = replace(Preferences(), **preferences)  # type: ignore[arg-type] # by field name
    return subscriptions.create(place, wanted, created_by=1, now=NOW)


def plan(
    subscriptions: SubscriptionStore, subscription: Subscription, parts: int, now: datetime = DUE
) -> int:
    """Put out the digest that is due, and return how many parcels are new."""
    due = due_digest(subscription, now=now)
    assert due is not None
    made = [DigestPart(Message(f"Partie {number}")) for number in range(1, parts + 1)]
    parcels = digest_parcels(due, made, mode="extract")
    planned = Planned(
        subscription.id, subscription.due_at, due.window_end, due.next_due_at, parcels
    )
    return subscriptions.plan([planned], now=now)


def take(outbox: OutboxStore, now: datetime = DUE, most: int = 10) -> tuple[Claimed, ...]:
    return outbox.claim([each.number for each in outbox.ready(most=most, skip=(), now=now)])


def drain(outbox: OutboxStore, now: datetime = DUE) -> list[str]:
    """Deliver everything that may go; return the texts in order."""
    texts = []
    while claimed := take(outbox, now):
        texts += [each.parcel.message.text for each in claimed]
        outbox.settle([Delivered(each, 1000 + each.id, now) for each in claimed])
    return texts
