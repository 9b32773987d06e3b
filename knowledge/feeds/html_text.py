"""The text of the HTML in a feed: titles on one line, summaries in paragraphs.

libxml2 reads it without its «huge» option: nesting is cut, entities of one's own do not exist,
nothing is fetched. Scripts, styles and what is embedded leave no text.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from knowledge.sources.crowded import has_crowded_tag
from knowledge.text.characters import normalise

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST_MARKUP = 500_000  # characters of one field
_LONGEST_TITLE = 300
_LONGEST_TITLE_MARKUP = 20_000
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:#\d|#[xX]|[a-zA-Z])")
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr li main ol p pre section table td th tr ul".split()
)
_SILENT = frozenset("script style iframe object embed svg math noscript template form".split())
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def plain_line(markup: str | None, *, limit: int = _LONGEST_TITLE) -> str | None:
    """Return the text of `markup` on one line of at most `limit` characters, None if it is empty.

    Titles are often escaped twice; what still looks like an entity is one.
    """
    text = html_text((markup or "")[:_LONGEST_TITLE_MARKUP])
    if "&" in text:
        text = normalise(unescape(text))
    line = " ".join(text.split("\n")).strip()
    line = re.sub(r" {2,}", " ", line)
    return (line if len(line) <= limit else line[: limit - 1].rstrip() + "…") or None


def html_text(markup: str) -> str:
    """Return the text of a piece of HTML, its paragraphs one blank line apart."""
    markup = _CONTROL.sub("", markup[:LONGEST_MARKUP])
    if not _MARKUP.search(markup):
        return normalise(markup)
    tree = _parsed(markup)
    return "" if tree is None else normalise("".join(_pieces(tree)))


def _parsed(markup: str) -> HtmlElement | None:
    from lxml import etree, html

    if has_crowded_tag(markup):
        return None
    parser = html.HTMLParser(
        huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        return html.document_fromstring(f"<div>{markup}</div>".encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None  # nothing but what is left out


def _pieces(tree: HtmlElement) -> list[str]:
    from lxml import etree

    pieces: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        starts = event == "start"
        if element.tag in _SILENT:
            silent += 1 if starts else -1
        elif element.tag in _BLOCKS:
            pieces.append("\n\n")
        text = element.text if starts else element.tail
        if text and not silent:
            pieces.append(re.sub(r"[ \t\r\n]+", " ", text))
    return pieces
