"""From an entry to an article: its whole text from the feed or from its page, else its summary."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from knowledge.errors import FetchError, SourceError
from knowledge.feeds.html_text import html_text
from knowledge.feeds.plan import Obtained, Source, Work
from knowledge.feeds.ports import Fetch
from knowledge.feeds.types import Feed, FeedEntry
from knowledge.sources.addresses import canonical_url
from knowledge.sources.responses import Fetched
from knowledge.text.clean import clean_text
from knowledge.types import ArticleDraft, RawDocument

Read = Callable[[RawDocument], ArticleDraft]

WHOLE_TEXT = 1500  # characters of a feed's content from which it is taken for the article
_LEAST_SUMMARY = 40  # letters; less says nothing
_LONGEST_TITLE = 100
_GONE = frozenset((404, 410))
_NOT_ASKED = "L’article lui-même n’a pas été demandé à son site."
_WALL = "Ce site ne montre qu’une partie de l’article, réservé sans doute à ses abonnés."
_FRONT = "Cette page renvoie à l’accueil de son site."
_TAIL = 800  # characters at the end of a summary, where the site adds words of its own
_MORE = re.compile(
    r"(?<!\s)\s*+(?:"
    r"\[(?:…|\.\.\.)\]|\((?:…|\.\.\.)\)"
    r"|\b(?:Lire|Continuer)\s(?:la\s(?:suite|lecture)|l['’]article|plus)\b[^\n]{0,200}"
    r"|\bRead\smore\b[^\n]{0,100}"
    r"|(?:L['’]article|Cet\sarticle|The\spost)\s[^\n]{1,300}?"
    r"\s(?:est\sapparu\sen\spremier|appeared\sfirst)\s(?:sur|on)\s[^\n]{1,200}"
    r")\s*\Z",
    re.IGNORECASE,
)


def obtain(
    work: Work, feed: Feed, *, fetch: Fetch | None, read: Read, whole_text: int = WHOLE_TEXT
) -> Obtained:
    """Return what can be had of an entry; never raises SourceError.

    The feed's own content is the article where it has `whole_text` characters and does not break
    off; else the page is fetched; else the summary is kept, and says that it is one. Without
    `fetch`, the page is not asked for.
    """
    entry = work.entry
    draft = _whole(entry, feed, read, whole_text)
    if draft is not None:
        return Obtained(Source.FEED, draft)
    if entry.link is None or fetch is None:
        return _summary(entry, feed, Obtained(Source.NOTHING, error=_NOT_ASKED))
    try:
        fetched = fetch(entry.link, work.validators)
    except SourceError as error:
        gone = isinstance(error, FetchError) and error.status in _GONE
        missed = Obtained(Source.NOTHING, error=error.message, asked=True, over=gone)
        return _summary(entry, feed, missed)
    return _of_page(entry, feed, fetched, read)


def _of_page(entry: FeedEntry, feed: Feed, fetched: Fetched, read: Read) -> Obtained:
    if fetched.document is None:
        return Obtained(Source.PAGE, asked=True, unmodified=True)
    missed = Obtained(Source.NOTHING, asked=True)  # without validators: read again the next time
    if _is_front_page(fetched.document.origin, entry.link):
        return _summary(entry, feed, replace(missed, error=_FRONT))
    try:
        draft = read(fetched.document)
    except SourceError as error:
        return _summary(entry, feed, replace(missed, error=error.message))
    if len(draft.text) < len(_summary_text(entry)):
        return _summary(entry, feed, replace(missed, error=_WALL))
    dressed = _dressed(draft, entry, feed)
    return Obtained(Source.PAGE, dressed, asked=True, validators=fetched.validators)


def _whole(entry: FeedEntry, feed: Feed, read: Read, whole_text: int) -> ArticleDraft | None:
    text = html_text(entry.content) if entry.content else ""
    if len(text) < whole_text or _MORE.search(text[-_TAIL:]):
        return None
    title = html.escape(entry.title or "", quote=False)
    page = (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"{entry.content}</article></body></html>"
    )
    document = RawDocument(
        page.encode("utf-8", "replace"),
        entry.link or f"feed:{feed.id}/{entry.key}",
        media_type="text/html",
        charset="utf-8",
    )
    try:
        draft = read(document)
    except SourceError:
        return None
    kept = len(draft.text) >= whole_text / 2  # the rest may have been no prose
    return _dressed(draft, entry, feed) if kept else None


def _summary(entry: FeedEntry, feed: Feed, missed: Obtained) -> Obtained:
    """Return the entry's summary as an article that says so, or `missed` where it says nothing."""
    text = _summary_text(entry)
    if sum(map(str.isalpha, text)) < _LEAST_SUMMARY:
        return missed
    first = text.split("\n", 1)[0]
    draft = ArticleDraft(
        origin=entry.link or f"feed:{feed.id}/{entry.key}",
        title=entry.title or _shortened(first),
        text=text,
        summary_only=True,
    )
    return replace(missed, source=Source.SUMMARY, draft=_dressed(draft, entry, feed))


def _summary_text(entry: FeedEntry) -> str:
    texts = (html_text(markup) for markup in (entry.summary, entry.content) if markup)
    longest = max(texts, key=len, default="")
    head, tail = longest[:-_TAIL], longest[-_TAIL:]
    return clean_text((head + _MORE.sub("", _MORE.sub("", tail))).strip()).text


def _dressed(draft: ArticleDraft, entry: FeedEntry, feed: Feed) -> ArticleDraft:
    """Return `draft` under the address that the feed gives, named and dated as the feed says."""
    return replace(
        draft,
        origin=entry.link or draft.origin,
        url=entry.link,
        title=entry.title or draft.title,
        outlet=feed.outlet or feed.title or draft.outlet,
        author=draft.author or entry.author,
        published=entry.published or draft.published,
    )


def _is_front_page(address: str, link: str | None) -> bool:
    """Tell whether a link to an article led to a site's front page, as withdrawn ones do."""
    asked = urlsplit(canonical_url(link)) if link else None
    found = urlsplit(address)
    front = found.path in ("", "/") and not found.query
    return front and asked is not None and (asked.path not in ("", "/") or bool(asked.query))


def _shortened(line: str) -> str:
    if len(line) <= _LONGEST_TITLE:
        return line
    return line[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
