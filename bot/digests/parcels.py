"""What the outbox holds: one message, where it goes, what it quotes. Pure.

A parcel keeps its message as JSON of our own, so that what was written before an upgrade is
delivered after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.conversations import Place
from bot.digests.subscriptions import DueDigest, digest_key
from bot.views.messages import Button, Entity, EntityType, Message
from knowledge.types import ArticleId, Citation

Span = tuple[ArticleId, int, int, int]
"""A quotation: article, version, and the half-open span of its text."""


@dataclass(frozen=True, slots=True)
class DigestPart:
    """One message of a digest, and every quotation in it in order."""

    message: Message
    quotes: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to deliver; `key` makes putting it into the outbox twice harmless.

    `window_end` belongs to a digest's parts: it becomes the subscription's watermark when the
    last of them is delivered. `mode` and `quotes` go to the ledger of what was shown.
    """

    key: str
    place: Place
    message: Message
    quotes: tuple[Span, ...] = ()
    mode: str = "extract"
    silent: bool = False
    reply_to: int | None = None
    subscription_id: int | None = None
    window_end: datetime | None = None
    part: int = 1
    parts: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.part <= self.parts:
            raise ValueError(f"no part {self.part} of {self.parts}")
        if self.window_end is not None and self.subscription_id is None:
            raise ValueError("a window is a subscription's")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A parcel taken out to be sent now, its number in the outbox and how often it was tried."""

    id: int
    attempts: int
    parcel: Parcel


def digest_parcels(due: DueDigest, parts: Sequence[DigestPart], *, mode: str) -> tuple[Parcel, ...]:
    """Return the parcels of a due digest, in order."""
    subscription = due.subscription
    return tuple(
        Parcel(
            digest_key(subscription.id, due.window_end, number),
            subscription.place,
            part.message,
            part.quotes,
            mode=mode,
            silent=subscription.preferences.silent,
            subscription_id=subscription.id,
            window_end=due.window_end,
            part=number,
            parts=len(parts),
        )
        for number, part in enumerate(parts, 1)
    )


def span_of(citation: Citation) -> Span:
    """Return where a quotation stands in the store."""
    article, span = citation.article, citation.span
    return article.id, article.version, span.start, span.end


def message_json(message: Message) -> dict[str, Any]:
    """Return what :func:`read_message` reads back, equal."""
    entities = [
        [entity.type.value, entity.offset, entity.length, *([entity.url] if entity.url else [])]
        for entity in message.entities
    ]
    found: dict[str, Any] = {"text": message.text, "entities": entities}
    if message.keyboard:
        found["keyboard"] = [
            [[button.text, button.data, button.url] for button in row] for row in message.keyboard
        ]
    return found


def read_message(value: Mapping[str, Any]) -> Message:
    """Return the message of :func:`message_json`."""
    entities = (
        Entity(EntityType(kind), offset, length, *url)
        for kind, offset, length, *url in value["entities"]
    )
    keyboard = (
        tuple(Button(text, data, url) for text, data, url in row)
        for row in value.get("keyboard", ())
    )
    return Message(value["text"], tuple(entities), tuple(keyboard))
