"""Markdown to an extraction: the words, without the markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from knowledge.sources.extraction import Extraction
from knowledge.sources.front_matter import split_front_matter
from knowledge.sources.plain import split_title, with_front_matter
from knowledge.text.characters import normalise

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LONGEST = 1_000_000  # characters; beyond, markup is left in
# The parser takes quadratic time on hostile markup, so it is given pieces. A paragraph longer
# than a piece is left as it is.
_PIECE = 20_000
# Its time goes into marks and line ends, about 30 µs each; beyond, markup is left in as well.
_MOST_MARKS = 40_000
_MARK = re.compile(r"[\n*_`~\[\]<>|\\&]")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")
# News written in Markdown has headings and dashes, which need no parser, and seldom more.
_RICH = re.compile(r"[*_`~\[\]<>|\\&]|^(?:[+=]|\d{1,9}[.)]|-[-\s]*$)", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}(?:[ \u00a0\u202f]+(.*?))??(?:[ \u00a0\u202f]+#+)?$", re.MULTILINE)


def read_markdown(text: str, *, now: datetime) -> Extraction:
    """Return the extraction of a Markdown text (CommonMark 0.31 with tables).

    Headings, emphasis and links leave their text, images nothing, lists «- …» lines, tables
    their cells. The first heading is the title if it opens the text.
    """
    values, body = split_front_matter(normalise(text))
    title = None
    if not _RICH.search(body):
        title, body = _without_headings(body)
    elif len(body) <= _LONGEST:
        title, body = _without_markup(body)
    if title is None and "title" not in values:
        title, body = split_title(body)
    return with_front_matter(Extraction(body, title=title), values, now=now)


def _without_headings(text: str) -> tuple[str | None, str]:
    """Return the title and the rest of a text whose only markup is headings."""
    title = None
    if text.startswith("# "):
        line, _, text = text[2:].partition("\n")
        title = line.rstrip(" #") or None
    return title, _HEADING.sub(r"\n\1\n", text)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def _without_markup(text: str) -> tuple[str | None, str]:
    parser = _parser()
    title = None
    renderer = _Renderer()
    marks = 0
    for number, piece in enumerate(_pieces(text)):
        marks += len(_MARK.findall(piece))
        if len(piece) > _PIECE or (number and marks > _MOST_MARKS):
            renderer.parts.append(f"{piece}\n\n")
            continue
        tokens = parser.parse(piece)
        if not number and len(tokens) >= 3 and tokens[0].tag == "h1":
            title, tokens = " ".join(_inline_text(tokens[1]).split()) or None, tokens[3:]
        for token in tokens:
            renderer.take(token)
    return title, "".join(renderer.parts)


def _pieces(text: str) -> Iterator[str]:
    """Yield `text` in pieces of whole paragraphs, longer than the limit only if one of them is."""
    waiting: list[str] = []
    size = 0
    for paragraph in text.split("\n\n"):
        if waiting and size + len(paragraph) > _PIECE:
            yield "\n\n".join(waiting)
            waiting, size = [], 0
        waiting.append(paragraph)
        size += len(paragraph) + 2
    yield "\n\n".join(waiting)


class _Renderer:
    """Collects the text of block tokens: a blank line ends a paragraph, a line break an item."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._lists = 0
        self._marker = ""
        self._cells: list[str] | None = None

    def take(self, token: Token) -> None:
        if token.type == "inline":
            self._take_words(_inline_text(token))
        elif token.type in ("fence", "code_block"):
            self.parts.append(f"{token.content.strip()}\n\n")
        elif token.type == "html_block":
            self.parts.append(f"{_TAG.sub('', _without_comments(token.content)).strip()}\n\n")
        elif token.type == "list_item_open":
            self._marker = f"{token.info}{token.markup} "
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            self._lists += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists -= 1
            self.parts.append("" if self._lists else "\n")
        else:
            self._take_row(token.type)

    def _take_row(self, kind: str) -> None:
        if kind == "tr_open":
            self._cells = []
        elif kind == "tr_close" and self._cells is not None:
            self.parts.append(" ; ".join(filter(None, self._cells)) + "\n")
            self._cells = None
        elif kind == "table_close":
            self.parts.append("\n")

    def _take_words(self, words: str) -> None:
        if self._cells is not None:
            self._cells.append(words)
            return
        marker, self._marker = self._marker, ""
        if marker == "* " or (marker == "+ " and not words[:1].isdigit()):
            marker = "- "  # «+» before a figure is a sign, not a marker
        self.parts.append(f"{marker}{words}" + ("\n" if self._lists else "\n\n"))


def _without_comments(markup: str) -> str:
    """Return `markup` without HTML comments; one that is not closed hides all that follows."""
    head, *rest = markup.split("<!--")
    return head + "".join(piece.partition("-->")[2] for piece in rest)


def _inline_text(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return "".join(parts)
