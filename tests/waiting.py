"""Waiting for what must happen: long enough for a machine ten times too slow.

A wait that is fulfilled costs what it takes, so its limit may be generous. What must *not* happen
is watched for a short while instead, or shown by something that comes after it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

PATIENCE = 60.0  # seconds
_PAUSE = 0.01  # between two looks


def wait_until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Return once ``holds()`` is true. Raises ``AssertionError`` after so many seconds."""
    give_up_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up_at, f"it did not happen within {seconds} s"
        time.sleep(_PAUSE)


async def until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Do as ``wait_until`` while the event loop goes on."""
    give_up_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up_at, f"it did not happen within {seconds} s"
        await asyncio.sleep(_PAUSE)


def wait_until_equal(found: Callable[[], object], expected: object) -> None:
    """Return once ``found()`` is `expected`. Raises ``AssertionError`` that shows what it is."""
    give_up_at = time.monotonic() + PATIENCE
    while (last := found()) != expected and time.monotonic() < give_up_at:
        time.sleep(_PAUSE)
    assert last == expected
