"""What a mistyped word of a question was meant to be, by the sentences found for it. Pure.

A word that is not French as far as we know counts as the rarest there is, and is asked for as a
name would be: «personnnes» outweighs «évacuées», and no figure counts it. Such a word is read as
the word of the sentences that has a letter more or less, or two swapped (Damerau 1964). Names are
left as they are, since «Martin» and «Martine» are two people, and so are words that are French:
«poison» is no «poisson».
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from knowledge.conversation import ContextualQuestion
from knowledge.search.matching import one_edit
from knowledge.search.reading import Reading
from knowledge.search.synonyms import synonym_stems
from knowledge.text.french import STOPWORDS, Token, fold, stem, tokenise
from knowledge.text.frequency import french_frequencies

_SHORTEST = 5  # letters; shorter words have too many neighbours
_LONGEST = 20
_MOST_WORDS = 4  # mended in one question


def mended(question: ContextualQuestion, readings: Iterable[Reading]) -> ContextualQuestion:
    """Return `question` with its typing errors put right, as far as `readings` tell how."""
    text = question.text
    doubtful = [token for token in tokenise(text) if _is_doubtful(token)][:_MOST_WORDS]
    if not doubtful:
        return question
    found = Counter(token.text for reading in readings for token in reading.tokens)
    for token in reversed(doubtful):
        meant = _meant(token.text, found)
        if meant is not None:
            text = text[: token.start] + meant + text[token.end :]
    return question if text == question.text else replace(question, text=text)


def _is_doubtful(token: Token) -> bool:
    """Whether a word is long enough to be judged, no name, and not French for all we know."""
    word = token.text
    return (
        not token.is_number
        and not token.is_stopword
        and _SHORTEST <= len(word) <= _LONGEST
        and (word.islower() or token.start == 0)
        and token.stem not in _known_stems()
    )


def _meant(word: str, found: Counter[str]) -> str | None:
    """Return the commonest word that is one error from `word`, None if it stands as it is."""
    typed, root = fold(word), stem(word)
    likely: Counter[str] = Counter()
    for other, count in found.items():
        if fold(other[0]) != typed[0]:
            continue
        if stem(other) == root:
            return None
        if other.islower() and len(other) >= _SHORTEST and _is_slip(typed, fold(other)):
            likely[other] += count
    for other in _asking_words():
        if other[0] == typed[0] and _is_slip(typed, fold(other)):
            likely[other] += 1
    return max(likely, key=lambda one: (likely[one], one), default=None)


def _is_slip(typed: str, other: str) -> bool:
    """Whether one letter more, less or two swapped make `other`; another one makes a word.

    Of PIAF's questions, that would have read «solidaire» as «solitaire».
    """
    replaced = len(typed) == len(other) and sorted(typed) != sorted(other)
    return not replaced and one_edit(typed, other)


@lru_cache(maxsize=1)
def _known_stems() -> frozenset[str]:
    """Return the stems of the words that we know to be French."""
    synonyms = synonym_stems()
    return frozenset(french_frequencies().counts).union(synonyms, *synonyms.values())


@lru_cache(maxsize=1)
def _asking_words() -> tuple[str, ...]:
    return tuple(sorted(word for word in STOPWORDS if len(word) >= _SHORTEST))
