"""Sentences of a French text, as exact offsets.

A rule-based splitter made for news: it never changes the text, and each decision looks at a few
characters around one stop, so the time is linear in the length whatever the punctuation. It keeps
no stack of open quotation marks: a « that is never closed cannot swallow the rest.

A stop ( . ! ? … ) with the marks that close after it ( » ” " ) ] ) ends a sentence if what follows
opens one: a capital, a digit, or a quotation after a full stop. A lower-case letter or a comma
never does, which keeps an attribution with its quotation: « … ? », s’interroge X. What is not a
stop (comma, colon, semicolon, dash) ends nothing, save in a sentence too long to be quoted
(`long_sentences`). `abbreviations` judges a lone full stop, and `blocks` the line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.text.abbreviations import sentence_continues
from knowledge.text.blocks import Line, split_blocks
from knowledge.text.long_sentences import cut_long
from knowledge.text.openings import CLAUSE
from knowledge.types import Span

# Possessive quantifiers and atomic groups (Python 3.11) keep every pattern free of backtracking.
# Of a group, always (?>(?:…)*) and not (?:…)*+, which before 3.11.5 takes what did not match too.
_CLOSING = (
    r"(?>(?:\s*+[»”]|[ \u00a0]?+\[\d{1,3}+\]|[’')\]}\"*_\u200b-\u200d\u2060\ufeff]|[.!?…]++"
    r"| ?+[\U0001f000-\U0001faff\ufe0f]++)*)"  # an emoji belongs to what it comments
)
_STOP = re.compile(rf"([.!?…‽]++(?>(?:[ \u00a0\u202f]++[!?]++)*))({_CLOSING})")
_SPACED_QUOTE = re.compile(rf"\s++\"{_CLOSING}")
_STRAIGHT = re.compile('"')
_ALPHANUMERIC = re.compile(r"[^\W_]")

# iPhone, eBay, macOS: a lower-case name at the head of a sentence shows by its inner capital.
_LOWERCASE_NAME = re.compile(r"[a-z]{1,6}[A-Z]")
_LIST_MARKER = re.compile(r"\(?(?:\d{1,3}|[^\W\d_]|[IVX]{1,5})")
# A credit after the last sentence of a block: (AFP), or « … » — Victor Hugo.
_CREDIT = re.compile(r"\s*+\([^()\n.!?…]{2,60}\)\.?\Z")
_SIGNATURE = re.compile(r"\s*+[–—-]\s?[^\n.!?…«»]{2,80}\Z")
_REFERENCE = re.compile(r"\[\d{1,3}\]\Z")

_CONTINUES = frozenset(",;:)]}»”%/=&|")
_OPENS_QUOTE = frozenset('«“"')
_CLOSES_QUOTE = frozenset('»”"')
_OPENS_CREDIT = frozenset("(–—-")
_GLUED_OPENINGS = frozenset("«“")
_BRACKET_LIMIT = 400  # how far back an opening bracket is looked for: keeps the time linear


class _Stop(NamedTuple):
    """A stop where a sentence might end, and what stands around it."""

    at: int  # index of its first character
    mark: str  # the stop itself: ".", "?!", "…"
    closing: str  # what closes after it: "", " »", ")"
    cut: int  # where the sentence would end
    following: int  # where the next one would start
    word: int  # the next one's first letter or digit


def split_sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of `text` in order, as spans of code points.

    The spans do not overlap, none is empty or begins or ends with white space (``str.isspace``),
    and only white space lies outside them. A heading, a list item and a credit line count as
    sentences. None is longer than `long_sentences.LONGEST`: what is, becomes several. Any string
    is accepted; one of white space alone gives no sentence.
    """
    return tuple(
        Span(start, end)
        for block in split_blocks(text)
        for sentence in _split_block(text, block)
        for start, end in cut_long(text, *sentence)
    )


