"""The server's one clock: dates, flood limits, lives of drafts and buttons all come from it.

Sockets are outside it: long polls, back-offs of the webhook and delays of faults wait in real time.
"""

import time
from dataclasses import dataclass, field
from typing import Protocol


class Clock(Protocol):
    """What tells the time."""

    def time(self) -> float:
        """Return Unix seconds."""

    def monotonic(self) -> float:
        """Return seconds that never go back, from any origin."""


class RealClock:
    """The clock of the machine; ``monotonic`` compares with ``time.monotonic()``."""

    def time(self) -> float:
        """Return Unix seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Return ``time.monotonic()``."""
        return time.monotonic()


@dataclass(slots=True)
class ManualClock:
    """A clock that stands still until a test moves it."""

    now: float = field(default_factory=time.time)

    def time(self) -> float:
        """Return Unix seconds."""
        return self.now

    def monotonic(self) -> float:
        """Return the same, which a test must not move back."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self.now += seconds


@dataclass(frozen=True, slots=True)
class SimulatedClock:
    """Time that runs ``speed`` times as fast as the real one.

    ``start + (real - origin) * speed``, with ``real`` and ``origin`` in Unix seconds: another
    process that is given the three numbers tells the same time.
    """

    start: float
    speed: float
    origin: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        if self.speed <= 0:
            raise ValueError("time goes forward")

    def time(self) -> float:
        """Return simulated Unix seconds."""
        return self.start + (time.time() - self.origin) * self.speed

    def monotonic(self) -> float:
        """Return the same: only the machine's clock being set could move it back."""
        return self.time()
