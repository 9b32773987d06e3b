"""Publication dates as documents state them. What is not certain stays unknown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_EARLIEST = datetime(1600, 1, 1, tzinfo=UTC)
_PLACEHOLDER = datetime(1970, 1, 1, tzinfo=UTC)  # what an unset date becomes in many systems
_MARGIN = timedelta(days=1)  # clocks and zones; anything later is a mistake
_LONGEST = 80

_MONTHS = (
    "janvier janv jan|fevrier fevr fev|mars mar|avril avr|mai|juin|juillet juil|aout|"
    "septembre sept sep|octobre oct|novembre nov|decembre dec"
)
_MONTH_NUMBER = {
    name: number for number, names in enumerate(_MONTHS.split("|"), 1) for name in names.split()
}
_WITHOUT_ACCENTS = str.maketrans("éû", "eu")
_FRENCH = re.compile(
    r"(?:le )?(?:(?:\w{2,6}di|dimanche|lun|mar|mer|jeu|ven|sam|dim)[.,]{0,2} )?"
    r"(?P<day>\d{1,2})(?:er)? (?P<month>[a-zéû]{3,9})\.? (?P<year>\d{4})"
    r"(?:,? (?:à |- )?(?P<hour>\d{1,2}) ?(?:h|:) ?(?P<minute>\d{2})?(?::\d{2})?"
    r"(?: ?(?P<zone>[+-]\d{2}:?\d{2}|GMT|UTC|Z))?)?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<year>\d{4})")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}.*)?|\d{8}(?:T.*)?")
_SPACED_ZONE = re.compile(r" (?=[+-]\d{2}:?\d{2}\Z|Z\Z)| UTC\Z")
_LONG_FRACTION = re.compile(r"(\.\d{6})\d+")


def read_date(value: str, *, now: datetime) -> datetime | None:
    """Return the moment that `value` states, aware and in UTC, or None if it states none.

    Understood: ISO 8601, RFC 5322, «12 mars 2024 à 14h05», «mar. 12 mars 2024 14:05», RFC 5322
    with French names, and 25/03/2024 where day and month
    cannot be confused. Without a zone the time is taken as UTC, without a time it is midnight,
    so that the calendar day stays the one that is written. Placeholders (1970-01-01), dates
    before 1600 and dates more than a day after `now` are unknown.
    """
    value = value.strip()
    if not value or len(value) > _LONGEST:
        return None
    try:
        moment = _parse(value)
        if moment is None:
            return None
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None  # RFC 5322 parsing raises several of these
    plausible = _EARLIEST <= moment <= now + _MARGIN and moment != _PLACEHOLDER
    return moment if plausible else None


def _parse(value: str) -> datetime | None:
    if _ISO.fullmatch(value):
        value = _LONG_FRACTION.sub(r"\1", _SPACED_ZONE.sub("", value, count=1))
        return datetime.fromisoformat(value)
    match = _FRENCH.fullmatch(value)
    if match and (month := _MONTH_NUMBER.get(match["month"].lower().translate(_WITHOUT_ACCENTS))):
        return _french_moment(match, month)
    if match := _NUMERIC.fullmatch(value):
        first, second = int(match["first"]), int(match["second"])
        if first <= 12 and first != second:
            return None  # 03/12 is March in one country and December in the next
        return datetime(int(match["year"]), second, first, tzinfo=UTC)
    return parsedate_to_datetime(value) if "," in value or value[:1].isdigit() else None


def _french_moment(match: re.Match[str], month: int) -> datetime:
    zone = (match["zone"] or "").replace(":", "")
    if zone[:1] in {"+", "-"}:
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
        named = timezone(offset if zone.startswith("+") else -offset)
    else:
        named = UTC
    hour, minute = int(match["hour"] or 0), int(match["minute"] or 0)
    return datetime(int(match["year"]), month, int(match["day"]), hour, minute, tzinfo=named)
