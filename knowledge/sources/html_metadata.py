"""What an HTML page states about its article, and nothing that would have to be guessed.

Read are JSON-LD (schema.org NewsArticle and its kin), Open Graph and article: properties, named
meta elements, and ``<time pubdate>``. A date in the address or in the text is no statement: such
an article's date stays unknown.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from knowledge.sources.dates import read_date
from knowledge.sources.plain import primary_language
from knowledge.text.characters import normalise

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST_JSON = 500_000
_MOST_NODES = 500
_LONGEST_VALUE = 300
_MOST_TYPES = 8  # schema.org types of one object
_LONGEST_TYPE = 80  # characters, their address included
_ARTICLE_ENDINGS = ("Article", "Posting", "Report")
_OTHER_ENDINGS = ("Review", "CreativeWork", "WebPage")
_DATE_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.issued",
    "publication_date",
    "publication-date",
    "publish_date",
    "publish-date",
    "published",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
)
_TIME = ".//time[@datetime and (@pubdate or contains(@itemprop, 'datePublished'))]/@datetime"
_ITEMPROP = ".//*[@itemprop='datePublished']/@content"
_NOT_A_NAME = re.compile(r"https?:|www\.|@|[<>{}|]|\.(?:com|fr|org|net)\b")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page states. `published` is in UTC, `canonical` the page's own address as written.

    `heading` is the first h1, which may word the title otherwise.
    """

    title: str | None
    heading: str | None
    outlet: str | None
    author: str | None
    published: datetime | None
    language: str | None
    canonical: str | None


def read_metadata(tree: HtmlElement, *, now: datetime) -> PageMetadata:
    """Return what the page states; unstated or implausible values are None."""
    metas = _metas(tree)
    first_heading = tree.find(".//h1")
    heading = _line(first_heading.text_content()) if first_heading is not None else None
    linked = _linked_article(tree)
    outlet = _name(metas.get("og:site_name")) or _name(_names(linked.get("publisher")))
    return PageMetadata(
        title=_title(heading, tree, metas, linked, outlet),
        heading=heading,
        outlet=outlet or _name(metas.get("application-name")),
        author=_author(tree, metas, linked),
        published=_published(tree, metas, linked, now=now),
        language=primary_language(tree.get("lang")) or primary_language(metas.get("language")),
        canonical=_first(tree, ".//link[@rel='canonical']/@href") or metas.get("og:url"),
    )


def _metas(tree: HtmlElement) -> dict[str, str]:
    values: dict[str, str] = {}
    for element in islice(tree.iter("meta"), _MOST_NODES):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            values.setdefault(name.strip().lower(), content)
    return values


def _linked_article(tree: HtmlElement) -> Mapping[str, Any]:
    """Return the JSON-LD object of the article: the first that is one, else an empty mapping."""
    best: Mapping[str, Any] = {}
    for node in islice(_linked_nodes(tree), _MOST_NODES):
        names = [
            kind
            for kind in _list(node.get("@type"))[:_MOST_TYPES]
            if isinstance(kind, str) and len(kind) <= _LONGEST_TYPE
        ]
        if any(name.endswith(_ARTICLE_ENDINGS) for name in names):
            return node
        if not any(name.endswith(_OTHER_ENDINGS) for name in names):
            continue
        best = best or node
    return best


def _linked_nodes(tree: HtmlElement) -> Iterator[Mapping[str, Any]]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        text = (script.text or "").strip()
        if not text or len(text) > _LONGEST_JSON:
            continue
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, dict):
                yield node
                graph = node.get("@graph")
                yield from (item for item in _list(graph) if isinstance(item, dict))


def _title(
    heading: str | None,
    tree: HtmlElement,
    metas: Mapping[str, str],
    linked: Mapping[str, Any],
    outlet: str | None,
) -> str | None:
    for candidate in (
        linked.get("headline"),
        metas.get("og:title"),
        metas.get("twitter:title"),
        heading,
        tree.findtext(".//title"),
    ):
        if isinstance(candidate, str) and (title := _line(candidate)):
            return _without_outlet(title, outlet)
    return None


def _without_outlet(title: str, outlet: str | None) -> str:
    """Return `title` without the name of the site that pages hang on («… | Le Journal»)."""
    if outlet:
        shorter = re.sub(rf"\s+[|–—·-]\s+{re.escape(outlet)}\Z", "", title, flags=re.IGNORECASE)
        return shorter or title
    return title


def _author(tree: HtmlElement, metas: Mapping[str, str], linked: Mapping[str, Any]) -> str | None:
    for candidate in (
        _names(linked.get("author")),
        metas.get("author"),
        metas.get("article:author"),
        _first(tree, ".//*[@rel='author' or @itemprop='author']//text()"),
    ):
        name = _name(candidate)
        if name:
            return re.sub(r"\A(?:par|by)\s+", "", name, flags=re.IGNORECASE)
    return None


def _published(
    tree: HtmlElement, metas: Mapping[str, str], linked: Mapping[str, Any], *, now: datetime
) -> datetime | None:
    candidates = (
        linked.get("datePublished"),
        *(metas.get(name) for name in _DATE_NAMES[:2]),
        _first(tree, _ITEMPROP),
        *(metas.get(name) for name in _DATE_NAMES[2:]),
        _first(tree, _TIME),
    )
    for candidate in candidates:
        if isinstance(candidate, str) and (moment := read_date(candidate, now=now)):
            return moment
    return None


def _names(value: Any) -> str | None:
    """Return the names of one or several schema.org persons or organisations, joined."""
    named = [item.get("name") if isinstance(item, dict) else item for item in _list(value)[:8]]
    parts = [part for name in named for part in _list(name)[:8] if isinstance(part, str)]
    lines = [line for part in parts if (line := _line(part))]
    return ", ".join(dict.fromkeys(lines)) or None


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _name(value: str | None) -> str | None:
    line = _line(value or "")
    return line if line and not _NOT_A_NAME.search(line) else None


def _line(value: str) -> str | None:
    line = " ".join(normalise(html.unescape(value[: 4 * _LONGEST_VALUE])).split("\n"))
    return line if 0 < len(line) <= _LONGEST_VALUE else None


def _first(tree: HtmlElement, path: str) -> str | None:
    found = tree.xpath(f"string(({path})[1])")
    return str(found).strip() or None
