"""What visits work with, and what one may cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from knowledge.feeds.entry_article import WHOLE_TEXT, Read
from knowledge.feeds.parsing import DEFAULT_MAX_ENTRIES
from knowledge.feeds.ports import FeedStore, Fetch, Ingest
from knowledge.feeds.types import Feed


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """What one visit may cost; what is left over is taken up by the next one, soon.

    `interval` is between visits, `pages` are asked for at most, `seconds` may pass before the
    last of them, `batch` articles are saved and indexed at a time, so that questions go on.
    """

    interval: timedelta = timedelta(minutes=30)
    entries: int = DEFAULT_MAX_ENTRIES
    pages: int = 30
    seconds: float = 90.0
    batch: int = 8
    whole_text: int = WHOLE_TEXT


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Visiting:
    """What visits work with.

    `chance` draws a number from 0 to 1, `clock` counts seconds, and `now` gives the time.
    """

    fetch_feed: Fetch
    fetch_page: Fetch
    store: FeedStore
    ingest: Ingest
    read: Read
    limits: VisitLimits
    chance: Callable[[], float]
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _utc_now

    def interval_of(self, feed: Feed) -> timedelta:
        """Return the time between visits to `feed`: its own, else the setting."""
        own = feed.interval_seconds
        return self.limits.interval if own is None else timedelta(seconds=own)
