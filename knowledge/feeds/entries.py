"""From the fields of an entry, whatever its format, to the entry: bounded, absolute, unique. Pure.

A key is what the feed calls the entry, so that it is known again when its address or its title
changes; where the feed gives one name to several entries, the address tells them apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from knowledge.errors import FetchError
from knowledge.feeds.html_text import LONGEST_MARKUP, html_text, plain_line
from knowledge.feeds.types import FeedEntry
from knowledge.sources.addresses import canonical_url
from knowledge.sources.dates import read_date

_LONGEST_NAME = 200  # of an author
_LONGEST_STAMP = 80  # of a date as it is written


@dataclass(frozen=True, slots=True)
class EntryFields:
    """What a format gives of an entry; texts are HTML. `moments` are dates, the best first."""

    identifier: str | None = None
    link: str | None = None
    title: str | None = None
    summary: str | None = None
    content: str | None = None
    author: str | None = None
    moments: tuple[str, ...] = ()
    updated: str | None = None


def make_entry(fields: EntryFields, *, base: str | None, now: datetime) -> FeedEntry | None:
    """Return the entry of `fields`, None where nothing in it could become an article."""
    link = absolute_link(fields.link, base)
    title = plain_line(fields.title)
    name = (fields.identifier or "").strip() or link or title
    if name is None or not (link or fields.content or fields.summary):
        return None
    updated = (fields.updated or "")[:_LONGEST_STAMP]
    return FeedEntry(
        key=_digest(name),
        link=link,
        title=title,
        summary=_bounded(fields.summary),
        content=_bounded(fields.content),
        author=plain_line(fields.author, limit=_LONGEST_NAME),
        published=_first_date(fields.moments, now),
        updated=updated or None,
        content_hash=_content_hash(title, fields, updated),
    )


def unique(entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    """Return the entries with each key once; of two that are the same, the first."""
    found: dict[str, FeedEntry] = {}
    for entry in entries:
        known = found.setdefault(entry.key, entry)
        if known is not entry and entry.link != known.link:
            key = _digest(f"{entry.key}\n{entry.link}")
            found.setdefault(key, replace(entry, key=key))
    return tuple(found.values())


def absolute_link(link: str | None, base: str | None) -> str | None:
    """Return the canonical web address of `link`, seen from `base`; None if it is none."""
    if not link or not link.strip():
        return None
    try:
        return canonical_url(urljoin(base or "", link.strip().replace(" ", "%20")))
    except (FetchError, ValueError):
        return None


def _first_date(moments: Iterable[str], now: datetime) -> datetime | None:
    found = (read_date(moment, now=now) for moment in moments if moment)
    return next((moment for moment in found if moment is not None), None)


def _bounded(markup: str | None) -> str | None:
    return markup[:LONGEST_MARKUP] if markup and markup.strip() else None


def _content_hash(title: str | None, fields: EntryFields, updated: str) -> str:
    """Return what changes with the words of an entry, not with its mark-up (trackers do)."""
    texts = (html_text(markup or "") for markup in (fields.summary, fields.content))
    return _digest("\x00".join((title or "", *texts, updated)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
