"""When to come back, as a French reader says it. Pure: the time and the time zone are given."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, tzinfo

from bot.views.wording import NO_BREAK_SPACE
from knowledge.text.days import MONTH_NAMES


def come_back(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """Return `at` as told at `now` (both aware), never too early.

    ``dans 40 secondes``, ``dans 12 minutes``, ``à 18 h 05``, ``demain à 0 h 12``,
    ``le 1er mai à 9 h 30``; the hours are those of `zone`.
    """
    seconds = max(1, math.ceil((at - now).total_seconds()))
    if seconds < 60:
        return f"dans {_counted(seconds, 'seconde')}"
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return f"dans {_counted(minutes, 'minute')}"
    there = at.astimezone(zone)
    if there.second or there.microsecond:
        there = (at + timedelta(seconds=59)).astimezone(zone)
    days = (there.date() - now.astimezone(zone).date()).days
    if days == 0:
        return clock(there)
    if days == 1:
        return f"demain {clock(there)}"
    return f"le {day(there)} {clock(there)}"


def clock(there: datetime) -> str:
    """Return the time of day: ``à 18 h 05``, ``à 0 h 30``."""
    return f"à {there.hour}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{there.minute:02}"


def day(there: datetime) -> str:
    """Return the day of the year: ``1er mai``, ``2 mai``."""
    number = "1er" if there.day == 1 else str(there.day)
    return f"{number} {MONTH_NAMES[there.month - 1]}"


def duration(length: timedelta) -> str:
    """Return a length of time by its two greatest units: ``3 jours 4 h``, ``12 min``."""
    minutes = max(0, int(length.total_seconds())) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{_counted(days, 'jour')} {hours}{NO_BREAK_SPACE}h"
    if hours:
        return f"{hours}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{minutes:02}"
    return f"{minutes}{NO_BREAK_SPACE}min"


def _counted(number: int, unit: str) -> str:
    return f"{number}{NO_BREAK_SPACE}{unit}{'s' if number > 1 else ''}"
