"""Sentences too long to be quoted at once, cut into parts that can be.

Lists without a stop, tables and scraped pages give «sentences» of any length, and a quotation is
a whole sentence. Beyond `LONGEST` code points one is cut where a reader would pause: after a
semicolon or a colon, else after a comma, else between words, else anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 1500  # code points of a sentence
_SHORTEST = 750  # of a part: where the cut is looked for begins
_REST = 150  # what is left must be worth quoting

# A no-break space joins what it stands between, so it comes last.
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (r"[;:](?=[ \n\t])", r",(?=[ \n\t])", r"(?=[ \n\t])", r"(?=\s)")
)
_JOINERS = "\u200d\ufe0e\ufe0f"
_MOST_MARKS = 32  # combining marks looked back over; more are no letter of any language


def cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of the sentence ``text[start:end]``: itself, unless it is too long.

    Each part has at most `LONGEST` code points, and only white space lies between two. The
    sentence must not begin or end with white space; then no part does. Linear time.
    """
    while end - start > LONGEST:
        cut = _cut(text, start + _SHORTEST, min(start + LONGEST, end - _REST))
        following = cut
        while text[following].isspace():
            following += 1
        while text[cut - 1].isspace():
            cut -= 1
        yield start, cut
        start = following
    yield start, end


def _cut(text: str, first: int, last: int) -> int:
    """Return where a part ends best, between `first` and `last`."""
    for place in _PLACES:
        found = [match.end() for match in place.finditer(text, first, last)]
        if found:
            return found[-1]
    for cut in range(last, last - _MOST_MARKS, -1):
        if not _is_joined(text[cut]) and text[cut - 1] != "\u200d":
            return cut
    return last


def _is_joined(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char).startswith("M")
