"""Calendar days as a French reader counts and writes them: in Paris.

Pure: no clock, no time zone database (slim images ship none).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

MONTH_NAMES = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
).split()


def written_day(moment: datetime) -> str:
    """Return the day of `moment` (aware) in Paris: ``14 mars 2026``, ``1er mars 2026``."""
    day = paris_day(moment)
    ordinal = "1er" if day.day == 1 else str(day.day)
    return f"{ordinal} {MONTH_NAMES[day.month - 1]} {day.year}"


def paris_day(moment: datetime) -> date:
    """Return the calendar day in Paris at `moment` (aware).

    Summer time by directive 2000/84/EC, from the last Sunday of March to that of October at
    01:00 UTC; for years before 1996 the hour, and so a day near midnight, may be off by one.
    """
    utc = moment.astimezone(UTC)
    summer = _change(utc.year, 3) <= utc < _change(utc.year, 10)
    try:
        return (utc + timedelta(hours=2 if summer else 1)).date()
    except OverflowError:  # the last hours of the year 9999
        return utc.date()


def _change(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
