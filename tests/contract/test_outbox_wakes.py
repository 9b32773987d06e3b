"""What the outbox is woken by, on a clock whose long pauses never end: nothing waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import cast

import pytest
from telegram.ext import ExtBot

from bot.conversations import Place
from bot.digests.clock import Clock
from bot.digests.outbox import IN_FLIGHT, Outbox
from bot.digests.parcels import Parcel
from bot.sending.pacing import Pacing
from bot.store.chats import ChatStore
from bot.store.outbox import OutboxStore
from bot.views.messages import Message
from knowledge.store.engine import Database
from tests.outboxes import NOW, fixture_database, fixture_outbox  # noqa: F401 - fixtures by name
from tests.waiting import until

Scenario = Callable[["Outbox", "Telegram", "HalfAsleep"], Awaitable[None]]
Run = Callable[[Scenario], list[int]]
_LONG = 10.0  # seconds; the pauses between looks are longer, those of Telegram's limits shorter


class HalfAsleep:
    """A clock that short pauses move on at once, and on which long ones never end."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.asleep = False  # in a long pause

    def clock(self) -> Clock:
        return Clock(now=lambda: NOW, monotonic=lambda: self.seconds, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        if seconds >= _LONG:
            self.asleep = True
            try:
                await asyncio.Event().wait()
            finally:
                self.asleep = False
        self.seconds += seconds
        await asyncio.sleep(0)


class Telegram:
    """Takes every message, once it is let."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.begun = 0
        self.open = asyncio.Event()

    async def send_message(self, chat_id: int, *_: object, **__: object) -> object:
        self.begun += 1
        await self.open.wait()
        self.sent.append(chat_id)
        return SimpleNamespace(message_id=len(self.sent))


def put(store: OutboxStore, *chats: int) -> None:
    store.put([Parcel(f"{chat}", Place(chat), Message("Du neuf")) for chat in chats], now=NOW)


@pytest.fixture
def run(database: Database, outbox: OutboxStore) -> Run:
    """Run an outbox beside a scenario, stop it, and return whom it wrote to."""

    async def running(scenario: Scenario) -> list[int]:
        telegram, time, stop = Telegram(), HalfAsleep(), asyncio.Event()
        box = Outbox(
            cast("ExtBot[None]", telegram),
            store=outbox,
            chats=ChatStore(database),
            pacing=Pacing(),
            clock=time.clock(),
        )
        work = asyncio.create_task(box.run(stop))
        await scenario(box, telegram, time)
        await until(lambda: time.asleep)
        stop.set()
        await until(work.done)
        await work
        return telegram.sent

    return lambda scenario: asyncio.run(running(scenario))


def test_what_is_put_in_leaves_at_once_when_it_is_said(run: Run, outbox: OutboxStore) -> None:
    async def scenario(box: Outbox, telegram: Telegram, time: HalfAsleep) -> None:
        telegram.open.set()
        await until(lambda: time.asleep)
        put(outbox, 1)
        box.wake()
        await until(lambda: telegram.sent)

    assert run(scenario) == [1]
    assert outbox.open_count() == 0


def test_a_place_that_becomes_free_is_taken_at_once(run: Run, outbox: OutboxStore) -> None:
    chats = range(1, IN_FLIGHT + 2)
    put(outbox, *chats)

    async def scenario(box: Outbox, telegram: Telegram, time: HalfAsleep) -> None:
        await until(lambda: telegram.begun == IN_FLIGHT and time.asleep)
        telegram.open.set()
        await until(lambda: len(telegram.sent) == len(chats))

    assert sorted(run(scenario)) == list(chats)
