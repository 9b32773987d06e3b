"""Elements with very many attributes, on which libxml2's HTML parser takes quadratic time. Pure.

It compares each attribute with all before it: 40,000 on one element, 350 kB, take 14 s (measured).
"""

from __future__ import annotations

import re

MOST_ATTRIBUTES = 500  # of one element; pages have fewer than fifty
_TAG = re.compile(r"<(?:!--|([A-Za-z][^\s/>]*))")
_NAME = re.compile(r"[\s/]*+[^\s/>=]*+\s*+(=?)\s*+")
_UNQUOTED = re.compile(r"[^\s>]*+")
_RAW = frozenset(("script", "style"))


def has_crowded_tag(markup: str) -> bool:
    """Tell whether an element of `markup` has more than 500 attributes; time is linear."""
    position = 0
    while opened := _TAG.search(markup, position):
        name = opened[1]
        if name is None:
            position = _after(markup, "-->", opened.end())
            continue
        position, count = _attributes(markup, opened.end())
        if count > MOST_ATTRIBUTES:
            return True
        if name.lower() in _RAW:
            position = _after(markup, "</", position)
    return False


def _attributes(markup: str, position: int) -> tuple[int, int]:
    """Return where the tag ends whose attributes begin at `position`, and how many they are."""
    count = 0
    while position < len(markup) and count <= MOST_ATTRIBUTES:
        if markup[position] == ">":
            return position + 1, count
        found = _NAME.match(markup, position)
        end = found.end() if found is not None else position
        if found is not None and found[1]:
            quote = markup[end : end + 1]
            if quote in {'"', "'"}:
                end = _after(markup, quote, end + 1)
            else:
                unquoted = _UNQUOTED.match(markup, end)
                end = unquoted.end() if unquoted is not None else end
        position = max(end, position + 1)
        count += 1
    return position, count


def _after(markup: str, mark: str, position: int) -> int:
    """Return the position after the next `mark`, the end of `markup` if there is none."""
    found = markup.find(mark, position)
    return len(markup) if found < 0 else found + len(mark)
