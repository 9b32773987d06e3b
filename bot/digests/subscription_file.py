"""Subscriptions as a JSON file, so that a bot can move house. Pure.

The chats come along, since a channel is chosen among those that the bot knows; what was sent
already is kept by the watermarks, so nothing is sent again from the new house.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.conversations import Place
from bot.digests.preferences_json import preferences_json, read_preferences
from bot.digests.subscriptions import Preferences, Subscription
from knowledge.errors import SubscriptionError

FORMAT, VERSION = "sourcier-subscriptions", 1
MOST_BYTES = 50_000_000
_MOST = 100_000
_LARGEST_ID = 2**62
_KINDS = frozenset({"private", "group", "supergroup", "channel"})


@dataclass(frozen=True, slots=True)
class MovedSubscription:
    """One subscription as the file tells it."""

    place: Place
    preferences: Preferences
    created_at: datetime
    watermark: datetime
    created_by: int | None = None


@dataclass(frozen=True, slots=True)
class MovedChat:
    """One chat as the file tells it."""

    id: int
    kind: str
    title: str
    added_by: int | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What moves."""

    subscriptions: tuple[MovedSubscription, ...]
    chats: tuple[MovedChat, ...] = ()


def write_house(subscriptions: Iterable[Subscription], chats: Iterable[MovedChat]) -> str:
    """Return the file's text."""
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "subscriptions": [
                {
                    "chat": each.place.chat_id,
                    "topic": each.place.thread_id,
                    "created_by": each.created_by,
                    "created_at": each.created_at.isoformat(),
                    "watermark": each.watermark.isoformat(),
                    "preferences": preferences_json(each.preferences),
                }
                for each in subscriptions
            ],
            "chats": [
                {"id": chat.id, "kind": chat.kind, "title": chat.title, "added_by": chat.added_by}
                for chat in chats
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def read_house(text: str) -> House:
    """Return what :func:`write_house` wrote.

    Raises:
        SubscriptionError: it is no such file, a newer Sourcier wrote it, or an entry is damaged;
            the message says which.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SubscriptionError(
            "Ce fichier n’est pas du JSON : donnez celui qu’a écrit « sourcier subscriptions "
            "export »."
        ) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise SubscriptionError(
            "Ce fichier ne contient pas d’abonnements : donnez celui qu’a écrit « sourcier "
            "subscriptions export »."
        )
    if value.get("version") != VERSION:
        raise SubscriptionError(
            "Ce fichier vient d’un Sourcier plus récent : mettez celui-ci à jour."
        )
    subscriptions = _entries(value, "subscriptions", _subscription)
    return House(subscriptions, _entries(value, "chats", _chat))


def _entries(value: Mapping[str, Any], name: str, read: Any) -> tuple[Any, ...]:
    entries = value.get(name, [])
    if not isinstance(entries, list) or len(entries) > _MOST:
        raise SubscriptionError(f"Ce fichier est abîmé : « {name} » n’est pas une liste lisible.")
    found = []
    for number, entry in enumerate(entries, 1):
        try:
            found.append(read(entry))
        except SubscriptionError as error:
            raise SubscriptionError(f"{name}, entrée {number} : {error.message}") from error
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise SubscriptionError(
                f"{name}, entrée {number} : illisible. Rien n’est importé ; reprenez le fichier "
                "d’origine."
            ) from error
    return tuple(found)


def _subscription(entry: Mapping[str, Any]) -> MovedSubscription:
    topic = entry.get("topic")
    return MovedSubscription(
        Place(_id(entry["chat"]), None if topic is None else _id(topic)),
        read_preferences(entry["preferences"]),
        _moment(entry["created_at"]),
        _moment(entry["watermark"]),
        _optional_id(entry.get("created_by")),
    )


def _chat(entry: Mapping[str, Any]) -> MovedChat:
    kind, title = entry["kind"], entry["title"]
    if kind not in _KINDS or not isinstance(title, str):
        raise ValueError("unknown kind of chat")
    return MovedChat(_id(entry["id"]), kind, title[:255], _optional_id(entry.get("added_by")))


def _optional_id(value: object) -> int | None:
    return None if value is None else _id(value)


def _id(value: object) -> int:
    if type(value) is not int or not 0 < abs(value) < _LARGEST_ID:
        raise ValueError("not an id")
    return value


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment has a time zone")
    return moment.astimezone(UTC)
