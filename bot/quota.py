"""How often somebody may ask: sliding windows of a minute and of a day. Pure.

Only what is admitted counts, so that impatience does not lengthen the wait. For use in one thread.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from bot.last_kept import LastKept

MOST_SUBJECTS = 10_000
_MINUTE, _DAY = 60.0, 86_400.0


class Window(Enum):
    """Which limit is reached."""

    MINUTE = "minute"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The limit of a window is reached; from `retry_at` (aware, UTC) on one more is admitted."""

    window: Window
    limit: int
    retry_at: datetime


class Quota:
    """Counts what each subject (a person's id, or a group's) was admitted to do lately.

    At most `most_subjects` are remembered, those seen last; at most `per_day` times for each.
    `exempt` subjects are always admitted.
    """

    def __init__(
        self,
        *,
        per_minute: int,
        per_day: int,
        exempt: frozenset[int] = frozenset(),
        most_subjects: int = MOST_SUBJECTS,
    ) -> None:
        if min(per_minute, per_day, most_subjects) < 1:
            raise ValueError("a quota admits at least one, of at least one subject")
        self._per_minute = per_minute
        self._per_day = per_day
        self._exempt = exempt
        self._times: LastKept[int, array[float]] = LastKept(most_subjects)

    def __len__(self) -> int:
        return len(self._times)

    def admit(self, subject: int, now: datetime) -> Refusal | None:
        """Count one more at `now` (aware) and return None, or say when to come back."""
        if subject in self._exempt:
            return None
        moment = now.timestamp()
        times = self._lately(subject, moment)
        refusal = self._refusal(times, moment)
        if refusal is None:
            times.append(moment)
        return refusal

    def _lately(self, subject: int, moment: float) -> array[float]:
        times = self._times[subject] = self._times.get(subject, array("d"))
        del times[: bisect_right(times, moment - _DAY)]
        # After a clock is put back, what was counted later than now counts as now.
        later = len(times) - bisect_right(times, moment)
        times[len(times) - later :] = array("d", [moment]) * later
        return times

    def _refusal(self, times: array[float], moment: float) -> Refusal | None:
        windows = (
            (Window.DAY, self._per_day, _DAY),
            (Window.MINUTE, self._per_minute, _MINUTE),
        )
        reached = [
            (times[-limit] + seconds, window, limit)
            for window, limit, seconds in windows
            if len(times) >= limit and times[-limit] + seconds > moment
        ]
        if not reached:
            return None
        at, window, limit = max(reached, key=lambda each: each[0])
        return Refusal(window, limit, datetime.fromtimestamp(at, UTC))


class OnceInAWhile:
    """Says when it is time to tell a subject something again; remembers those told last."""

    def __init__(self, period: timedelta, *, most_subjects: int = MOST_SUBJECTS) -> None:
        self._period = period
        self._told = LastKept[Hashable, datetime](most_subjects)

    def __len__(self) -> int:
        return len(self._told)

    def due(self, subject: Hashable, now: datetime) -> bool:
        """Whether `subject` was not told for a period; if so, it counts as told at `now`."""
        told = self._told.get(subject)
        if told is not None and timedelta(0) <= now - told < self._period:
            return False
        self._told[subject] = now
        return True

    def forget(self, subject: Hashable) -> None:
        """Tell `subject` at the next occasion, whenever it was told before."""
        self._told.pop(subject, None)
