"""When a digest is due: wall-clock hours of a time zone, turned into moments. Pure.

An hour that a change to summer time skips (02:30 in Paris on the last Sunday of March) is kept by
moving on by what was skipped, so one digest leaves at 03:30; an hour that occurs twice counts the
first time only. Both follow from reading wall-clock times with ``fold=0`` (PEP 495).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
# A zone may skip a whole day (Samoa, 30 December 2011), and a skipped hour comes later: from one
# due time to the next there are never more days than this, whatever the days chosen.
_SEARCHED = timedelta(days=10)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Wall-clock hours on days of the week (0 is Monday) in a time zone; neither set is empty."""

    hours: frozenset[time]
    days: frozenset[int]
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if not self.hours or any(hour.tzinfo or hour.second for hour in self.hours):
            raise ValueError("hours are whole minutes of the wall clock, one at least")
        if not self.days or not self.days <= EVERY_DAY:
            raise ValueError(f"days are numbers from 0 to 6, one at least: {self.days}")


def next_due(timetable: Timetable, *, after: datetime) -> datetime:
    """Return the first due time strictly after a moment, aware and in UTC."""
    return min(moment for moment in _around(timetable, after) if moment > after)


def last_due(timetable: Timetable, *, until: datetime) -> datetime:
    """Return the last due time not later than a moment, aware and in UTC."""
    return max(moment for moment in _around(timetable, until) if moment <= until)


def _around(timetable: Timetable, moment: datetime) -> Iterator[datetime]:
    local = moment.astimezone(timetable.zone).date()
    return _due_times(timetable, _days(local - _SEARCHED, local + _SEARCHED))


def _due_times(timetable: Timetable, days: Iterable[date]) -> Iterator[datetime]:
    for day in days:
        if day.weekday() not in timetable.days:
            continue
        for hour in timetable.hours:
            yield datetime.combine(day, hour, tzinfo=timetable.zone).astimezone(UTC)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += _ONE_DAY
