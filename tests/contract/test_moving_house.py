"""Subscriptions taken to another base: as they were, once, and nothing is sent again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversations import Place
from bot.digests.subscription_file import MovedSubscription
from bot.digests.subscriptions import Preferences, Subscription
from bot.store.subscriptions import SubscriptionStore
from knowledge.store import open_database

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # 08:00 in Paris
MADE = NOW - timedelta(days=40)
TOLD = NOW - timedelta(hours=3)
MOVED = MovedSubscription(Place(-1005, 12), replace(Preferences(), silent=True), MADE, TOLD, 9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SubscriptionStore]:
    with closing(open_database(tmp_path / "base.sqlite3")) as database:
        yield SubscriptionStore(database)


def test_one_arrives_as_it_was_and_tells_what_follows_what_it_told(
    store: SubscriptionStore,
) -> None:
    assert store.restore([MOVED], now=NOW) == 1
    assert store.all() == (
        Subscription(1, MOVED.place, MOVED.preferences, MADE, TOLD, DUE, created_by=9),
    )


def test_a_watermark_of_a_clock_that_was_ahead_is_brought_back(store: SubscriptionStore) -> None:
    store.restore([replace(MOVED, watermark=NOW + timedelta(days=365))], now=NOW)
    [found] = store.all()
    assert found.watermark == NOW


def test_the_same_file_twice_adds_nothing_even_once_settings_were_changed(
    store: SubscriptionStore,
) -> None:
    assert store.restore([MOVED, MOVED], now=NOW) == 1
    store.change(1, Preferences(most_items=3), now=NOW)
    assert store.restore([MOVED], now=NOW) == 0
    other = replace(MOVED, place=Place(-1005), created_at=MADE + timedelta(minutes=1))
    assert store.restore([other], now=NOW) == 1
