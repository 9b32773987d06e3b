"""Blocks of a text: what its line breaks separate before punctuation is looked at.

A blank line always separates. A single line break does so only where it was meant: text pasted
from a page breaks after headings, by-lines and list items; text from a mail or a PDF is *hard
wrapped*, and its breaks mean nothing. The two are told apart by width: a break was meant if the
next line's first word would have fitted on the line (no wrapping program breaks there), if the
line is too short or too long to be a wrapped one, or if a list marker follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from knowledge.text.openings import FUNCTION_WORD

Line = tuple[int, int]
"""Half-open offsets of a line, without the white space around it."""

_NEWLINE = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*")

# Columns at which people and programs wrap; a line outside them ends where its author ended it.
_NARROWEST_WRAP = 40
_WIDEST_WRAP = 120

_BULLET = re.compile(
    r"[•◦▪‣●○■□►▶➤✓✔*·∙–—-]\s+\S|\d{1,3}[.)]\s+\S|\(?[a-z]\)\s|[ivx]{1,4}\)\s|#{1,6}\s+\S"
)
_SURE_BULLET = re.compile(r"[•◦▪‣●○■□►▶➤✓✔*∙#]|\(?\w{1,4}\)")
_FULL_STOP = re.compile(r"[.!?…](?:\s*[»”’')\]\"*_])*\Z")
_UNFINISHED = re.compile(
    r"(?:(?<![\w’'])(?:de|du|des|la|le|les|à|au|aux|et|ou|un|une|que|qui|pour|par|sur|dans|en|avec"
    r"|sans|sous|chez|vers|entre|ce|cet|cette|ces|son|sa|ses|leur|leurs|notre|nos|votre|vos|très"
    r"|est|sont|ont|comme|contre|selon|dont|où|ne|se|M|MM|Mme|Mmes|Mlle|Dr|n°)"
    r"|[,«“(\[’']|\w-)\Z"
)
_TAIL = 16  # characters that the two patterns above need


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the lines of a paragraph are laid out: the widest one, and whether it is hard wrapped."""

    width: int
    wrapped: bool

    @classmethod
    def of(cls, text: str, lines: list[Line]) -> _Layout:
        width = max(end - start for start, end in lines)
        full = sum(_is_full(text, line, after, width) for line, after in pairwise(lines))
        return cls(width, wrapped=full >= 2 and 2 * full >= len(lines) - 1)


def split_blocks(text: str) -> Iterator[Line]:
    """Yield the blocks of `text` in order: no sentence crosses their limits.

    Only white space lies outside the blocks, and each begins and ends with something else. Time
    is linear in the length of the text.
    """
    for paragraph in _paragraphs(text):
        if len(paragraph) == 1:
            yield paragraph[0]
            continue
        layout = _Layout.of(text, paragraph)
        start = paragraph[0][0]
        for line, after in pairwise(paragraph):
            if _is_meant(text, line, after, layout):
                yield start, line[1]
                start = after[0]
        yield start, paragraph[-1][1]


def _paragraphs(text: str) -> Iterator[list[Line]]:
    paragraph: list[Line] = []
    for start, end in _lines(text):
        if _INVISIBLE.fullmatch(text, start, end) is None:
            paragraph.append((start, end))
            continue
        if paragraph:
            yield paragraph
            paragraph = []
        if start < end:  # zero-width characters alone: not white space, so they must be covered
            yield [(start, end)]
    if paragraph:
        yield paragraph


def _lines(text: str) -> Iterator[Line]:
    start = 0
    for newline in _NEWLINE.finditer(text):
        yield _strip(text, start, newline.start())
        start = newline.end()
    yield _strip(text, start, len(text))


def _strip(text: str, start: int, end: int) -> Line:
    line = text[start:end]
    left = line.lstrip()
    start += len(line) - len(left)
    return start, start + len(left.rstrip())


def _is_meant(text: str, line: Line, after: Line, layout: _Layout) -> bool:
    """Tell whether the break between two lines of a paragraph was meant by the author."""
    start, end = after
    if _BULLET.match(text, start, end):
        if _SURE_BULLET.match(text, start, end) or not layout.wrapped:
            return True
        return not _is_full(text, line, after, layout.width)
    tail = text[max(line[0], line[1] - _TAIL) : line[1]]
    if text[start].islower() or _FULL_STOP.search(tail) or _UNFINISHED.search(tail):
        return False  # goes on, or the punctuation decides
    if not text[start].isalnum() and text[start] not in '«“"‘([–—-#@€$→':
        return False
    if not _is_full(text, line, after, layout.width):
        return True
    return not layout.wrapped and FUNCTION_WORD.match(text, start) is not None


def _is_full(text: str, line: Line, after: Line, width: int) -> bool:
    """Tell whether `line` may be hard wrapped: the first word of `after` had no room left on it."""
    length = line[1] - line[0]
    if not _NARROWEST_WRAP <= length <= _WIDEST_WRAP:
        return False
    room = width - length - 1
    word = text[after[0] : min(after[1], after[0] + max(0, room) + 1)].split(maxsplit=1)
    return not word or len(word[0]) > room
