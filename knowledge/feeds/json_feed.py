"""JSON Feed (https://www.jsonfeed.org/version/1.1/) to entries."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from knowledge.errors import NotAFeedError
from knowledge.feeds.entries import EntryFields, make_entry, unique
from knowledge.feeds.html_text import plain_line
from knowledge.feeds.types import FeedContent

_VERSIONS = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")


def read_json_feed(
    text: str, *, subject: str, base: str | None, max_entries: int, now: datetime
) -> FeedContent:
    """Return what a JSON Feed says.

    Raises:
        NotAFeedError: it is no JSON, or JSON that is no feed.
    """
    feed = _object(text, subject)
    items = feed["items"]
    entries = (
        make_entry(fields, base=_text(feed, "home_page_url") or base, now=now)
        for fields in _fields(islice(items, max_entries))
    )
    return FeedContent(
        title=plain_line(_text(feed, "title")),
        entries=unique(entry for entry in entries if entry is not None),
        language=_text(feed, "language"),
        truncated=len(items) > max_entries,
    )


def _object(text: str, subject: str) -> dict[str, Any]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeedError(
            "Ce flux JSON est incomplet ou abîmé. Réessayez plus tard, ou prévenez le site.",
            subject=subject,
        ) from error
    version = feed.get("version") if isinstance(feed, dict) else None
    known = isinstance(version, str) and version.startswith(_VERSIONS)
    if not known or not isinstance(feed.get("items"), list):
        raise NotAFeedError(
            "Ce document JSON n’est pas un flux (JSON Feed). Donnez l’adresse du flux, souvent "
            "/rss ou /feed.",
            subject=subject,
        )
    found: dict[str, Any] = feed
    return found


def _fields(items: Iterator[Any]) -> Iterator[EntryFields]:
    for item in items:
        if isinstance(item, dict):
            yield _fields_of(item)


def _fields_of(item: dict[str, Any]) -> EntryFields:
    published, modified = _text(item, "date_published"), _text(item, "date_modified")
    identifier = item.get("id")
    plain = _text(item, "content_text")
    return EntryFields(
        identifier=str(identifier) if isinstance(identifier, str | int | float) else None,
        link=_text(item, "url") or _text(item, "external_url"),
        title=_escaped(_text(item, "title")),
        summary=_escaped(_text(item, "summary")),
        content=_text(item, "content_html") or _escaped(plain),
        author=_escaped(_author(item)),
        moments=tuple(moment for moment in (published, modified) if moment),
        updated=modified,
    )


def _author(item: dict[str, Any]) -> str | None:
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    return _text(first, "name") if isinstance(first, dict) else None


def _text(values: dict[str, Any], name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _escaped(plain: str | None) -> str | None:
    """Return plain text as HTML, its paragraphs kept."""
    return plain and html.escape(plain, quote=False).replace("\n\n", "<p>")
