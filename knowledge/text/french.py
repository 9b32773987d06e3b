"""French words: tokens with exact offsets, accent folding, stems.

A token is a run of letters or digits; elided articles (l’, d’, qu’, …) are tokens of their
own, so that «l’énergie» and «énergie» share a stem. Stems are Snowball French (Porter 2001)
computed on the word with its accents, then folded, so that a question typed without accents
matches wherever Snowball's suffix rules agree on both spellings.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

_snowball = Stemmer.Stemmer("french")

_ELISION = r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)['’ʼ]"
_TOKEN = re.compile(
    rf"(?P<elision>\b{_ELISION})(?=\w)"
    r"|(?P<number>\d+(?:[ \u00a0\u2009\u202f.]\d{3}(?!\d))*(?:[.,]\d+)?)"
    r"|(?P<word>[^\W\d_]+)",
    re.IGNORECASE,
)

STOPWORDS = frozenset(
    """a à ai aie ait alors après as au aucun aucune aura aurait aussi autre autres aux avaient
    avait avant avec avez avoir avons ayant bien c ça car ce ceci cela celle celles celui ces cet
    cette ceux chez ci comme d dans de depuis des doit donc dont du elle elles en encore entre es
    est et étaient était étant être eu eux fait fut il ils j jusqu l la là le les leur leurs lors
    lui m ma mais me même mêmes mes moi moins mon n ne ni nos notre nous on ont ou où par pas
    pendant peu plus plusieurs pour puis qu quand que quel quelle quelles quels qui quoi s sa sans
    se sera serait ses si soi soit son sont sous sur t ta te tes toi ton tous tout toute toutes
    très tu un une vers voici voilà vos votre vous y été combien comment pourquoi lequel laquelle
    lesquels lesquelles quelqu lorsqu puisqu""".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text: ``text[start:end]``, and its folded stem."""

    start: int
    end: int
    text: str
    stem: str
    is_stopword: bool
    is_number: bool


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return `text` in lower case, without accents, ligatures opened, apostrophes straight."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.replace("œ", "oe").replace("æ", "ae").replace("’", "'").replace("ʼ", "'")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the folded Snowball stem of one word."""
    lowered = unicodedata.normalize("NFC", word.casefold())
    return fold(_snowball.stemWord(lowered))


_FOLDED_STOPWORDS = frozenset(fold(word) for word in STOPWORDS)


@lru_cache(maxsize=65_536)
def _is_stopword(word: str) -> bool:
    return fold(word) in _FOLDED_STOPWORDS


def normalise_number(text: str) -> str:
    """Return a number as written in French in one form: «200 000» → «200000», «1,50» → «1.5»."""
    bare = re.sub(r"\s", "", text)
    bare = re.sub(r"\.(?=\d{3}(?:\D|$))", "", bare).replace(",", ".")
    if "." in bare:
        bare = bare.rstrip("0").rstrip(".")
    return bare


def tokenise(text: str) -> tuple[Token, ...]:
    """Return the tokens of `text` in order, elided articles left out.

    Numbers are one token each, thousands separators included, and their stem is the number
    normalised by :func:`normalise_number`.
    """
    tokens = []
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "elision":
            continue
        word = match.group()
        is_number = match.lastgroup == "number"
        word_stem = normalise_number(word) if is_number else stem(word)
        tokens.append(
            Token(match.start(), match.end(), word, word_stem, _is_stopword(word), is_number)
        )
    return tuple(tokens)


def content_stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words of `text` that carry meaning, in order, repeats kept.

    Stop words and single letters are left out; a text made of those alone gives ``()``.
    """
    return tuple(
        token.stem
        for token in tokenise(text)
        if not token.is_stopword and (token.is_number or len(token.text) > 1)
    )
