"""The feeds that a web page names: ``<link rel="alternate">`` (RSS autodiscovery)."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.errors import SourceError
from knowledge.feeds.entries import absolute_link
from knowledge.feeds.html_text import plain_line
from knowledge.sources.crowded import has_crowded_tag
from knowledge.sources.decoding import decode
from knowledge.types import RawDocument

_TYPES = frozenset(
    (
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
    )
)
_MOST_LINKS = 20
_LARGEST = 4_000_000  # characters of a page
_ASIDE = ("comment", "commentaire")  # the feed of a page's comments is not what is meant


@dataclass(frozen=True, slots=True)
class NamedFeed:
    """A feed as a page names it: its absolute address, and its title there."""

    url: str
    title: str | None


def feeds_of_page(document: RawDocument) -> tuple[NamedFeed, ...]:
    """Return the feeds that a page names, in its order, those of comments last; at most twenty."""
    from lxml import etree, html

    try:
        text = decode(document.data, declared=(document.charset,), subject=document.origin)
        if has_crowded_tag(text[:_LARGEST]):
            return ()
        parser = html.HTMLParser(huge_tree=False, encoding="utf-8")
        tree = html.document_fromstring(text[:_LARGEST].encode("utf-8", "replace"), parser=parser)
    except (SourceError, etree.LxmlError, ValueError, AssertionError):
        return ()
    base = absolute_link(next(iter(tree.xpath("//base/@href")), None), document.url)
    found: dict[str, NamedFeed] = {}
    for link in tree.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        url = absolute_link(link.get("href"), base or document.url)
        if "alternate" in relations and kind in _TYPES and url is not None:
            found.setdefault(url, NamedFeed(url, plain_line(link.get("title"))))
        if len(found) >= _MOST_LINKS:
            break
    return tuple(sorted(found.values(), key=_is_aside))


def _is_aside(feed: NamedFeed) -> bool:
    words = f"{feed.url} {feed.title or ''}".lower()
    return any(word in words for word in _ASIDE)
