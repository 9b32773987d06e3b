"""Hours, days, zones and moments as they are written for a French reader. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.digests.due_times import EVERY_DAY
from bot.views import moments
from bot.views.wording import NO_BREAK_SPACE, of_someone

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
# Cities whose French name is not the one in the IANA database; they are not offered, only read.
OTHER_CITIES = {
    "Londres": "Europe/London",
    "Lisbonne": "Europe/Lisbon",
    "Athènes": "Europe/Athens",
    "Beyrouth": "Asia/Beirut",
    "Bucarest": "Europe/Bucharest",
    "Copenhague": "Europe/Copenhagen",
    "Moscou": "Europe/Moscow",
    "Varsovie": "Europe/Warsaw",
    "Vienne": "Europe/Vienna",
}
_NAMES_OF_ZONES = {name: city for city, name in (ZONES | OTHER_CITIES).items()}


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


def written_weekday(moment: datetime) -> str:
    """Return the day of `moment` in its own zone: ``lundi 4 mai``."""
    return f"{DAY_NAMES[moment.weekday()]} {moments.day(moment)}"


def written_moment(moment: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """Return the local day and hour: ``demain, lundi 23 novembre, à 8 h (heure de Paris)``."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    day = written_weekday(local)
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
        return f"heure {of_someone(zone.key.rpartition('/')[2].replace('_', ' '))}"
    if zone.key == "UTC":
        return "temps universel"
    return "heure des Antilles" if name == "Antilles" else f"heure {of_someone(name)}"


def enumeration(names: list[str]) -> str:
    """Return ``a``, ``a et b``, ``a, b et c``."""
    return " et ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
