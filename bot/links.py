"""The web addresses that a message holds: in its text, behind its words, in its caption. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telegram import Message

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_MOST = 20


def links_of(message: Message) -> tuple[str, ...]:
    """Return the addresses in `message`, in order, each once; at most twenty.

    An address without scheme («exemple.fr/article») is taken for https; a mere name of a site
    («exemple.fr»), which Telegram marks too, is no address.
    """
    found = [
        (entity.offset, entity.url if entity.type == "text_link" else covered)
        for entities in (
            message.parse_entities(["url", "text_link"]) if message.text else {},
            message.parse_caption_entities(["url", "text_link"]) if message.caption else {},
        )
        for entity, covered in entities.items()
    ]
    links = (_whole(link) for _, link in sorted(found, key=lambda pair: pair[0]) if link)
    return tuple(dict.fromkeys(filter(None, links)))[:_MOST]


def _whole(link: str) -> str | None:
    if _SCHEME.match(link):
        return link
    if "://" in link or "/" not in link:
        return None
    return f"https://{link}"
