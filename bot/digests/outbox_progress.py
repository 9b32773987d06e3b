"""What the loop of the outbox knows of what is on its way."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.store.outbox import Ready
from bot.store.settling import Outcome


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one parcel, and what must be written besides, once that is."""

    outcome: Outcome
    aftermath: Callable[[], object] | None = None
    migrated: tuple[int, int] | None = None
    failed: bool = False


@dataclass(slots=True)
class Progress:
    """Parcels in flight, those that have ended, and those to come."""

    tasks: set[asyncio.Task[Result]] = field(default_factory=set)
    results: list[Result] = field(default_factory=list)
    ready: deque[Ready] = field(default_factory=deque)
    cooling: dict[int, float] = field(default_factory=dict)  # chat -> monotonic seconds
    failures: int = 0  # of the network, in a row
    silent_until: float = 0.0

    def collect(self) -> None:
        """Take the results of what has ended; a defect in a task is raised here."""
        for task in [task for task in self.tasks if task.done()]:
            self.tasks.discard(task)
            self.results.append(task.result())
