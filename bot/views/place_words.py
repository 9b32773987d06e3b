"""Places as they are told: here, a topic, a chat by its title. Pure."""

from __future__ import annotations

from bot.conversations import Place
from bot.texts import subscriptions as texts
from bot.views.messages import inline


def where_to(kind: str, title: str, place: Place, *, seen_from: Place) -> str:
    """Return a place of a chat in words, as told in that place or elsewhere."""
    if place.chat_id != seen_from.chat_id:
        return texts.WHERE_CHAT.format(title=inline(title, limit=80) or "…")
    if place.thread_id is not None:
        return texts.WHERE_TOPIC if place == seen_from else texts.WHERE_OTHER_TOPIC
    return {"private": texts.WHERE_PRIVATE, "channel": texts.WHERE_CHANNEL}.get(
        kind, texts.WHERE_GROUP
    )
