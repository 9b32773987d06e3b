"""Characters of a text made uniform: line ends, invisible characters, composition, spaces.

What is removed carries no meaning in French prose and much mischief: control and bidirectional
characters (Unicode TR 36, «Trojan source»), zero-width ones and tag characters (hidden text),
private-use ones (icon fonts). The joiner U+200D stays between two emoji, where it makes them one
(Unicode TR 51: a family, a profession). No-break spaces (U+00A0, U+202F) are typography and stay.
"""

from __future__ import annotations

import re
import unicodedata

# Most news text holds none of these, and one look spares it the rest.
_UNUSUAL = re.compile(
    "[^\n -~\xa0-\xac\xae-\u024f\u2010-\u2027\u202f-\u205e\u20a0-\u20bf\u2116\u2122]"
)
_LINE_END = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180b-\u180e\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]+"
)
_EMOJI = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2194\u2195\u21ae\ufe0f]"
_LOOSE_JOINER = re.compile(f"(?<!{_EMOJI})\u200d|\u200d(?!{_EMOJI})")
_FIXED_SPACE = re.compile("[\u2007\u2009]")  # figure and thin spaces: «fines» that never break
_OTHER_SPACE = re.compile("[\t\u1680\u2000-\u2006\u2008\u200a\u205f\u3000]")
_SPACES = re.compile("[ \u00a0\u202f]{2,}")
_SPACE_PAIRS = tuple(first + second for first in " \u00a0\u202f" for second in " \u00a0\u202f")
_EDGE_SPACES = " \u00a0\u202f"
_ACCENT = re.compile("[\u0300-\u036f]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    """Return `text` with U+000A line ends, no invisible characters, in NFC, with single spaces.

    A run of spaces becomes one, a no-break space if the run holds any. Lines lose the spaces at
    their ends, and at most one blank line is left between two lines. Idempotent; linear time.
    """
    if _UNUSUAL.search(text):
        text = _LOOSE_JOINER.sub("", _LINE_END.sub("\n", text))
        text = _INVISIBLE.sub("", text)
        text = unicodedata.normalize("NFC", text)
        text = _OTHER_SPACE.sub(" ", _FIXED_SPACE.sub("\u202f", text))
    if any(pair in text for pair in _SPACE_PAIRS):
        text = _SPACES.sub(_one_space, text)
    text = "\n".join([line.strip(_EDGE_SPACES) for line in text.split("\n")]).strip("\n")
    return _BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text


def fold(line: str) -> str:
    """Return `line` as phrases are compared: no accents, no case, plain apostrophes and spaces."""
    if not line.isascii():
        line = line.replace("’", "'").replace("ʼ", "'").replace("œ", "oe").replace("Œ", "oe")
        line = _ACCENT.sub("", unicodedata.normalize("NFKD", line))
    return " ".join(line.casefold().split())


def without_accents(text: str) -> str:
    """Return `text` decomposed (NFD) without its combining marks; ligatures and case stay."""
    letters = unicodedata.normalize("NFD", text)
    return "".join(char for char in letters if not unicodedata.combining(char))


def _one_space(run: re.Match[str]) -> str:
    for char in run.group():
        if char != " ":
            return char
    return " "
