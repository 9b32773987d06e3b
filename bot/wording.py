"""Small French for the interface: typography, dates in Paris, «de» before a name.

Pure: no clock, no time zone database (slim images ship none).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"

UNKNOWN_DATE = "date inconnue"

_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
).split()
_ELIDED = re.compile(r"[aàâäæeéèêëiîïoôöœuùûü]|y[^aeéèêiou]", re.IGNORECASE)
# Most first names in h are elided, most surnames are not; these are the usual first names.
_MUTE_H = re.compile(r"h(?:el|él|en|erm|ervé|ipp|ono|ora|ort|ubert|yac)", re.IGNORECASE)


def typeset(text: str) -> str:
    """Return `text`, typed with plain spaces and apostrophes, in French typography."""
    text = text.replace("'", "’").replace("« ", "«" + NO_BREAK_SPACE)
    text = re.sub(r" ([»:])", NO_BREAK_SPACE + r"\1", text)
    return re.sub(r" ([;!?])", NARROW_NO_BREAK_SPACE + r"\1", text)


def number(value: int) -> str:
    """Return a whole number with its thousands apart: ``1 000``."""
    return f"{value:,}".replace(",", NARROW_NO_BREAK_SPACE)


def french_date(moment: datetime | None) -> str:
    """Return the day of `moment` in Paris: ``14 mars 2026``, ``1er mars 2026``."""
    if moment is None:
        return UNKNOWN_DATE
    day = paris_day(moment)
    ordinal = "1er" if day.day == 1 else str(day.day)
    return f"{ordinal} {_MONTHS[day.month - 1]} {day.year}"


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


def of_someone(name: str) -> str:
    """Return `name` after «de»: ``d’Anne``, ``du maire``, ``des experts``, ``de Paul``."""
    for article, contracted in (("le ", "du "), ("les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    elided = _ELIDED.match(name) or _MUTE_H.match(name)
    return ("d’" if elided else "de ") + name
