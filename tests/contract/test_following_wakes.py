"""What has the followed sources looked at, and what they wake: by a clock that never rings."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from bot import following
from bot.context import BotApplication
from bot.digests.clock import Clock
from bot.store.outbox import OutboxStore
from tests.followed import NOW, World, rss
from tests.waiting import until

CHIEF = 7


class Asleep:
    """A clock on which no pause ever ends by itself; counts those that were begun."""

    def __init__(self) -> None:
        self.pauses = 0

    def clock(self) -> Clock:
        return Clock(now=lambda: NOW, sleep=self._sleep)

    async def _sleep(self, _seconds: float) -> None:
        self.pauses += 1
        await asyncio.Event().wait()


def application(world: World, woken: list[str]) -> BotApplication:
    """What following needs of an application, and no more."""
    settings = SimpleNamespace(
        follow_feeds=True,
        administrators=frozenset({CHIEF}),
        timezone="Europe/Paris",
        stop_seconds=5.0,
    )
    services = SimpleNamespace(
        settings=settings,
        feeds=world.feeds(),
        database=world.articles.database,
        now=lambda: NOW,
    )
    wakes = {"wake_following": None, "wake_schedule": lambda: woken.append("outbox")}
    return cast("BotApplication", SimpleNamespace(services=services, background=[], **wakes))


@pytest.fixture
def woken() -> list[str]:
    return []


def test_a_source_that_was_added_is_visited_without_waiting_for_the_next_look(
    world: World, woken: list[str]
) -> None:
    asleep, bot = Asleep(), application(world, woken)
    following.register(bot, clock=asleep.clock())
    world.serve(rss())

    async def scenario() -> None:
        running = asyncio.create_task(bot.background[0]())
        await until(lambda: asleep.pauses == 1)
        world.follow()
        bot.wake_following()
        await until(lambda: asleep.pauses == 2)  # looked at once more, and asleep again
        await until(lambda: world.server.requests)
        await asyncio.sleep(0.2)  # it does not go round and round: it is asleep
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(scenario())
    assert asleep.pauses == 2
    assert woken == []


def test_the_outbox_is_woken_by_a_failure_that_is_told(world: World, woken: list[str]) -> None:
    asleep, bot = Asleep(), application(world, woken)
    following.register(bot, clock=asleep.clock())
    later = NOW + timedelta(hours=1)
    world.follow(failing_since=NOW - timedelta(days=1), failures=3, next_visit_at=later)

    async def scenario() -> None:
        running = asyncio.create_task(bot.background[0]())
        await until(lambda: asleep.pauses == 1)
        bot.wake_following()
        await until(lambda: asleep.pauses == 2)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(scenario())
    assert woken == ["outbox"]  # once: the second look had nothing new to tell
    assert OutboxStore(world.articles.database).open_count() == 1
