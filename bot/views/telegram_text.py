"""What Telegram makes of a text: how it counts it, what it drops from it, where it may be cut.

Offsets and lengths are UTF-16 code units (core.telegram.org/api/entities). Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# What TDLib's clean_input_string turns into a space, or removes, without saying so.
_SPACED = re.compile(r"[\x00-\x08\t\x0b\x0c\x0e-\x1f]")
_BREAKS = re.compile("\r\n?|[\u2028\u2029]")
_REMOVED = re.compile("[\u202a-\u202e\u0333\u033f]")
_RING = re.compile("([^\u030a]?)\u030a+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BIDI_MARKS = re.compile("[\u061c\u200e\u200f\u2066-\u2069]")
_BLANKS = re.compile("[ \n]+")
_INVISIBLE = re.compile(
    "[ \\n\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2060-\u206f\u2800\u3000\ufeff\ufffc"
    "\U000e0000-\U000e007f]*"
)
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def utf16_length(text: str) -> int:
    """Return the number of UTF-16 code units of `text`."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2  # far quicker than a loop


def is_invisible(text: str) -> bool:
    """Whether nothing of `text` can be seen, so that Telegram takes it for empty."""
    return _INVISIBLE.fullmatch(text) is not None


def carriable(text: str) -> str:
    """Return `text` without the few characters that Telegram replaces or removes by itself.

    Control characters become spaces, line separators line breaks; direction overrides go, and so
    do lone surrogates, which UTF-8 cannot carry. All else, every visible letter, stays.
    """
    text = _BREAKS.sub("\n", _SPACED.sub(" ", text))
    text = _RING.sub(_composed_ring, _REMOVED.sub("", text))
    return _SURROGATES.sub("\ufffd", text)


def _composed_ring(match: re.Match[str]) -> str:
    composed = unicodedata.normalize("NFC", match[1] + "\u030a")
    return composed if "\u030a" not in composed else match[1]


def inline(text: str, *, limit: int) -> str:
    """Return `text` fit for a line of ours: one line, at most `limit` characters, isolated.

    It is empty where nothing of `text` can be seen.
    A title must not disturb what stands around it: its direction marks go, and a text written
    from right to left is isolated (Unicode annex 9, FSI … PDI).
    """
    text = _BLANKS.sub(" ", _BIDI_MARKS.sub("", carriable(text))).strip()
    if is_invisible(text):
        return ""
    if len(text) > limit:
        text = text[: limit - 1].rstrip() + "…"
    if any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return text


def split_words(text: str, *, limit: int) -> Iterator[str]:
    """Yield `text` in parts of at most `limit` UTF-16 units, cut after a blank where there is one.

    The parts joined are `text`. A word longer than `limit` is cut, though not before a
    combining mark or a joiner. Time is linear in the length of the text.
    """
    start = 0
    while start < len(text):
        end = start + _longest_prefix(text[start : start + limit], limit)
        if end < len(text):
            blank = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
            end = blank + 1 if blank > start else _before_joined(text, end, start)
        yield text[start:end]
        start = end


def _longest_prefix(text: str, limit: int) -> int:
    """Return how many characters of `text` have `limit` UTF-16 units together."""
    units = 0
    for index, char in enumerate(text):
        units += 2 if char > "\uffff" else 1
        if units > limit:
            return index
    return len(text)


def _before_joined(text: str, cut: int, start: int) -> int:
    for position in range(cut, max(start, cut - 16), -1):
        joined = unicodedata.combining(text[position]) or text[position] in "\u200d\ufe0f"
        if not joined and text[position - 1] != "\u200d":
            return position
    return cut
