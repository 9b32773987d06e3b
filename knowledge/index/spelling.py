"""What a word that the index does not know was meant to be: one typing error away.

One letter more, less, other or two swapped (Damerau 1964), never the first one, which typists
seldom miss. A letter too many and swapped ones are mended before the word is stemmed, since an
error in an ending («constructoin») hides it from the stemmer; the many letters that may be
missing or wrong are tried on the stem alone, which is a fifth of the time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache

from knowledge.index.vocabulary import passage_counts
from knowledge.text.french import family_stem, stem

_SHORTEST = 5  # letters; shorter words have too many neighbours
_LONGEST = 20  # letters; a longer one is seldom a word, and its edits take time
_MOST_WORDS = 4  # corrected in one query
_MOST_CORRECTIONS = 3  # of one word
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def corrections(connection: sqlite3.Connection, words: Iterable[str]) -> dict[str, int]:
    """Return the stems in the index that `words`, which it does not know, may stand for.

    Each with the number of its passages. At most three a word, those of the most; words that are
    short, very long or not made of letters have none, and so have those after the fourth.
    """
    fixable = [word for word in words if _SHORTEST <= len(word) <= _LONGEST and word.isalpha()]
    found: dict[str, int] = {}
    for word in fixable[:_MOST_WORDS]:
        counts = passage_counts(connection, _neighbours(word.lower()))
        likeliest = sorted(counts, key=lambda term: (-counts[term], term))[:_MOST_CORRECTIONS]
        found |= {term: counts[term] for term in likeliest}
    return found


@lru_cache(maxsize=64)  # a question is searched more than once
def _neighbours(word: str) -> tuple[str, ...]:
    """Return the stems one edit away that begin with the same letter."""
    known = stem(word)
    stems = {stem(edit) for edit in _shuffled(word)} | set(map(family_stem, _respelt(known)))
    return tuple(sorted(one for one in stems if one != known and len(one) >= _SHORTEST - 2))


def _shuffled(word: str) -> Iterator[str]:
    """Yield `word` with one letter left out, or two swapped."""
    for place in range(1, len(word)):
        yield word[:place] + word[place + 1 :]
        yield word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


def _respelt(known: str) -> Iterator[str]:
    """Yield a stem with one letter more, or another one."""
    for place in range(1, len(known) + 1):
        for other in _LETTERS:
            yield known[:place] + other + known[place:]
            yield known[:place] + other + known[place + 1 :]
