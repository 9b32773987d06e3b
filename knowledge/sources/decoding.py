"""Bytes to text: the right encoding or a refusal, never mojibake.

Valid UTF-8 is practically never anything else, so it outweighs what carrier and page declare.
Otherwise the candidates (declared, then those French was written in) are read strictly and
judged on the characters that come out: accents where French has them, and none where it cannot.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from knowledge.errors import UnreadableDocumentError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = ("cp1252", "latin-1", "iso8859-15", "mac-roman", "cp850")
_CONTROLS = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27, 30, 31})
_BINARY_SHARE = 0.02  # of control bytes
_SAMPLE = 200_000  # code points that are judged
_ACCEPTED = 0.8  # share of non-ASCII characters that must be in their place
_FOREIGN_SCRIPT = 0.9  # what a declared encoding of another script is worth, read strictly
_MOST_ACCENTED = 0.4  # share of non-ASCII letters among letters; French has 3 to 5 %
_MOST_LOST = 0.001  # share of characters that may already be lost (U+FFFD) in a text

# UTF-8 read as cp1252 or latin-1: «Ã©», «Â«», «â€™», «Å“».
_MOJIBAKE = re.compile(
    "Ã[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â[\xa0-\xbf\x80-\x9f]|â(?:€|\x80)[\x80-\x9f™œž˜“”¦¢š\xa6]"
    "|Å[“’\x92\x93]"
)
_MISPLACED = re.compile(
    "[\x80-\x9f\ufffd]"
    r"|(?<=[^\W\d_])[¤¦§¨¯´¸¹²³¼½¾¿¡¢£¥×÷‚„†‡ˆ‰˜‹›™](?=[^\W\d_])"
    "|(?<=[a-zß-öø-ÿ])[À-ÖØ-ÞŠŒŽŸ]"
)
_USUAL = frozenset(
    "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ«»‹›’‘“”„–—…€°•·²³ªº§©®™½¼¾×±µ£\xa0\xad"
    "áíóúñãõåøßìòýðþšžÁÍÓÚÑÃÕÅØÌÒÝŠŽ¿¡"
)
_CP1252_BYTES = {
    ord(bytes([byte]).decode("cp1252")): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # undefined
}


def decode(data: bytes, *, declared: Iterable[str | None], subject: str) -> str:
    """Return the text of `data`, without byte-order mark.

    `declared` are the encodings claimed by carrier and page, the most trusted first; unknown
    names are ignored.

    Raises:
        UnreadableDocumentError: `data` is binary, or in no encoding that gives plausible text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding, subject)
    if b"\x00" in data[:_SAMPLE] and (wide := _wide_encoding(data)):
        return _decode_marked(data, wide, subject)
    if b"\x00" in data or _is_binary(data):
        raise UnreadableDocumentError(
            "Ce document est binaire, ce n’est pas du texte. Formats acceptés : texte, Markdown, "
            "HTML et PDF.",
            subject=subject,
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data, _known(declared), subject)
    return text if text.isascii() else _unmangled(text, subject)


def _decode_marked(data: bytes, encoding: str, subject: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unknown_encoding(subject) from error
    if "\x00" in text:
        raise _unknown_encoding(subject)
    return _unmangled(text, subject)


def _wide_encoding(data: bytes) -> str | None:
    """Return the UTF-16 that text without a mark is in: one byte of each pair is mostly zero."""
    sample = data[:4096]
    half = max(1, len(sample) // 2)
    even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.1 else None


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return len(sample) - len(sample.translate(None, _CONTROLS)) > _BINARY_SHARE * len(sample)


def _known(declared: Iterable[str | None]) -> list[str]:
    names = []
    for name in declared:
        try:
            found = codecs.lookup((name or "").strip(" \"'")).name
        except (LookupError, ValueError, UnicodeError):
            continue
        if found in ("iso8859-1", "ascii"):
            found = "cp1252"  # as browsers do (WHATWG Encoding)
        if found not in names and found not in ("utf-8", "utf-8-sig", "utf-7", "idna", "punycode"):
            names.append(found)
    return names


def _decode_legacy(data: bytes, declared: list[str], subject: str) -> str:
    best, best_score = "", 0.0
    for encoding in _candidates(data, declared):
        try:
            text = data.decode(encoding, "replace" if encoding == "utf-8" else "strict")
        except (UnicodeDecodeError, LookupError, ValueError):
            continue  # LookupError: a codec that is not a text encoding
        score = _plausibility(text[:_SAMPLE])
        if encoding in declared and encoding not in _WESTERN and not _MISPLACED.search(text):
            score = max(score, _FOREIGN_SCRIPT)
        if score > best_score:
            best, best_score = text, score
        if best_score == 1.0:
            break
    if best_score < _ACCEPTED:
        raise _unknown_encoding(subject)
    return best


def _candidates(data: bytes, declared: list[str]) -> Iterator[str]:
    yield from declared
    yield "utf-8"  # with a few broken bytes, as pages put together from several sources have
    yield from _WESTERN
    from charset_normalizer import from_bytes

    guess = from_bytes(data[:20_000]).best()
    if guess is not None:
        yield guess.encoding


def _plausibility(text: str) -> float:
    """Return how well the non-ASCII characters of `text` sit in French: 1 is faultless."""
    foreign = [char for char in text if char > "\x7f"]
    if not foreign:
        return 1.0
    letters = sum(map(str.isalpha, text))
    if letters >= 20 and sum(map(str.isalpha, foreign)) > _MOST_ACCENTED * letters:
        return 0.0
    lost = text.count("\ufffd")
    if lost > _MOST_LOST * len(text):
        return 0.0
    faults = sum(1 for char in foreign if char not in _USUAL and char != "\ufffd")
    faults += len(_MISPLACED.findall(text)) + 2 * len(_MOJIBAKE.findall(text))
    return 1.0 - faults / len(foreign)


def _unmangled(text: str, subject: str) -> str:
    """Return `text`, or what it was before UTF-8 was read as cp1252 and written again."""
    if text.count("\ufffd") > max(1, _MOST_LOST * len(text)):
        raise UnreadableDocumentError(
            "Des caractères de ce document ont été perdus par une mauvaise conversion (�). "
            "Reprenez l’original.",
            subject=subject,
        )
    mangled = len(_MOJIBAKE.findall(text))
    if not mangled:
        return text
    try:
        repaired = text.translate(_CP1252_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError as error:
        if mangled < 3:
            return text  # an article may show such a sequence
        raise _unknown_encoding(subject) from error
    return repaired


def _unknown_encoding(subject: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        "L’encodage de ce document n’est pas reconnu : ses accents seraient faux. "
        "Enregistrez-le en UTF-8.",
        subject=subject,
    )
