"""How well a stem of a question is matched by a stem of a text. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from knowledge.search.synonyms import synonym_stems

EXACT = 1.0
_SPELLING = 0.7  # one letter wrong, or one word derived from the other
_MEANING = 0.45  # through the table of synonyms
_SHORTEST_DERIVED = 5
_SHORTEST_TYPED = 5
_ACCENT = "é"  # stems are folded: none ends so by itself


def as_other_form(stem: str) -> str:
    """Return `stem` marked as that of another word of its letters: «coupé» beside «coupe»."""
    return stem + _ACCENT


@lru_cache(maxsize=65_536)
def spelling_similarity(asked: str, found: str) -> float:
    """Return 1 for equal stems, 0.7 for a typing error or a derived word, else 0.

    Derived: a common beginning of five letters or more that is most of both («restaur»,
    «restaurat»). A typing error: one letter more, less, other or swapped, in a stem of five or
    more. Numbers match only themselves.
    """
    if asked == found:
        return EXACT
    if found == as_other_form(asked):
        return _SPELLING
    shorter, longer = sorted((len(asked), len(found)))
    if shorter < 4 or longer - shorter > 5 or asked[0].isdecimal() or found[0].isdecimal():
        return 0.0
    common = _common_beginning(asked, found)
    if common >= _SHORTEST_DERIVED and common >= shorter - 1 and common / longer >= 0.6:
        return _SPELLING
    if shorter >= _SHORTEST_TYPED and longer - shorter <= 1 and one_edit(asked, found):
        return _SPELLING
    return 0.0


def _common_beginning(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def one_edit(one: str, other: str) -> bool:
    """Tell whether one letter more, less, other or two swapped make `one` of `other`."""
    start = _common_beginning(one, other)
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
        return swapped or left[1:] == right[1:]
    shorter, longer = sorted((left, right), key=len)
    return longer[1:] == shorter


class Matcher:
    """Matches texts against the stems of one question; each stem is compared once."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._by_letter: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self._by_synonym: defaultdict[str, list[int]] = defaultdict(list)
        for position, asked in enumerate(stems):
            self._by_letter[asked[:1]].append((position, asked))
            for found in synonym_stems().get(asked, ()):
                self._by_synonym[found].append(position)
        self._seen: dict[str, tuple[tuple[int, float], ...]] = {}

    def strengths(self, stems: Iterable[str]) -> Mapping[int, float]:
        """Return the best match, above 0 and up to 1, of each question stem (by position)."""
        best: dict[int, float] = {}
        seen = self._seen
        for found in stems:
            matches = seen.get(found)
            if matches is None:
                matches = seen[found] = tuple(self._compare(found).items())
            for position, strength in matches:
                if strength > best.get(position, 0.0):
                    best[position] = strength
        return best

    def _compare(self, found: str) -> dict[int, float]:
        matches = dict.fromkeys(self._by_synonym.get(found, ()), _MEANING)
        for position, asked in self._by_letter.get(found[:1], ()):
            strength = spelling_similarity(asked, found)
            if strength > 0.0:
                matches[position] = strength
        return matches
