"""RSS and Atom to entries: feedparser reads them, once they are well-formed and bounded.

feedparser is given bytes, never an address, so it fetches nothing. Its own cleaning of HTML and
its parser for broken XML are not used: the one because no HTML is kept (only the text of it),
the other because its time is not bounded by the size of what it reads.
"""

from __future__ import annotations

import html
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from knowledge.errors import NotAFeedError
from knowledge.feeds.entries import EntryFields, make_entry, unique
from knowledge.feeds.html_text import plain_line
from knowledge.feeds.types import FeedContent
from knowledge.feeds.xml_bounds import local_name
from knowledge.feeds.xml_repair import recover, serialised

_ROOTS = frozenset(("rss", "feed", "rdf", "channel"))
_MOST_MINUTES = 60 * 24 * 365


def read_xml_feed(
    text: str, *, subject: str, base: str | None, max_entries: int, now: datetime
) -> FeedContent:
    """Return what RSS (0.9x to 2.0) or Atom says.

    Raises:
        NotAFeedError: it is another document, or too broken to hold a feed.
    """
    root, truncated = recover(text, max_entries=max_entries)
    if root is None or local_name(root.tag) not in _ROOTS:
        raise _no_feed(subject, root is not None and local_name(root.tag) == "html")
    parsed = _parsed(serialised(root), base, subject)
    feed = parsed["feed"]
    typed = str(parsed.get("version", "")).startswith("atom")
    fields = _fields(parsed["entries"], typed=typed)
    entries = (make_entry(one, base=base, now=now) for one in fields)
    return FeedContent(
        title=plain_line(_value(feed, "title")),
        entries=unique(entry for entry in entries if entry is not None),
        language=_value(feed, "language"),
        ttl_seconds=_seconds(_value(feed, "ttl")),
        truncated=truncated,
    )


def _parsed(data: bytes, base: str | None, subject: str) -> Mapping[str, Any]:
    import feedparser

    try:
        found: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(data),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": base or "",
            },
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # the library lets what its handlers raise escape
        raise NotAFeedError(
            "Ce flux est trop abîmé pour être lu. Réessayez plus tard, ou prévenez le site.",
            subject=subject,
        ) from error
    return found


def _fields(entries: list[dict[str, Any]], *, typed: bool) -> Iterator[EntryFields]:
    """Yield the fields of entries; `typed` formats say which texts are plain, others are HTML."""
    for entry in entries:
        moments = (_value(entry, name) for name in ("published", "created", "updated"))
        yield EntryFields(
            identifier=_value(entry, "id"),
            link=_value(entry, "feedburner_origlink") or _value(entry, "link"),
            title=_markup(dict.get(entry, "title_detail"), typed=typed),
            summary=_markup(dict.get(entry, "summary_detail"), typed=typed),
            content=_longest(dict.get(entry, "content"), typed=typed),
            author=_value(entry, "author"),
            moments=tuple(moment for moment in moments if moment),
            updated=_value(entry, "updated"),
        )


def _value(values: dict[str, Any], name: str) -> str | None:
    """Return a value as it is stored: feedparser's own look-up falls back to other names."""
    value = dict.get(values, name)
    return value if isinstance(value, str) and value.strip() else None


def _markup(detail: Any, *, typed: bool) -> str | None:
    """Return a text of feedparser as HTML: what a typed format calls plain text is escaped.

    RSS does not say, and feedparser's guess takes HTML for text where it has a rare element.
    """
    if not isinstance(detail, dict):
        return None
    value = dict.get(detail, "value")
    if not isinstance(value, str) or not value.strip():
        return None
    if typed and dict.get(detail, "type") == "text/plain":
        return html.escape(value, quote=False).replace("\n\n", "<p>")
    return value


def _longest(contents: Any, *, typed: bool) -> str | None:
    if not isinstance(contents, list):
        return None
    texts = (_markup(one, typed=typed) for one in contents)
    return max((text for text in texts if text), key=len, default=None)


def _seconds(minutes: str | None) -> int | None:
    minutes = (minutes or "").strip()
    if not (minutes.isascii() and minutes.isdecimal() and len(minutes) < 10):
        return None
    return min(int(minutes), _MOST_MINUTES) * 60


def _no_feed(subject: str, is_page: bool) -> NotAFeedError:
    found = "une page web" if is_page else "un autre document"
    return NotAFeedError(
        f"Cette adresse donne {found}, pas un flux. Donnez l’adresse du flux, souvent /rss ou "
        "/feed.",
        subject=subject,
    )
