"""What a button or a typed list changes in a subscription's preferences. Pure.

A button's data are ``ab:<subscription>:<verb>[:<value>]``. They come from a client that may send
anything: what cannot be read is None, and what cannot be is refused with a French sentence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum

from bot.digests.subject_list import subject_list
from bot.digests.subscriptions import MOST_HOURS, Preferences
from bot.texts import subscriptions as texts
from bot.views.schedule_reading import (
    BadPreferenceError,
    read_hour,
    read_hours,
    read_zone,
)
from knowledge.digest.types import MOST_ITEMS, DigestStyle, Subjects

PREFIX = "ab"
_DATA = re.compile(rf"{PREFIX}:([1-9]\d{{0,9}}):([a-z]+)(?::(.+))?", re.DOTALL)


class Verb(StrEnum):
    """What a button does: the first ones show a page, the others change something."""

    MAIN = "m"
    HOURS_PAGE = "h"
    DAYS_PAGE = "j"
    ZONES_PAGE = "z"
    ITEMS_PAGE = "n"
    WORDS_PAGE = "u"
    OUTLETS_PAGE = "o"
    FEEDS_PAGE = "f"
    CANCEL_PAGE = "x"
    ASK = "q"  # for a typed value; the value names the field

    HOUR = "ht"
    DAY = "jt"
    ZONE = "zt"
    ITEMS = "nt"
    STYLE = "st"
    SOUND = "so"
    EMPTY = "em"
    CORRECTIONS = "co"
    WORD = "ut"  # takes a word out
    AVOID = "et"
    OUTLET = "ot"
    FEED = "ft"
    CANCEL = "xt"


@dataclass(frozen=True, slots=True)
class Press:
    """A button of a panel that was pressed."""

    subscription_id: int
    verb: Verb
    value: str = ""

    def __str__(self) -> str:
        """Return the button's data."""
        value = f":{self.value}" if self.value else ""
        return f"{PREFIX}:{self.subscription_id}:{self.verb}{value}"


def read_press(data: str) -> Press | None:
    """Return what a button's data say, or None if they are no panel's."""
    found = _DATA.fullmatch(data)
    if found is None or found[2] not in tuple(Verb):
        return None
    return Press(int(found[1]), Verb(found[2]), found[3] or "")


def token(name: str) -> str:
    """Return what stands for a word or a name in a button's data: eight hexadecimal digits."""
    return hashlib.blake2s(name.casefold().encode(), digest_size=4).hexdigest()


def pressed(
    preferences: Preferences,
    press: Press,
    *,
    outlets: Iterable[str] = (),
    feeds: Iterable[str] = (),
) -> Preferences:
    """Return the preferences as a changing button leaves them.

    `outlets` are the names and `feeds` the ids that may be chosen.

    Raises:
        BadPreferenceError: it cannot be, or the panel it was on is out of date.
    """
    change = _CHANGES.get(press.verb)
    if change is not None:
        return change(preferences, press.value)
    subjects = preferences.subjects
    if press.verb in _LISTS:
        kind = _LISTS[press.verb]
        kept = tuple(word for word in getattr(subjects, kind) if token(word) != press.value)
        return replace(preferences, subjects=with_subjects(subjects, {kind: kept}))
    if press.verb is Verb.OUTLET:
        return _toggled(
            preferences, "outlets", {token(name): name for name in outlets}, press.value
        )
    if press.verb is Verb.FEED:
        return _toggled(preferences, "feeds", {feed: feed for feed in feeds}, press.value)
    raise BadPreferenceError(texts.STALE_PANEL)


def typed(preferences: Preferences, field: str, text: str) -> Preferences:
    """Return the preferences with what was typed for `field`: words, avoid, hours or zone.

    Raises:
        BadPreferenceError: it cannot be read, or would be too much.
    """
    if field == "hours":
        return with_hours(preferences, read_hours(text))
    if field == "zone":
        return replace(preferences, zone=read_zone(text))
    if field not in ("words", "avoid"):
        raise BadPreferenceError(texts.STALE_PANEL)
    words = subject_list(text)
    if not words:
        raise BadPreferenceError(texts.NO_WORDS)
    subjects = preferences.subjects
    return replace(
        preferences, subjects=with_subjects(subjects, {field: (*getattr(subjects, field), *words)})
    )


