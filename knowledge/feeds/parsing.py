"""From a fetched document to what a feed says: which format it is, and in which encoding."""

from __future__ import annotations

import re
from datetime import datetime

from knowledge.errors import NotAFeedError, UnreadableDocumentError
from knowledge.feeds.json_feed import read_json_feed
from knowledge.feeds.types import FeedContent
from knowledge.feeds.xml_feed import read_xml_feed
from knowledge.sources.decoding import decode
from knowledge.types import RawDocument

DEFAULT_MAX_ENTRIES = 200
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{2,40})""")
_HEAD = 1024
_PAGE = re.compile(
    r"\s*+(?:<\?xml[^>]{0,300}\?>\s*+)?(?:<!--.{0,500}?-->\s*+)?<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


def read_feed(
    document: RawDocument, *, now: datetime, max_entries: int = DEFAULT_MAX_ENTRIES
) -> FeedContent:
    """Return what the feed in `document` says: its first `max_entries` entries, in its order.

    RSS 0.9x to 2.0, Atom and JSON Feed are read, broken XML too, as far as it goes. Dates more
    than a day after `now` are unknown. Time and memory are linear in the size of the document.

    Raises:
        NotAFeedError: it is empty, a page, another document, or in no encoding that is known.
    """
    declared = _DECLARED.search(document.data[:_HEAD])
    try:
        text = decode(
            document.data,
            declared=(declared[1].decode("ascii") if declared else None, document.charset),
            subject=document.origin,
        )
    except UnreadableDocumentError as error:
        raise NotAFeedError(
            f"Ce flux ne peut pas être lu : {error.message}", subject=document.origin
        ) from error
    if not text.strip():
        raise NotAFeedError(
            "Cette adresse a donné un document vide, pas un flux. Réessayez plus tard.",
            subject=document.origin,
        )
    read = read_json_feed if text.lstrip()[:1] in {"{", "["} else read_xml_feed
    return read(text, subject=document.origin, base=document.url, max_entries=max_entries, now=now)


def is_page(document: RawDocument) -> bool:
    """Tell whether `document` is a web page, which may name its feeds."""
    head = document.data[:_HEAD].decode("latin-1")
    return bool(_PAGE.match(head.removeprefix("ï»¿"))) or "html" in (document.media_type or "")