def _split_block(text: str, block: Line) -> Iterator[Line]:
    start, end = block
    first = _ALPHANUMERIC.search(text, start, end)
    head = first.start() if first else end
    for stop in _stops(text, start, end):
        if stop.at > head and _is_boundary(text, stop, start, head, block):
            yield start, stop.cut
            start, head = stop.following, stop.word
    yield start, end


def _stops(text: str, start: int, end: int) -> Iterator[_Stop]:
    """Yield the stops of a block after which something can still begin."""
    closing_quotes = _closing_quotes(text, start, end)
    word = start
    for match in _STOP.finditer(text, start, end):
        cut = match.end()
        if closing_quotes:
            spaced = _SPACED_QUOTE.match(text, cut, end)
            if spaced and text.index('"', cut) in closing_quotes:
                cut = spaced.end()
        following = _skip_space(text, cut, end)
        if following == cut and not _is_glued(text, cut, end):
            continue
        if following < end and text[following].isalnum():
            word = following
        elif word < following:
            found = _ALPHANUMERIC.search(text, following, end)
            if found is None:
                return  # what is left has no word: it belongs to the sentence that it follows
            word = found.start()
        yield _Stop(match.start(), match[1].strip(), text[match.end(1) : cut], cut, following, word)


def _skip_space(text: str, start: int, end: int) -> int:
    if start + 1 < end and text[start] == " " and text[start + 1] > " ":
        start += 1  # the usual single space, without a pattern
    while start < end and text[start].isspace():
        start += 1
    return start


def _closing_quotes(text: str, start: int, end: int) -> frozenset[int]:
    """Return where the straight quotation marks that close are: every second one."""
    if text.find('"', start, end) < 0:
        return frozenset()
    return frozenset([match.start() for match in _STRAIGHT.finditer(text, start, end)][1::2])


def _is_glued(text: str, cut: int, end: int) -> bool:
    """Tell whether a sentence begins at `cut` though the space before it was lost in scraping."""
    if cut >= end or not text[cut - 2].islower():
        return False
    return text[cut] in _GLUED_OPENINGS or CLAUSE.match(text, cut, end) is not None


def _is_boundary(text: str, stop: _Stop, start: int, head: int, block: Line) -> bool:
    opening = text[stop.following]
    if opening in _CONTINUES or (opening in _OPENS_CREDIT and _is_credit(text, stop, block[1])):
        return False
    letter = text[stop.word]
    if letter.islower() and not _opens_in_lower_case(text, stop):
        return False
    if letter.isdigit() and stop.mark[-1] in "…." and stop.mark != ".":
        return False
    if stop.closing[-1:] in (")", "]") and not _REFERENCE.search(stop.closing):
        return _ends_after_bracket(text, stop, start, head)
    if stop.mark != "." or stop.closing:
        return True
    if start == block[0] and _LIST_MARKER.fullmatch(text, head, stop.at):
        return False
    return not sentence_continues(text, stop.at, stop.word)


def _opens_in_lower_case(text: str, stop: _Stop) -> bool:
    if text[stop.following] in _OPENS_QUOTE:
        return stop.mark == "." and not stop.closing
    return stop.word == stop.following and _LOWERCASE_NAME.match(text, stop.word) is not None


def _ends_after_bracket(text: str, stop: _Stop, start: int, head: int) -> bool:
    """Decide after « (enfin !) » or « […] »: a bracket within a sentence seldom ends it."""
    opening = _last_opening(text, max(start, stop.at - _BRACKET_LIMIT), stop.at)
    return opening <= head or CLAUSE.match(text, stop.word) is not None


def _last_opening(text: str, start: int, end: int) -> int:
    return max(text.rfind("(", start, end), text.rfind("[", start, end))


def _is_credit(text: str, stop: _Stop, end: int) -> bool:
    if _CREDIT.match(text, stop.cut, end):
        return True
    quoted = not _CLOSES_QUOTE.isdisjoint(stop.closing)
    return quoted and _SIGNATURE.match(text, stop.cut, end) is not None
