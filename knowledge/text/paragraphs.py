"""Paragraphs of a text: hard-wrapped lines joined, glued headlines set apart.

A program that wraps text fills each line: the first word of the next line would not have fitted.
That test (on code points, against the widest line of the block) tells a wrapped line, which is
joined to the next, from one that its author ended, which is not. On a line that its author ended
without final punctuation, and that a paragraph follows, sits a headline: often the link to
another article that the page showed between two paragraphs.
"""

from __future__ import annotations

import re
from itertools import pairwise

Block = list[str]
"""The lines between two blank lines, without white space at their ends; never empty."""

_NARROWEST_WRAP = 40
_WIDEST_WRAP = 120
_NEARLY_FULL = 0.8  # of the width: pages set in a proportional font break lines earlier
_PARAGRAPH_LENGTH = 60  # characters from which a line is taken for a paragraph, not a heading
_LONGEST_HEADLINE = 200

_ENDS_SENTENCE = re.compile(r"[.!?…](?:[\s»”\"’')\]*_]|\[\d+\])*\Z")
_UNFINISHED = re.compile(r"[,:;(«–—-]\Z")
_LIST_ITEM = re.compile(r"(?:[•◦▪‣●○■–—*-]|\d{1,3}[.)])\s")
_INVERSION = frozenset("je tu il elle on nous vous ils elles ce t là ci même mêmes être".split())
_HYPHEN_PREFIX = frozenset(
    "anti après arrière au auto avant c-est-à ci celui celle ceux co contre demi entre ex extra "
    "franco grand grande hors là mi non nord nouveau par peut porte post pré quasi quatre "
    "quelques saint sainte sans self semi sous sud super sur trois trente quarante cinquante "
    "soixante vingt vice vis".split()
)


def ends_sentence(line: str) -> bool:
    """Tell whether `line` ends with final punctuation, closing marks allowed after it."""
    return _ENDS_SENTENCE.search(line[-12:]) is not None


def is_list_item(line: str) -> bool:
    """Tell whether `line` begins with the marker of a list."""
    return _LIST_ITEM.match(line) is not None


def starts_sentence(line: str) -> bool:
    """Tell whether `line` begins as a sentence may: a capital, a digit, an opening mark."""
    return line[0].isupper() or line[0].isdigit() or line[0] in "«“\"'‘(["


def looks_like_headline(line: str) -> bool:
    """Tell whether `line` alone may be a headline: short, begun with a capital, not ended."""
    return (
        3 <= len(line) <= _LONGEST_HEADLINE
        and starts_sentence(line)
        and not ends_sentence(line)
        and not _UNFINISHED.search(line)
        and not is_list_item(line)
    )


def unwrap(blocks: list[Block]) -> list[Block]:
    """Return the blocks with hard-wrapped lines joined; other lines are left as they are.

    A block of three lines or more is judged by itself, one of two lines by the widths of those.
    """
    width = max((_width(block) for block in blocks if _is_wrapped(block)), default=0)
    if not width:
        return blocks
    words = frozenset(word for block in blocks for line in block for word in line.split())
    return [_join(block, width, words) if _fits(block, width) else block for block in blocks]


def set_headlines_apart(blocks: list[Block]) -> list[Block]:
    """Return the blocks with each glued headline in a block of its own.

    Nothing is done where paragraphs do not end with final punctuation (verse, tables, notes):
    there, a line without it says nothing.
    """
    if all(len(block) == 1 for block in blocks):
        return blocks
    long_lines = [line for block in blocks for line in block if len(line) >= _PARAGRAPH_LENGTH]
    ended = sum(map(ends_sentence, long_lines))
    if not ended or ended < 0.6 * len(long_lines):
        return blocks
    return [part for block in blocks for part in _split_at_headlines(block)]


def before_break(line: str, after: str, words: frozenset[str]) -> str:
    """Return `line` as it must be for `after` to follow it directly, once the break is gone.

    A space is added, save after a hyphen. `words` are the words of the document: the spelling
    that occurs there wins. Otherwise the hyphen stays in compounds («peut-être», «dit-il»,
    «Saint-Denis») and goes elsewhere.
    """
    if not re.search(r"[^\W\d_]-\Z", line[-2:]) or not after[0].isalpha():
        return f"{line} "
    head, tail = re.split(r"[\s’'(«“]", line)[-1][:-1], _first_word(after)
    if not after[0].islower() or f"{head}-{tail}" in words:
        return line
    if f"{head}{tail}" in words:
        return line[:-1]
    compound = head.lower() in _HYPHEN_PREFIX or "-" in head or tail.split("-")[0] in _INVERSION
    return line if compound else line[:-1]


def _first_word(line: str) -> str:
    word = line.split(maxsplit=1)[0]
    return re.split(r"[^\w-]", word, maxsplit=1)[0] or word


def _width(block: Block) -> int:
    return max(map(len, block))


def _is_full(line: str, after: str, width: int) -> bool:
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > width or (
        len(line) >= _NEARLY_FULL * width
    )


def _is_wrapped(block: Block) -> bool:
    """Tell whether the breaks of the block mean nothing: lines are full and go on in mid-sentence.

    Four of five breaks must follow a full line and two of five be followed by a small letter:
    lines of verse, of addresses and of results begin with capitals.
    """
    width = _width(block)
    if len(block) < 3 or not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return False
    breaks = [pair for pair in pairwise(block) if not is_list_item(pair[1])]
    full = sum(_is_full(line, after, width) for line, after in breaks)
    running = sum(after[0].islower() for _, after in breaks)
    return len(breaks) >= 2 and full >= 0.8 * len(breaks) and running >= 0.4 * len(breaks)


def _fits(block: Block, width: int) -> bool:
    """Tell whether a block may have been wrapped at `width`: no line is wider."""
    return len(block) > 1 and _width(block) <= width and (len(block) == 2 or _is_wrapped(block))


def _join(block: Block, width: int, words: frozenset[str]) -> Block:
    paragraphs = [[block[0]]]
    for line, after in pairwise(block):
        meant = not _is_full(line, after, width) and (ends_sentence(line) or starts_sentence(after))
        if meant or is_list_item(after):
            paragraphs.append([after])
        else:
            paragraphs[-1][-1] = before_break(line, after, words)
            paragraphs[-1].append(after)
    return ["".join(paragraph) for paragraph in paragraphs]


def _split_at_headlines(block: Block) -> list[Block]:
    width = _width(block)
    parts = [[block[0]]]
    for line, after in pairwise(block):
        if _separates(line, after, width):
            parts.append([after])
        else:
            parts[-1].append(after)
    return parts


def _separates(line: str, after: str, width: int) -> bool:
    """Tell whether one of the two lines is a headline and the other a paragraph."""
    if not starts_sentence(after) or is_list_item(after):
        return False
    if ends_sentence(line):
        return len(line) >= _PARAGRAPH_LENGTH and looks_like_headline(after)
    if not looks_like_headline(line) or _is_full(line, after, width):
        return False
    return ends_sentence(after) and len(after) >= _PARAGRAPH_LENGTH
