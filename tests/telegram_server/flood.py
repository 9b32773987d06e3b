"""Flood control: token buckets per chat and for the whole bot, with Telegram's published figures.

Published: about one message a second in a chat with short bursts, 20 a minute in a group, about 30
a second overall; edits share the limit with sends, answerCallbackQuery is free. The algorithm is
secret, so bursts and waits here are assumptions a test may set. A bucket that overflowed stays shut
until its ``retry_after`` is over, and says how long that is.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.telegram_server.errors import too_many_requests
from tests.telegram_server.model import Chat
from tests.telegram_server.tally import Tally, Violation

Kind = Literal["message", "draft", "action"]


@dataclass(frozen=True, slots=True)
class Limit:
    """``rate`` events a second after ``burst`` at once; ``retry_after`` s, computed if None."""

    rate: float
    burst: int
    retry_after: int | None = None

    def __post_init__(self) -> None:
        if self.rate <= 0 or self.burst < 1:
            raise ValueError(f"a limit needs a positive rate and burst, got {self}")


@dataclass(slots=True)
class FloodLimits:
    """The limits in force; a test replaces any of them."""

    private: Limit = Limit(rate=1.0, burst=5)
    group: Limit = Limit(rate=20 / 60, burst=20)
    overall: Limit = Limit(rate=30.0, burst=30)
    draft: Limit = Limit(rate=2.0, burst=5)
    action: Limit = Limit(rate=1.0, burst=5)
    of_chat: dict[int, Limit] = field(default_factory=dict)
    of_method: dict[str, Limit] = field(default_factory=dict)

    def add(self, method: str, limit: Limit) -> None:
        """Hold a method, in each chat by itself, to one limit more."""
        self.of_method[method.lower()] = limit


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float
    shut_until: float = 0.0


class FloodControl:
    """Counts what the bot sends; ``clock`` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = FloodLimits()
        self.enabled = True
        self.tally = Tally()
        self._clock = clock
        self._buckets: dict[tuple[str, int], _Bucket] = {}

    @property
    def violations(self) -> list[Violation]:
        """Return what was refused so far because it came too fast."""
        return self.tally.violations

    def charge(self, kind: Kind, chat: Chat, method: str = "") -> None:
        """Count one request. Raises ``ApiError`` 429 when it is one too many."""
        now = self._clock()
        if self.enabled:
            self._spend(kind, chat, method.lower(), now)
        if kind == "message":
            self.tally.accept(chat.id, now, group=chat.kind != "private")

    def _spend(self, kind: Kind, chat: Chat, method: str, now: float) -> None:
        spending = [
            ("overall", 0, self.limits.overall),
            (kind, chat.id, self._of(kind, chat)),
        ]
        if method in self.limits.of_method:
            spending.append((method, chat.id, self.limits.of_method[method]))
        buckets = [(self._bucket((name, key), limit, now), limit) for name, key, limit in spending]
        for (name, _, limit), (bucket, _) in zip(spending, buckets, strict=True):
            wait = self._wait(bucket, limit, now)
            if wait:
                self.tally.violations.append(Violation(name, chat.id, now))
                raise too_many_requests(wait)
        for bucket, _ in buckets:
            bucket.tokens -= 1

    def _of(self, kind: Kind, chat: Chat) -> Limit:
        if kind == "draft":
            return self.limits.draft
        if kind == "action":
            return self.limits.action
        default = self.limits.private if chat.kind == "private" else self.limits.group
        return self.limits.of_chat.get(chat.id, default)

    def _bucket(self, key: tuple[str, int], limit: Limit, now: float) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(limit.burst, now)
        grown = bucket.tokens + (now - bucket.filled_at) * limit.rate
        bucket.tokens, bucket.filled_at = min(float(limit.burst), grown), now
        return bucket

    @staticmethod
    def _wait(bucket: _Bucket, limit: Limit, now: float) -> int:
        """Return how many seconds to wait, 0 when the bucket gives; shut it when it is empty."""
        if now >= bucket.shut_until:
            if bucket.tokens >= 1 - 1e-9:
                return 0
            wait = limit.retry_after or math.ceil((1 - bucket.tokens) / limit.rate)
            bucket.shut_until = now + wait
        return max(1, math.ceil(bucket.shut_until - now - 1e-9))
