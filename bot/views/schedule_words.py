"""Hours, days, zones and moments as a French reader writes and reads them. Pure.

What is typed is read kindly («7h30», «07:30», «8 h» are hours; «lun-ven», «week-end» are days) and
refused with a sentence that shows what to type.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.digests.due_times import EVERY_DAY
from bot.texts import subscriptions as texts
from bot.views.wording import NO_BREAK_SPACE
from knowledge.text.days import MONTH_NAMES

DAY_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
WORKING_DAYS, WEEK_END = frozenset(range(5)), frozenset({5, 6})

# Where French is read; any other name of the IANA database may be typed.
ZONES = {
    "Paris": "Europe/Paris",
    "Bruxelles": "Europe/Brussels",
    "Genève": "Europe/Zurich",
    "Montréal": "America/Montreal",
    "Alger": "Africa/Algiers",
    "Tunis": "Africa/Tunis",
    "Casablanca": "Africa/Casablanca",
    "Dakar": "Africa/Dakar",
    "Abidjan": "Africa/Abidjan",
    "Kinshasa": "Africa/Kinshasa",
    "La Réunion": "Indian/Reunion",
    "Antilles": "America/Martinique",
    "Cayenne": "America/Cayenne",
    "Nouméa": "Pacific/Noumea",
    "Tahiti": "Pacific/Tahiti",
    "Temps universel": "UTC",
}
_NAMES_OF_ZONES = {name: city for city, name in ZONES.items()}

_HOUR = re.compile(r"(?:à\s*)?(\d{1,2})\s*(?:(?:h|:)\s*(\d{2})?|heures?)", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|–|\bau?\b|\bà\b)\s*")
_APART = re.compile(r"[\s,;]+(?:et\s+)?")
_DAY_WORDS = {
    "tous les jours": EVERY_DAY,
    "chaque jour": EVERY_DAY,
    "quotidien": EVERY_DAY,
    "semaine": WORKING_DAYS,
    "en semaine": WORKING_DAYS,
    "jours ouvres": WORKING_DAYS,
    "week-end": WEEK_END,
    "weekend": WEEK_END,
    "le week-end": WEEK_END,
}


class BadPreferenceError(ValueError):
    """What was typed or pressed cannot be; the message is French and says what to do."""


def written_hour(hour: time) -> str:
    """Return ``8 h`` or ``7 h 30``."""
    minutes = f"{NO_BREAK_SPACE}{hour.minute:02}" if hour.minute else ""
    return f"{hour.hour}{NO_BREAK_SPACE}h{minutes}"


def written_hours(hours: Iterable[time]) -> str:
    """Return the hours in order: ``8 h``, ``8 h et 18 h``."""
    return enumeration([written_hour(hour) for hour in sorted(hours)])


def written_days(days: frozenset[int]) -> str:
    """Return the days (0 is Monday): ``tous les jours``, ``du lundi au vendredi``, ``le lundi``."""
    if days == EVERY_DAY:
        return "tous les jours"
    if days == WEEK_END:
        return "le samedi et le dimanche"
    ordered = sorted(days)
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"du {DAY_NAMES[ordered[0]]} au {DAY_NAMES[ordered[-1]]}"
    return enumeration([f"le {DAY_NAMES[day]}" for day in ordered])


def written_moment(moment: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """Return the local day and hour: ``demain, lundi 23 novembre, à 8 h (heure de Paris)``."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    number = "1er" if local.day == 1 else str(local.day)
    day = f"{DAY_NAMES[local.weekday()]} {number} {MONTH_NAMES[local.month - 1]}"
    if local.year != today.year:
        day += f" {local.year}"
    away = (local.date() - today).days
    near = {0: "aujourd’hui", 1: "demain"}.get(away)
    when = f"{near}, {day}," if near else day
    return f"{when} à {written_hour(local.time())} ({written_zone(zone)})"


def written_zone(zone: ZoneInfo) -> str:
    """Return ``heure de Paris``, or the zone's own name where no city is known."""
    name = _NAMES_OF_ZONES.get(zone.key)
    if name is None:
        return f"heure de {zone.key.rpartition('/')[2].replace('_', ' ')}"
    if zone.key == "UTC":
        return "temps universel"
    return {"La Réunion": "heure de La Réunion", "Antilles": "heure des Antilles"}.get(
        name, f"heure d’{name}" if name[0] in "AEIOU" else f"heure de {name}"
    )


def enumeration(names: list[str]) -> str:
    """Return ``a``, ``a et b``, ``a, b et c``."""
    return " et ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def read_hour(text: str) -> time | None:
    """Return the hour that `text` is, or None if it is none."""
    found = _HOUR.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return (
        time(hour % 24, minute)
        if hour <= 24 and minute < 60 and (hour < 24 or not minute)
        else None
    )


def read_hours(text: str) -> frozenset[time]:
    """Return the hours that `text` lists.

    Raises:
        BadPreferenceError: something in it is no hour.
    """
    tight = re.sub(r"(\d)\s+h\b", r"\1h", text.lower())
    tight = re.sub(r"(\dh)\s+(\d{2})(?!\s*[h:\d])", r"\1\2", tight)
    parts = [part for part in _APART.split(tight.strip()) if part not in ("", "et")]
    hours = [read_hour(part) for part in parts]
    if not hours or None in hours:
        raise BadPreferenceError(texts.BAD_HOURS)
    return frozenset(hour for hour in hours if hour is not None)


def read_days(text: str) -> frozenset[int] | None:
    """Return the days that `text` names, or None if it names something else."""
    plain = " ".join(_plain(text).split())  # runs of spaces would cost their square below
    if plain in _DAY_WORDS:
        return _DAY_WORDS[plain]
    days: set[int] = set()
    for part in re.split(r"\s*(?:[,;]|\bet\b)\s*", plain.removeprefix("du ")):
        ends = [_day(end) for end in _RANGE.split(part.strip())]
        if not 1 <= len(ends) <= 2 or None in ends:
            return None
        first, last = ends[0] or 0, ends[-1] or 0
        days |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    return frozenset(days)


def read_zone(text: str) -> ZoneInfo:
    """Return the time zone of a city above, or of an IANA name whatever its case.

    Raises:
        BadPreferenceError: there is none of that name.
    """
    wanted = _plain(text)
    for city, name in ZONES.items():
        if wanted in (_plain(city), _plain(name)):
            return ZoneInfo(name)
    typed = text.strip().replace(" ", "_")
    for name in (typed, typed.title()):
        if re.fullmatch(r"[A-Za-z_+-]+(?:/[A-Za-z0-9_+-]+){1,2}", name):
            try:
                return ZoneInfo(name)
            except (OSError, ValueError, LookupError):  # unknown, a folder, not a name
                continue
    raise BadPreferenceError(texts.BAD_ZONE)


def _day(word: str) -> int | None:
    bare = word.removeprefix("le ").removeprefix("les ").strip().rstrip(".")
    if len(bare) < 3:
        return None
    for number, name in enumerate(DAY_NAMES):
        if name.startswith(bare.removesuffix("s")):
            return number
    return None


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold().strip())
    return "".join(char for char in letters if not unicodedata.combining(char))
