"""Lengths and offsets as Telegram counts them, and the cleaning it does to a text.

Offsets and lengths of entities are UTF-16 code units (core.telegram.org/api/entities); the limit of
a message's length is code points (a live probe, see the project's Telegram notes). Cleaning follows
TDLib's ``clean_input_string`` and ``fix_formatted_text``.
"""

import re

MAX_TEXT_LENGTH = 4096  # code points, after trimming
MAX_CAPTION_LENGTH = 1024  # code points, after trimming
MAX_RAW_TEXT_BYTES = 32768  # UTF-8, before anything is parsed

TRIMMED_CHARACTERS = " \n"

_REPLACED = re.compile(r"[\x00-\x08\t\x0b\x0c\x0e-\x1f]")
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_INVISIBLE = re.compile(
    "[ \\n\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc"
    "\U000e0000-\U000e007f]*"
)


def utf16_length(text: str) -> int:
    """Return the number of UTF-16 code units of a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_units(text: str) -> bytes:
    """Return the UTF-16 code units of a text, two bytes each."""
    return text.encode("utf-16-le", "surrogatepass")


def utf16_slice(text: str, offset: int, length: int) -> str:
    """Return the text covered by an entity.

    Raises ``UnicodeDecodeError`` if the span cuts a surrogate pair.
    """
    encoded = text.encode("utf-16-le")
    return encoded[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def splits_surrogate_pair(text: str, position: int) -> bool:
    """Say whether a UTF-16 position lies inside a character outside the basic plane."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    unit = encoded[2 * position : 2 * position + 2]
    return len(unit) == 2 and 0xDC <= unit[1] <= 0xDF


def byte_offset_after(text: str, position: int) -> int:
    """Return the UTF-8 byte offset just after the character that holds a UTF-16 position."""
    units = size = 0
    for character in text:
        if units >= position:
            break
        units += utf16_length(character)
        size += len(character.encode())
    return size


def is_invisible(text: str) -> bool:
    """Say whether Telegram takes the text for empty: nothing but blanks and zero-width signs."""
    return _INVISIBLE.fullmatch(text) is not None


def first_replaced_character(text: str) -> str | None:
    """Return the first character Telegram would turn into a space or remove."""
    found = [match for match in (_REPLACED.search(text), _REMOVED.search(text)) if match]
    return min(found, key=lambda match: match.start()).group() if found else None


def trimmed_span(text: str) -> tuple[int, int]:
    """Return the code point span left when spaces and line breaks at both ends are cut."""
    end = len(text.rstrip(TRIMMED_CHARACTERS))
    start = end - len(text[:end].lstrip(TRIMMED_CHARACTERS))
    return start, end
