"""What follows ``/abonner``: hours, days, a zone, a number of articles, words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import time
from zoneinfo import ZoneInfo

from bot.digests.subject_list import asked_parts, avoided
from bot.digests.subscription_changes import with_hours, with_subjects
from bot.digests.subscriptions import Preferences
from bot.texts import subscriptions as texts
from bot.views.schedule_reading import (
    BadPreferenceError,
    names_a_zone,
    read_days,
    read_hours,
    read_zone,
    take_hours,
)
from knowledge.digest.types import MOST_ITEMS

_ITEMS = re.compile(
    r"(\d{1,6}) (?:articles?|nouvelles)(?: au (?:plus|maximum)| max(?:imum)?)?", re.IGNORECASE
)
_BARE_HOURS = re.compile(r"\d{1,2}(?: (?:et )?\d{1,2})*")
_LEFT_BETWEEN_HOURS = frozenset({"et", "à", "puis"})
_EVENINGS = frozenset({"chaque soir", "tous les soirs"})
_EVENING = time(18)


def asked_for(text: str, preferences: Preferences) -> Preferences:
    """Return the preferences of ``/abonner 7h30 18h, lun-ven, budget, école, sauf football``.

    Hours are taken wherever they stand; the other parts are apart by commas: days, a time zone
    («heure de Montréal»), a number of articles, words to have, words to avoid. What is not named
    stays as it is in `preferences`.

    Raises:
        BadPreferenceError: an hour or a number of articles cannot be, or a part is too much.
    """
    found = _Asked(preferences.zone, preferences.most_items)
    hours, rest = take_hours(text)
    found.hours |= hours
    for part in asked_parts(rest):
        found.take(part)
    if found.evening and not found.hours:
        found.hours.add(_EVENING)
    if found.hours:
        preferences = with_hours(preferences, frozenset(found.hours))
    if found.days:
        preferences = replace(preferences, days=frozenset(found.days))
    subjects = preferences.subjects
    both = {
        "words": (*subjects.words, *found.words),
        "avoid": (*subjects.avoid, *found.avoid),
    }
    return replace(
        preferences,
        zone=found.zone,
        most_items=found.most_items,
        subjects=with_subjects(subjects, both),
    )


@dataclass(slots=True)
class _Asked:
    """What the parts of ``/abonner`` say, one after the other."""

    zone: ZoneInfo
    most_items: int
    hours: set[time] = field(default_factory=set)
    days: set[int] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    avoid: list[str] = field(default_factory=list)
    evening: bool = False

    def take(self, part: str) -> None:
        if part.lower() in _LEFT_BETWEEN_HOURS:
            return
        days, items = read_days(part), _ITEMS.fullmatch(part)
        if days is not None:
            self.days |= days
            self.evening |= part.lower() in _EVENINGS
        elif items is not None:
            self.most_items = _number_of_items(int(items[1]))
        elif _BARE_HOURS.fullmatch(part):
            self.hours |= read_hours(part)
        elif (left_out := avoided(part)) is not None:
            self.avoid.append(left_out)
        elif (zone := _zone_named(part)) is not None:
            self.zone = zone
        else:
            self.words.append(part)


def _number_of_items(number: int) -> int:
    if not 1 <= number <= MOST_ITEMS:
        raise BadPreferenceError(texts.BAD_ITEMS.format(most=MOST_ITEMS))
    return number


def _zone_named(part: str) -> ZoneInfo | None:
    """Return the zone of «heure de Montréal»; None for other words, as «heure d’été»."""
    if not names_a_zone(part):
        return None
    try:
        return read_zone(part)
    except BadPreferenceError:
        return None
