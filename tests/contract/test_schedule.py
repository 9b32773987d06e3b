"""Due subscriptions on a real database, with digests that fail to be built."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.conversations import Place
from bot.digests.clock import Clock
from bot.digests.parcels import DigestPart
from bot.digests.schedule import Asked, BuiltDigest, Schedule
from bot.digests.subscriptions import Preferences, Subscription, due_digest
from bot.store.outbox import OutboxStore
from bot.store.subscriptions import SubscriptionStore
from bot.views.messages import Message
from knowledge.digest.types import DigestStyle, Subjects
from knowledge.errors import StoreBusyError
from knowledge.store import open_database
from knowledge.store.delivery_schema import outbox
from knowledge.store.engine import Database
from tests.waiting import PATIENCE

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 23, 7, 0, 5, tzinfo=UTC)


class Builder:
    """Builds one message; fails where a reader's subjects hold a word that does."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.calls: list[int] = []

    def build(
        self, asked: Sequence[Asked], *, should_stop: Callable[[], bool]
    ) -> Sequence[BuiltDigest | None]:
        self.calls.append(len(asked))
        if any("piège" in each.request.subjects.words for each in asked):
            raise self.error
        return [BuiltDigest((DigestPart(Message("Du neuf")),)) for _ in asked]


class Moving:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path / "base.sqlite3")) as opened:
        yield opened


def ticked(schedule: Schedule) -> int:
    return asyncio.run(schedule.tick())


def subscribed(store: SubscriptionStore, chat: int, *words: str) -> int:
    preferences = Preferences(subjects=Subjects(words=words))
    return store.create(Place(chat), preferences, created_by=None, now=NOW).id


def put_out(database: Database) -> list[int]:
    with database.reading() as connection:
        return sorted(connection.execute(select(outbox.c.chat_id)).scalars())


def test_a_digest_that_cannot_be_built_holds_no_other_back_and_is_tried_again(
    database: Database,
) -> None:
    store, time = SubscriptionStore(database), Moving()
    builder = Builder(ValueError("un article abîmé"))
    schedule = Schedule(
        subscriptions=store,
        outbox=OutboxStore(database),
        builder=builder,
        wake=lambda: None,
        clock=Clock(now=lambda: time.now),
    )
    subscribed(store, 1)
    trapped = subscribed(store, 2, "piège")
    subscribed(store, 3, "budget")
    time.now = TOMORROW
    assert ticked(schedule) == 3
    assert builder.calls == [3, 1, 1, 1]
    assert ticked(schedule) == 0  # put off: not built in a circle
    waiting = store.get(trapped)
    assert waiting is not None
    assert waiting.due_at < TOMORROW
    builder.error = RuntimeError()
    time.now = TOMORROW + timedelta(minutes=11)
    assert ticked(schedule) == 1
    assert put_out(database) == [1, 3]


def test_a_database_that_refuses_stops_the_round_and_loses_nothing(database: Database) -> None:
    store, time = SubscriptionStore(database), Moving()
    builder = Builder(StoreBusyError("occupée"))
    schedule = Schedule(
        subscriptions=store,
        outbox=OutboxStore(database),
        builder=builder,
        wake=lambda: None,
        clock=Clock(now=lambda: time.now),
    )
    number = subscribed(store, 2, "piège")
    time.now = TOMORROW
    with pytest.raises(StoreBusyError):
        ticked(schedule)
    waiting = store.get(number)
    assert waiting is not None
    assert waiting.due_at < TOMORROW


class SlowWriter:
    """Builds one message; has what is out already looked at when a model would write."""

    def __init__(self, look: Callable[[], object]) -> None:
        self.look = look
        self.seen: list[tuple[DigestStyle, object]] = []

    def build(
        self, asked: Sequence[Asked], *, should_stop: Callable[[], bool]
    ) -> Sequence[BuiltDigest | None]:
        [style] = {each.request.style for each in asked}
        self.seen.append((style, self.look() if style is DigestStyle.SYNTHESIS else None))
        return [BuiltDigest((DigestPart(Message("Du neuf")),)) for _ in asked]


def test_what_a_model_writes_leaves_after_the_rest(database: Database) -> None:
    store, time, woken = SubscriptionStore(database), Moving(), threading.Event()

    def out() -> tuple[list[int], bool]:
        """Return where something goes already, and whether the outbox was told of it."""
        return put_out(database), woken.wait(PATIENCE)

    builder = SlowWriter(out)
    schedule = Schedule(
        subscriptions=store,
        outbox=OutboxStore(database),
        builder=builder,
        wake=woken.set,
        clock=Clock(now=lambda: time.now),
    )
    for chat, style in enumerate((DigestStyle.SYNTHESIS, DigestStyle.BRIEFS) * 2, 1):
        store.create(Place(chat), Preferences(style=style), created_by=None, now=NOW)
    time.now = TOMORROW
    assert ticked(schedule) == 4
    assert builder.seen == [
        (DigestStyle.BRIEFS, None),
        (DigestStyle.SYNTHESIS, ([2, 4], True)),
    ]
    assert put_out(database) == [1, 2, 3, 4]


def test_a_digest_is_asked_for_in_the_zone_and_with_the_silence_of_its_subscription() -> None:
    montreal = ZoneInfo("America/Montreal")
    for preferences in (Preferences(), Preferences(zone=montreal, say_when_empty=True)):
        made = Subscription(1, Place(1), preferences, NOW, NOW, TOMORROW)
        due = due_digest(made, now=TOMORROW)
        assert due is not None
        asked = Asked(due.request, preferences.zone, preferences.say_when_empty)
        assert Asked.by(due) == asked
