"""OPML 2.0 (http://opml.org/spec2.opml): the lists of feeds that readers exchange.

Reading is as hardened as for feeds: entities are never expanded, nothing is fetched, nesting is
cut by libxml2, and addresses are checked as those that a person types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from knowledge.errors import FeedError, UnreadableDocumentError
from knowledge.feeds.entries import absolute_link
from knowledge.feeds.html_text import plain_line
from knowledge.feeds.types import Feed, FeedKind
from knowledge.feeds.xml_bounds import local_name
from knowledge.feeds.xml_repair import read_tree
from knowledge.sources.decoding import decode

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_OUTLINES = 10_000
LARGEST_BYTES = 20_000_000
_LONGEST_NAME = 200
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of a list: its canonical address, and the name that the list gives it."""

    url: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Outlines:
    """The feeds of a list, each address once; `refused` are addresses that are none.

    `truncated` tells that the list was longer than what is read of it; `broken`, that the file was
    cut or is not well-formed, so that some of its feeds may be lost.
    """

    feeds: tuple[Outline, ...]
    refused: tuple[str, ...] = ()
    truncated: bool = False
    broken: bool = False


def read_opml(data: bytes) -> Outlines:
    """Return the feeds of an OPML file, those in folders too, in its order; 10,000 at most.

    Raises:
        FeedError: it is no OPML, or too large.
    """
    if len(data) > LARGEST_BYTES:
        raise FeedError(
            f"Ce fichier OPML est trop grand (plus de {LARGEST_BYTES // 1_000_000} Mo). "
            "Partagez-le en plusieurs."
        )
    found: dict[str, Outline] = {}
    refused: dict[str, None] = {}
    root, broken = _root(data)
    for count, (address, name) in enumerate(_outlines(root), 1):
        if count > MOST_OUTLINES:
            return Outlines(tuple(found.values()), tuple(refused), truncated=True, broken=broken)
        url = absolute_link(address, None)
        if url is None:
            refused[plain_line(address) or "?"] = None
        else:
            found.setdefault(url, Outline(url, name))
    return Outlines(tuple(found.values()), tuple(refused), broken=broken)


def write_opml(feeds: Iterable[Feed], *, now: datetime) -> bytes:
    """Return the feeds of the web among `feeds` as an OPML 2.0 file, in UTF-8."""
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Sources suivies par Sourcier"
    etree.SubElement(head, "dateCreated").text = format_datetime(now, usegmt=True)
    body = etree.SubElement(root, "body")
    for feed in feeds:
        if feed.kind is FeedKind.FEED:
            attributes = {"type": "rss", "text": feed.name, "xmlUrl": feed.url}
            if feed.title:
                attributes["title"] = feed.title
            clean = {name: _ILLEGAL.sub("", value) for name, value in attributes.items()}
            etree.SubElement(body, "outline", clean)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _root(data: bytes) -> tuple[_Element, bool]:
    """Return the root of what can be read, and whether the file is broken."""
    try:
        text = decode(_without_cut_character(data), declared=(), subject="OPML")
    except UnreadableDocumentError as error:
        raise _no_opml() from error
    root, broken = read_tree(text)
    if root is None or local_name(root.tag) != "opml":
        raise _no_opml()
    return root, broken


def _without_cut_character(data: bytes) -> bytes:
    """Return UTF-8 without the beginning of a character that its end cuts; else `data`."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return data[: error.start]
    return data


def _outlines(root: _Element) -> Iterator[tuple[str, str | None]]:
    for element in root.iter("*"):
        if local_name(element.tag) != "outline":
            continue
        attributes = {str(name).lower(): str(value) for name, value in element.attrib.items()}
        address = attributes.get("xmlurl", "").strip()
        if address:
            name = attributes.get("text") or attributes.get("title")
            yield address, plain_line(name, limit=_LONGEST_NAME)


def _no_opml() -> FeedError:
    return FeedError(
        "Ce fichier n’est pas une liste de flux OPML. Exportez-la de nouveau depuis votre lecteur "
        "de flux, au format OPML."
    )
