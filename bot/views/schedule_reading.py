"""Hours, days and zones as a French reader types them. Pure.

They are read kindly («7h30», «8 heures et demie», «midi»; «lun-ven», «tous les lundis»; «Tokyo»)
and what cannot be is refused with a sentence that shows what to type.
"""

from __future__ import annotations

import re
from datetime import time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.digests.due_times import EVERY_DAY
from bot.texts import subscriptions as texts
from bot.views.schedule_words import DAY_NAMES, OTHER_CITIES, WEEK_END, WORKING_DAYS, ZONES
from knowledge.text.characters import without_accents

_HOUR = re.compile(
    r"(?<![\w:])(?P<at>(?:à partir de|à|vers(?: les)?|dès) )?"
    r"(?:(?P<name>midi|minuit)(?= ?(?:$|[,;\n]|(?:et|à|midi|minuit)\b|\d))"
    r"|(?P<hour>\d{1,2}) ?(?:heures?|h|:(?=\d\d))"
    r"(?: ?(?P<minute>\d\d)(?!\d|:| ?(?:h|heures?|articles?|nouvelles)\b| ?h\d))?)"
    r"(?: et (?P<more>demie?|quart)\b)?"
    r"(?: (?P<half>du matin|du soir|de l['’]après[- ]midi)\b)?"
    r"(?![\w:])",
    re.IGNORECASE,
)
# A number of hours that names something, unless «à» or «vers» says that it is a time: «le 20 h»,
# «le journal de 20 heures», «24 heures du Mans» (not «8 h du lundi au vendredi»), «24 h/24».
_DAY = "(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semaine|week-?end)s?\\b"
_SHORT_DAY = r"(?:lun|mar|mer|jeu|ven|sam|dim)\.? ?(?:[-–]|(?:au?|à)\b)"
_NAMED_BEFORE = re.compile(
    r"(?:\b(?:les?|du|des|ces|dernières|prochaines|premières)|\w de) \Z", re.IGNORECASE
)
_NAMED_AFTER = re.compile(
    rf" (?:d['’]|(?:de|du|des) (?!{_DAY}|{_SHORT_DAY}|mat\b))\w|(?: sur |/)24\b(?! ?h)",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 20  # characters of what is looked at
_MORE = {"demi": 30, "demie": 30, "quart": 15}
_NAMED = {"midi": time(12), "minuit": time(0)}
_LARGEST_MISTAKE = 29  # «35 heures» is a subject, «25h» a mistake
_APART = re.compile(r"[\s,;/]+")
_BETWEEN = frozenset({"", "et", "à", "puis"})

_RANGE = re.compile(r"\s*(?:-|–|\bau?\b|\bà\b)\s*")
_BEFORE_DAY = re.compile(r"(?:tous les|chaque|les|le) ")
_DAY_WORDS = {
    "tous les jours": EVERY_DAY,
    "chaque jour": EVERY_DAY,
    "quotidien": EVERY_DAY,
    "tous les matins": EVERY_DAY,
    "chaque matin": EVERY_DAY,
    "tous les soirs": EVERY_DAY,
    "chaque soir": EVERY_DAY,
    "semaine": WORKING_DAYS,
    "en semaine": WORKING_DAYS,
    "jours ouvres": WORKING_DAYS,
    "week-end": WEEK_END,
    "weekend": WEEK_END,
    "week-ends": WEEK_END,
    "weekends": WEEK_END,
}

_BESIDE = {  # names of places that share the zone of another one
    "lausanne": "Europe/Zurich",
    "quebec": "America/Montreal",
    "ottawa": "America/Toronto",
    "reunion": "Indian/Reunion",
    "nouvelle-caledonie": "Pacific/Noumea",
    "guyane": "America/Cayenne",
}
_BEFORE_ZONE = re.compile(r"(?:(?:à )?l['’])?heure (?:de |d['’]|des |du )(?=\S)", re.IGNORECASE)
_ZONE_NAME = re.compile(r"[A-Za-z_+-]+(?:/[A-Za-z0-9_+-]+){1,2}")
_LONGEST_CITY = 60


class BadPreferenceError(ValueError):
    """What was typed or pressed cannot be; the message is French and says what to do."""


def read_hour(text: str) -> time | None:
    """Return the hour that `text` is, or None if it is none."""
    found = _HOUR.fullmatch(_on_one_line(text))
    return None if found is None else _time(found)


def take_hours(text: str) -> tuple[frozenset[time], str]:
    """Return the hours that stand in `text`, and the text with a comma in the place of each.

    Raises:
        BadPreferenceError: one cannot be, as 25h or 8h75; a number of hours from 30 on is taken
            for words, as «les 35 heures». «24 heures du Mans» is none either.
    """
    hours: set[time] = set()

    def take(found: re.Match[str]) -> str:
        if _is_named(found):
            return found[0]
        hour = _time(found)
        if hour is not None:
            hours.add(hour)
            return ","
        if found["minute"] is None and int(found["hour"]) > _LARGEST_MISTAKE:
            return found[0]
        raise BadPreferenceError(texts.BAD_HOURS)

    # Runs of spaces would cost their square where hours are looked for.
    lines = (_on_one_line(line) for line in text.split("\n") if line.strip())
    rest = _HOUR.sub(take, "\n".join(lines))
    return frozenset(hours), rest


def read_hours(text: str) -> frozenset[time]:
    """Return the hours that `text` lists; whole ones may be bare numbers.

    Raises:
        BadPreferenceError: something in it is no hour, or there is none.
    """
    hours, rest = take_hours(text)
    parts = [part for part in _APART.split(rest.lower()) if part not in _BETWEEN]
    bare = [read_hour(f"{part}h") if re.fullmatch(r"\d{1,2}", part) else None for part in parts]
    found = {*hours, *(hour for hour in bare if hour is not None)}
    if None in bare or not found:
        raise BadPreferenceError(texts.BAD_HOURS)
    return frozenset(found)


def read_days(text: str) -> frozenset[int] | None:
    """Return the days that `text` names, or None if it names something else."""
    plain = _on_one_line(_plain(text))  # runs of spaces would cost their square below
    for named in (plain, _BEFORE_DAY.sub("", plain, count=1)):
        if named in _DAY_WORDS:
            return _DAY_WORDS[named]
    days: set[int] = set()
    for part in re.split(r"\s*(?:[,;]|\bet\b)\s*", plain.removeprefix("du ")):
        ends = [_day(end) for end in _RANGE.split(part.strip())]
        if not 1 <= len(ends) <= 2 or None in ends:
            return None
        first, last = ends[0] or 0, ends[-1] or 0
        days |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    return frozenset(days)


def names_a_zone(text: str) -> bool:
    """Tell whether `text` is «heure de …», of a zone or not: so is «heure d’été»."""
    return _BEFORE_ZONE.match(text.strip()) is not None


def read_zone(text: str) -> ZoneInfo:
    """Return the time zone of a city or of an IANA name, whatever its case, or «heure de» one.

    Raises:
        BadPreferenceError: there is none of that name.
    """
    typed = _BEFORE_ZONE.sub("", _on_one_line(text), count=1)
    wanted = _plain(typed[:_LONGEST_CITY])
    for city, name in (ZONES | OTHER_CITIES).items():
        if wanted in (_plain(city), _plain(name)):
            return ZoneInfo(name)
    known = _BESIDE.get(wanted) or _cities().get(wanted)
    if known is not None:
        return ZoneInfo(known)
    for name in (typed.replace(" ", "_"), typed.replace(" ", "_").title()):
        if _ZONE_NAME.fullmatch(name):
            try:
                return ZoneInfo(name)
            except (OSError, ValueError, LookupError):  # unknown, a folder, not a name
                continue
    raise BadPreferenceError(texts.BAD_ZONE)


def _is_named(found: re.Match[str]) -> bool:
    """Tell whether what was found names something, and is not said as an hour."""
    if found["at"] or found["name"]:
        return False
    start, end = found.span()
    before = found.string[max(0, start - _LONGEST_BEFORE) : start]
    return bool(_NAMED_BEFORE.search(before) or _NAMED_AFTER.match(found.string, end))


def _time(found: re.Match[str]) -> time | None:
    """Return the hour that was found, None if there is no such one."""
    if found["name"]:
        named = _NAMED[found["name"].lower()]
        return time(named.hour, _MORE.get((found["more"] or "").lower(), 0))
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["more"]:
        minute += _MORE[found["more"].lower()]
    if found["half"] and found["half"].lower() != "du matin" and hour < 12:
        hour += 12
    if hour == 24 and minute == 0:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


@cache
def _cities() -> dict[str, str]:
    """Return the zones by the plain names of their cities; of two, the first by name."""
    found: dict[str, str] = {}
    for name in sorted(available_timezones()):
        region, _, city = name.rpartition("/")
        if region and region.partition("/")[0] not in ("Etc", "SystemV", "US", "posix", "right"):
            found.setdefault(_plain(city.replace("_", " ")), name)
    return found


def _day(word: str) -> int | None:
    bare = _BEFORE_DAY.sub("", word, count=1).strip().rstrip(".")
    if len(bare) < 3:
        return None
    for number, name in enumerate(DAY_NAMES):
        if name.startswith(bare.removesuffix("s")):
            return number
    return None


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    return without_accents(text.casefold().strip())
