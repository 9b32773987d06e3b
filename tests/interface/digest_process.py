"""Run as a program by the tests of delivery: a bot process that is killed and started again.

It imports everything once, then obeys lines on its standard input: ``start`` forks a child that
schedules and delivers until it is ended; ``kill`` ends it by SIGKILL, ``stop`` by SIGTERM. Each is
answered by one line. The outbox, the schedule, the stores and SQLite are the real ones; the clock
is the server's simulated one, and digests are scripted.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.digests.clock import Clock
from bot.digests.outbox import Outbox
from bot.digests.parcels import DigestPart, Span
from bot.digests.schedule import Asked, BuiltDigest, Schedule
from bot.sending.pacing import Pacing
from bot.store.chats import ChatStore
from bot.store.outbox import OutboxStore
from bot.store.subscriptions import SubscriptionStore
from bot.views.messages import Message
from knowledge.digest.types import DigestRequest
from knowledge.store import open_database
from knowledge.store.engine import Database
from tests.telegram_server.clock import SimulatedClock


@dataclass(frozen=True, slots=True)
class Arguments:
    """Where the database and the server are, what time it is, and what digests quote."""

    database: str
    base_url: str
    token: str
    clock: tuple[float, float, float]  # start, speed, origin
    quote: Span | None = None

    @classmethod
    def read(cls, text: str) -> Arguments:
        values: dict[str, Any] = json.loads(text)
        quote = values.pop("quote", None)
        clock = values.pop("clock")
        return cls(**values, clock=tuple(clock), quote=tuple(quote) if quote else None)


class ScriptedDigests:
    """Digests whose parts are counted by the first wanted word: «deux» has two, «rien» none."""

    _PARTS = ("rien", "un", "deux", "trois", "quatre")

    def __init__(self, quote: Span | None = None) -> None:
        self._quotes = () if quote is None else (quote,)

    def build(
        self, asked: Sequence[Asked], *, should_stop: Callable[[], bool]
    ) -> list[BuiltDigest | None]:
        return [self._built(each.request) for each in asked]

    def _built(self, request: DigestRequest) -> BuiltDigest | None:
        texts = self.texts(request)
        parts = tuple(DigestPart(Message(text), self._quotes) for text in texts)
        return BuiltDigest(parts) if parts else None

    @classmethod
    def texts(cls, request: DigestRequest) -> list[str]:
        words = request.subjects.words
        count = next(number for number, name in enumerate(cls._PARTS) if name in words)
        until = f"{request.window.until:%d/%m %H:%M}"
        label = " ".join(words)
        return [f"Résumé {label} du {until}, {part}/{count}" for part in range(1, count + 1)]


def simulated(clock: SimulatedClock) -> Clock:
    """Return the bot's clock that goes as the server's does."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / clock.speed)

    return Clock(
        now=lambda: datetime.fromtimestamp(clock.time(), UTC), monotonic=clock.time, sleep=sleep
    )


def bot_of(arguments: Arguments) -> ExtBot[None]:
    def request() -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=32, read_timeout=5.0, httpx_kwargs={"trust_env": False}
        )

    return ExtBot(
        arguments.token,
        base_url=arguments.base_url,
        request=request(),
        get_updates_request=request(),
    )


async def deliver(arguments: Arguments, database: Database, stop: asyncio.Event) -> None:
    """Schedule and deliver until `stop` is set."""
    bot, clock = bot_of(arguments), simulated(SimulatedClock(*arguments.clock))
    store = OutboxStore(database)
    outbox = Outbox(bot, store=store, chats=ChatStore(database), pacing=Pacing(), clock=clock)
    schedule = Schedule(
        subscriptions=SubscriptionStore(database),
        outbox=store,
        builder=ScriptedDigests(arguments.quote),
        wake=outbox.wake,
        clock=clock,
    )
    async with bot:
        await asyncio.gather(outbox.run(stop), schedule.run(stop))


async def _until_terminated(arguments: Arguments) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database = open_database(Path(arguments.database), busy_seconds=30)
    try:
        await deliver(arguments, database, stop)
    finally:
        database.close()


# httpcore looks for sniffio at every lock; what is known to be absent is not searched for.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type] # the import system's own marker


def _fork(arguments: Arguments) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        asyncio.run(_until_terminated(arguments))
        status = 0
    except BaseException as error:  # noqa: BLE001 - a forked child must never run the parent's code
        sys.stderr.write(f"{error!r}\n")
        sys.stderr.flush()
    finally:
        os._exit(status)


def main() -> None:
    """Argument: the fields of `Arguments` as JSON."""
    arguments = Arguments.read(sys.argv[1])
    child = 0
    for line in sys.stdin:
        order = line.strip()
        if order == "start":
            child = _fork(arguments)
            answer: dict[str, Any] = {"pid": child}
        else:
            number = signal.SIGKILL if order == "kill" else signal.SIGTERM
            began = time.monotonic()
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)
            _, status = os.waitpid(child, 0)
            answer = {"status": status, "seconds": time.monotonic() - began}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
