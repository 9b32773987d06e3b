"""Preferences as JSON, for the database and for moving house. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.digests.subscriptions import Preferences
from knowledge.digest.types import DigestStyle, Subjects
from knowledge.errors import SubscriptionError

VERSION = 1

_KINDS = ("words", "avoid", "outlets", "feeds")
_SWITCHES = ("silent", "say_when_empty", "corrections")
_FIELDS = {
    "version",
    "hours",
    "days",
    "zone",
    "subjects",
    "most_items",
    "style",
    *_SWITCHES,
}
_LONGEST_LIST = 100


def preferences_json(preferences: Preferences) -> dict[str, Any]:
    """Return what :func:`read_preferences` reads back, equal."""
    return {
        "version": VERSION,
        "hours": sorted(f"{hour:%H:%M}" for hour in preferences.hours),
        "days": sorted(preferences.days),
        "zone": preferences.zone.key,
        "subjects": {kind: list(getattr(preferences.subjects, kind)) for kind in _KINDS},
        "most_items": preferences.most_items,
        "style": preferences.style.value,
        **{switch: getattr(preferences, switch) for switch in _SWITCHES},
    }


def read_preferences(value: object) -> Preferences:
    """Return the preferences of a JSON value; what is absent takes its default.

    Raises:
        SubscriptionError: it is not such a value, or a newer Sourcier wrote it.
    """
    if not isinstance(value, Mapping) or not set(value) <= _FIELDS:
        raise _unreadable("réglages inconnus")
    if value.get("version", VERSION) != VERSION:
        raise SubscriptionError(
            "Ces réglages d’abonnement viennent d’un Sourcier plus récent : mettez celui-ci à jour."
        )
    try:
        return Preferences(**_fields(value))
    except (ValueError, TypeError, KeyError, ZoneInfoNotFoundError, OSError) as error:
        raise _unreadable(type(error).__name__) from error


def _fields(value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "hours" in value:
        found["hours"] = frozenset(map(time.fromisoformat, _list(value["hours"], str)))
    if "days" in value:
        found["days"] = frozenset(_list(value["days"], int))
    if "zone" in value:
        found["zone"] = ZoneInfo(_of_kind(value["zone"], str))
    if "subjects" in value:
        given = _of_kind(value["subjects"], dict)
        if not set(given) <= set(_KINDS):
            raise ValueError("unknown kind of subject")
        found["subjects"] = Subjects(**{kind: tuple(_list(given[kind], str)) for kind in given})
    if "most_items" in value:
        found["most_items"] = _of_kind(value["most_items"], int)
    if "style" in value:
        found["style"] = DigestStyle(value["style"])
    for switch in _SWITCHES:
        if switch in value:
            found[switch] = _of_kind(value[switch], bool)
    return found


def _list(value: object, kind: type) -> list[Any]:
    found: list[Any] = _of_kind(value, list)
    if len(found) > _LONGEST_LIST:
        raise ValueError("too long a list")
    return [_of_kind(item, kind) for item in found]


def _of_kind(value: Any, kind: type) -> Any:
    if type(value) is not kind:  # True is no number here
        raise TypeError(f"expected {kind.__name__}")
    return value


def _unreadable(why: str) -> SubscriptionError:
    return SubscriptionError(
        f"Ces réglages d’abonnement sont illisibles ({why}) : reprenez le fichier d’origine."
    )
