"""What an administrator gives the bot to add: a link, a text or a file. Pure.

A text has its title on its first line. What another message says (one that was replied to, often
forwarded) may have none: the reader of documents then finds one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from knowledge.articles import RawDocument, text_hash

if TYPE_CHECKING:
    from telegram import Message

TELEGRAM_FILE_BYTES = 20 * 1024 * 1024  # what the Bot API lets a bot download
LONGEST_TITLE = 250
_LINK = re.compile(r"https?://\S{3,2000}", re.IGNORECASE)
# An address as people copy it, without its scheme: a host with a dot, and a path.
_BARE_LINK = re.compile(r"(?:[^\W_][\w-]{0,62}\.)+[^\W\d_]{2,24}(?::\d{1,5})?/\S{1,2000}")


@dataclass(frozen=True, slots=True)
class Link:
    """A web address to read."""

    address: str


@dataclass(frozen=True, slots=True)
class PastedText:
    """A text, and what is known of where it comes from; `title` None: to be found in it."""

    text: str
    title: str | None = None
    outlet: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file to download; `size` in bytes, None where Telegram does not say."""

    file_id: str
    name: str | None
    media_type: str | None
    size: int | None


Offered = Link | PastedText | SentFile


def is_link(text: str) -> bool:
    """Whether `text` is a web address and nothing else."""
    return _LINK.fullmatch(text.strip()) is not None


def offered_by(message: Message) -> Offered | None:
    """Return what `message` itself holds to add: a file, a lone link or a text; None: nothing."""
    document = message.document
    if document is not None:
        return SentFile(
            document.file_id, document.file_name, document.mime_type, document.file_size
        )
    text = (message.text or message.caption or "").strip()
    if not text:
        return None
    if is_link(text):
        return Link(text)
    title, body = titled(text)
    outlet, published = _origin(message)
    return PastedText(body or text, title if body else None, outlet, published)


def asked_for(text: str) -> Offered | None:
    """Return what follows the command; None where a text has no title line, or nothing is there.

    A lone «exemple.fr/article» is taken for https: it can be nothing else here.
    """
    text = text.strip()
    if is_link(text):
        return Link(text)
    if _BARE_LINK.fullmatch(text):
        return Link(f"https://{text}")
    title, body = titled(text)
    return PastedText(body, title) if title and body else None


def titled(text: str) -> tuple[str | None, str]:
    """Return the first line as a title and what follows it; no title where that is too long."""
    first, _, rest = text.strip().partition("\n")
    title = " ".join(first.split())
    if not title or len(title) > LONGEST_TITLE:
        return None, text.strip()
    return title, rest.strip()


def text_document(pasted: PastedText) -> RawDocument:
    """Return the document of a text; its origin is its content, so that twice is once."""
    return RawDocument(
        pasted.text.encode("utf-8", "replace"),
        f"texte:{text_hash(pasted.text)}",
        media_type="text/plain",
        charset="utf-8",
    )


def file_document(sent: SentFile, data: bytes) -> RawDocument:
    """Return the document of a file: named after its content, since names come again."""
    origin = f"fichier:{text_hash(data.decode('latin-1'))}"
    return RawDocument(data, origin, media_type=sent.media_type, filename=sent.name)


def _origin(message: Message) -> tuple[str | None, datetime | None]:
    """Return the channel that a forwarded message was published in, and when."""
    origin = message.forward_origin
    chat = getattr(origin, "chat", None)
    if origin is None or chat is None or not chat.title:
        return None, None
    return chat.title, origin.date.astimezone(UTC)
