"""The clocks of what works by itself: the hour of the day, durations, and pauses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` is aware and in UTC and may be set back; `monotonic` (seconds) never goes back."""

    now: Callable[[], datetime] = _utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


async def sleep_unless(event: asyncio.Event, clock: Clock, seconds: float) -> None:
    """Sleep for so many seconds of `clock`, or until `event` is set; the event stays set."""
    tasks = {
        asyncio.ensure_future(clock.sleep(max(0.0, seconds))),
        asyncio.ensure_future(event.wait()),
    }
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
