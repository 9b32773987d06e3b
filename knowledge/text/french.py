"""French words: tokens with exact offsets, accent folding, stems.

A token is a run of letters or digits; elided articles (l’, d’, qu’, …) are tokens of their
own, so that «l’énergie» and «énergie» share a stem. Stems are Snowball French (Porter 2001)
computed on the word with its accents, then folded, so that a question typed without accents
matches wherever Snowball's suffix rules agree on both spellings; stems of one irregular family
(:mod:`knowledge.text.families`) are then made one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from knowledge.text.families import APART, FAMILIES

_snowball = Stemmer.Stemmer("french")

_ELISION = r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)['’ʼ]"
_NUMBER = r"\d+(?:[ \u00a0\u202f.]\d{3})*(?:[.,]\d+)?"
_TOKEN = re.compile(
    rf"(?P<elision>\b{_ELISION})(?=\w)|(?P<number>{_NUMBER})|(?P<word>[^\W\d_]+)",
    re.IGNORECASE,
)
# The same language with one group, for the many texts of which only the stems are wanted.
_TERM = re.compile(rf"\b{_ELISION}(?=\w)|({_NUMBER}|[^\W\d_]+)", re.IGNORECASE)
_ROMAN_ORDINAL = re.compile(r"(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})(?:e|ème|er)$")

_LONGEST_WORD = 40  # longer runs of letters are no words: they are cut, and fill no cache

STOPWORDS = frozenset(
    """a à afin ai aie ainsi ait alors après as au aucun aucune aura aurait auront aussi autre
    autres aux avaient avait avant avec avez avoir avons ayant bien c ça car ce ceci cela celle
    celles celui ces cet cette ceux chez ci comme d dans de depuis des dès doit doivent donc dont
    du elle elles en encore entre es est et étaient était étant être eu eux faire fait font fut
    furent il ils j jusqu jusque l la là le les leur leurs lors lorsque lui m ma mais me même
    mêmes mes moi moins mon n ne ni nos notre nous on ont ou où par parce pas pendant peu peut
    peuvent plus plusieurs pour puis puisque qu quand que quel quelle quelles quels qui quoi s sa
    sans se selon sera seraient serait seront ses si soi soit son sont sous sur t ta tandis te tes
    toi ton tous tout toute toutes très tu un une va vers voici voilà vont vos votre vous y été
    combien comment pourquoi lequel laquelle lesquels lesquelles duquel auquel desquels quelqu
    lorsqu puisqu""".split()
)


@dataclass(slots=True, unsafe_hash=True)
class Token:
    """A word or number of a text: ``text[start:end]``, and its folded stem.

    Not frozen, alone among our values: a frozen one is built three times slower, and every
    question reads thousands of them.
    """

    start: int
    end: int
    text: str
    stem: str
    is_stopword: bool
    is_number: bool


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, ligatures opened, apostrophes straight."""
    return _cached_fold(text) if len(text) <= _LONGEST_WORD else _fold(text)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.replace("œ", "oe").replace("æ", "ae").replace("’", "'").replace("ʼ", "'")


_cached_fold = lru_cache(maxsize=65_536)(_fold)


def _snowball_stem(word: str) -> str:
    lowered = unicodedata.normalize("NFC", word.casefold())
    return fold(_snowball.stemWord(lowered))


def _family_stems() -> dict[str, str]:
    """Return the stem of each irregular form and of its unaccented spelling → its family's."""
    stems: dict[str, str] = {}
    for family in FAMILIES:
        canonical = _snowball_stem(family[0])
        for word in family:
            stems.setdefault(_snowball_stem(word), canonical)
            stems.setdefault(_snowball_stem(fold(word)), canonical)
    return stems


_FAMILY_STEMS = _family_stems()
# The digit keeps such a stem apart from all of Snowball's.
_OWN_STEMS = {fold(word): f"{fold(group[0])}0" for group in reversed(APART) for word in group}


def _stem(word: str) -> str:
    ordinal = _ROMAN_ORDINAL.match(word)
    if ordinal:
        units = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8}
        return str(10 * len(ordinal.group(1)) + units.get(ordinal.group(2), 9))
    own = _OWN_STEMS.get(fold(word))
    if own is not None:
        return own
    return family_stem(_snowball_stem(word))


def family_stem(bare: str) -> str:
    """Return the stem of the irregular family that a Snowball stem belongs to, or the stem."""
    return _FAMILY_STEMS.get(bare, bare)


_cached_stem = lru_cache(maxsize=65_536)(_stem)


def stem(word: str) -> str:
    """Return the folded Snowball stem of one word, or that of its irregular family.

    «XIXe» gives ``19``, so that it meets «19e siècle». Letters after the 40th are ignored.
    """
    return _cached_stem(word[:_LONGEST_WORD])


_FOLDED_STOPWORDS = frozenset(fold(word) for word in STOPWORDS)


@lru_cache(maxsize=65_536)
def is_stopword(word: str) -> bool:
    """Tell whether `word` carries no meaning of its own, whatever its case and accents."""
    return fold(word) in _FOLDED_STOPWORDS and word.casefold() != "maïs"


def normalise_number(text: str) -> str:
    """Return a number as written in French in one form: «200 000» → «200000», «1,50» → «1.5»."""
    if text.isdecimal():
        return text
    bare = re.sub(r"[\s\u00a0\u202f]", "", text)
    bare = re.sub(r"\.(?=\d{3}(?:\D|$))", "", bare).replace(",", ".")
    if "." in bare:
        bare = bare.rstrip("0").rstrip(".")
    return bare


@lru_cache(maxsize=65_536)
def _word(word: str) -> tuple[str, bool]:
    return stem(word), is_stopword(word)


def tokenise(text: str) -> tuple[Token, ...]:
    """Return the tokens of `text` in order, elided articles left out.

    Numbers are one token each, thousands separators included, and their stem is the number
    normalised by :func:`normalise_number`.
    """
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "elision":
            continue
        word = match.group()
        start, end = match.span()
        if kind == "number":
            number = normalise_number(word[:_LONGEST_WORD])
            tokens.append(Token(start, end, word, number, False, True))
        else:
            root, empty = _word(word[:_LONGEST_WORD])
            tokens.append(Token(start, end, word, root, empty, False))
    return tuple(tokens)


@lru_cache(maxsize=131_072)
def _is_content(term: str) -> bool:
    return term[0].isdecimal() or (len(term) > 1 and not is_stopword(term))


@lru_cache(maxsize=131_072)
def _content_stem(term: str) -> str | None:
    if not _is_content(term):
        return None
    return normalise_number(term) if term[0].isdecimal() else stem(term)


def content_terms(text: str) -> list[str]:
    """Return the words and numbers of `text` that carry meaning, as written, in order.

    Stop words, single letters and elided articles are left out; a term is cut after 40
    characters.
    """
    terms = [term[:_LONGEST_WORD] for term in _TERM.findall(text) if term]
    return [term for term in terms if _is_content(term)]


def content_stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words of `text` that carry meaning, in order, repeats kept.

    Stop words and single letters are left out; a text made of those alone gives ``()``.
    """
    return tuple(
        found
        for term in _TERM.findall(text)
        if term and (found := _content_stem(term[:_LONGEST_WORD])) is not None
    )
