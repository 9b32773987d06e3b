"""What became of a quoted sentence in a newer version of its article. Pure.

Typography alone (blanks, kinds of quotation marks, apostrophes and dashes) is no change of what is
said. The sentence that took the place of a quoted one is the one that shares most words with it,
in order: Ratcliff and Obershelp's ratio over words (:class:`difflib.SequenceMatcher`), 0.5 at
least. A sentence with less in common is another one, and the quoted one is lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from knowledge.articles import Article, Sentence
from knowledge.types import Citation

LEAST_ALIKE = 0.5
_COMPARED = 5  # sentences, those with the most words in common
_LONGEST = 400  # words of a sentence that are compared

_WORDS = re.compile(r"\w+")
_TYPOGRAPHY = str.maketrans(
    {"’": "'", "ʼ": "'", "«": '"', "»": '"', "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"}
)


@dataclass(frozen=True, slots=True)
class Correction:
    """A quoted sentence, and what the newer version says in its place; None: nothing."""

    before: Citation
    after: Citation | None = None

    def __post_init__(self) -> None:
        if self.after is not None and self.after.article.id != self.before.article.id:
            raise ValueError("a correction is within one article")


def correction(
    before: Citation, newer: Article, sentences: Sequence[Sentence]
) -> Correction | None:
    """Return what became of a quotation in a newer version; None if it stands there still.

    `sentences` are all those of `newer`, in order.
    """
    if _plain(before.quote) in _plain(newer.text):
        return None
    after = _successor(before, newer, sentences)
    return Correction(before, after)


def _successor(before: Citation, newer: Article, sentences: Sequence[Sentence]) -> Citation | None:
    words = _words(before.quote)
    candidates = [(sentence, _words(sentence.span.of(newer.text))) for sentence in sentences]
    candidates.sort(key=lambda each: -_shared(words, each[1]))
    best, found = LEAST_ALIKE, None
    for sentence, others in candidates[:_COMPARED]:
        ratio = SequenceMatcher(None, words, others, autojunk=False).ratio()
        if ratio >= best and (found is None or ratio > best):
            best, found = ratio, sentence
    return None if found is None else Citation.of_sentence(found, newer)


def _shared(words: Iterable[str], others: Sequence[str]) -> float:
    """Return the Dice coefficient of two bags of words."""
    one, other = Counter(words), Counter(others)
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _words(text: str) -> list[str]:
    return _WORDS.findall(_plain(text).casefold())[:_LONGEST]


def _plain(text: str) -> str:
    """Return `text` without differences of typography."""
    folded = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)
    folded = " ".join(folded.split()).replace('" ', '"').replace(' "', '"')
    return re.sub(r" ([;:!?])", r"\1", folded)