def with_subjects(subjects: Subjects, changes: Mapping[str, tuple[str, ...]]) -> Subjects:
    """Return `subjects` with other lists.

    Raises:
        BadPreferenceError: they are too many or too long, or a word to have is one to avoid,
            which would leave nothing to send, ever.
    """
    try:
        changed = replace(subjects, **changes)
    except ValueError as error:
        raise BadPreferenceError(texts.TOO_MANY_SUBJECTS) from error
    avoided = {word.casefold() for word in changed.avoid}
    for word in changed.words:
        if word.casefold() in avoided:
            raise BadPreferenceError(texts.BOTH_WAYS.format(word=word))
    return changed


def with_hours(preferences: Preferences, hours: frozenset[time]) -> Preferences:
    """Return `preferences` with other hours.

    Raises:
        BadPreferenceError: there are none, or more than twelve.
    """
    if not hours:
        raise BadPreferenceError(texts.LAST_HOUR)
    if len(hours) > MOST_HOURS:
        raise BadPreferenceError(texts.TOO_MANY_HOURS)
    return replace(preferences, hours=hours)


def _hour(preferences: Preferences, value: str) -> Preferences:
    hour = read_hour(f"{value[:2]}h{value[2:]}") if re.fullmatch(r"\d{4}", value) else None
    if hour is None:
        raise BadPreferenceError(texts.STALE_PANEL)
    return with_hours(preferences, preferences.hours ^ {hour})


def _day(preferences: Preferences, value: str) -> Preferences:
    if value not in tuple("0123456"):
        raise BadPreferenceError(texts.STALE_PANEL)
    days = preferences.days ^ {int(value)}
    if not days:
        raise BadPreferenceError(texts.LAST_DAY)
    return replace(preferences, days=days)


def _items(preferences: Preferences, value: str) -> Preferences:
    if not re.fullmatch(r"\d{1,2}", value) or not 1 <= int(value) <= MOST_ITEMS:
        raise BadPreferenceError(texts.STALE_PANEL)
    return replace(preferences, most_items=int(value))


def _style(preferences: Preferences, _value: str) -> Preferences:
    briefs = preferences.style is DigestStyle.BRIEFS
    return replace(preferences, style=DigestStyle.SYNTHESIS if briefs else DigestStyle.BRIEFS)


def _toggled(
    preferences: Preferences, kind: str, known: Mapping[str, str], value: str
) -> Preferences:
    chosen: tuple[str, ...] = getattr(preferences.subjects, kind)
    name = known.get(value) or next((each for each in chosen if value in (each, token(each))), None)
    if name is None:
        raise BadPreferenceError(texts.STALE_PANEL)
    kept = tuple(each for each in chosen if each.casefold() != name.casefold())
    changed = kept if len(kept) < len(chosen) else (*chosen, name)
    return replace(preferences, subjects=with_subjects(preferences.subjects, {kind: changed}))


_LISTS = {Verb.WORD: "words", Verb.AVOID: "avoid"}
_CHANGES: Mapping[Verb, Callable[[Preferences, str], Preferences]] = {
    Verb.HOUR: _hour,
    Verb.DAY: _day,
    Verb.ZONE: lambda preferences, value: replace(preferences, zone=read_zone(value)),
    Verb.ITEMS: _items,
    Verb.STYLE: _style,
    Verb.SOUND: lambda preferences, _: replace(preferences, silent=not preferences.silent),
    Verb.EMPTY: lambda preferences, _: replace(
        preferences, say_when_empty=not preferences.say_when_empty
    ),
    Verb.CORRECTIONS: lambda preferences, _: replace(
        preferences, corrections=not preferences.corrections
    ),
}
