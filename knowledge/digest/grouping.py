"""Which articles are about one event: what happened, where and to whom, and on which day.

Two floods share their words, and two articles about one town its names; an event is both, so
that the likeness of two articles is the geometric mean of the two, the names a little heavier.
Two festivals of one week-end are alike all the same: what shares but one rare name, or but one
rare word of what is told first, counts for less.
Groups are made by average linkage (Sokal and Michener 1958), the most alike first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from knowledge.digest.reading import ReadArticle, Vector, unit

_SAME_DAY = 0.06  # added where both name one day
_NAMES = 0.6  # weight of the names in the mean, against 0.4
_MILD = 0.5  # exponent of the weight that tells what few of the articles have
_OTHERS = 50  # articles beside those compared
_NEAR = 0.1  # what is less alike is taken for not alike at all
_LEAST_SHARED = 2  # rare names, and rare words of titles and leads
_TOO_LITTLE = 0.75  # factor where less of either is shared
SAME_EVENT = 0.26
"""Likeness from which articles are of one event.

Of the 630 pairs of shipped articles, the two that are of one event have 0.48 and 0.32, the others
at most 0.22.
"""


class Likenesses:
    """How alike articles are, by their places; what is hardly alike counts as not at all."""

    def __init__(self, matrix: NDArray[np.float32]) -> None:
        self.matrix = matrix
        ones, others = np.nonzero(np.triu(matrix >= SAME_EVENT, 1))
        order = np.lexsort((others, ones, -matrix[ones, others]))
        self._close = np.stack((ones[order], others[order]), axis=1)

    def close_pairs(self, members: NDArray[np.intp]) -> list[tuple[int, int]]:
        """Return the pairs of `members` that may be of one event, the most alike first."""
        chosen = np.zeros(len(self.matrix), dtype=bool)
        chosen[members] = True
        pairs = self._close[chosen[self._close].all(axis=1)]
        return [(one, other) for one, other in pairs.tolist()]


def likenesses(articles: Sequence[ReadArticle]) -> Likenesses:
    """Return how alike `articles` are, from 0.1 to 1.06; what is less is 0."""
    topics = _Postings([article.topic for article in articles])
    names = _Postings([article.names for article in articles])
    on_day = _places_by_day(articles)
    matrix = np.zeros((len(articles), len(articles)), dtype=np.float32)
    for place, article in enumerate(articles):
        alike = topics.cosines(place) ** (1 - _NAMES) * names.cosines(place) ** _NAMES
        alike[alike < _NEAR] = 0.0
        same_day = np.zeros(len(articles), dtype=bool)
        for day in article.days:
            same_day[on_day[day]] = True
        alike[same_day & (alike > 0.0)] += _SAME_DAY
        for other in np.flatnonzero(alike >= SAME_EVENT).tolist():
            if not _share_enough(article, articles[other]):
                alike[other] *= _TOO_LITTLE
        matrix[place] = alike
    return Likenesses(np.maximum(matrix, matrix.T))


def _places_by_day(articles: Sequence[ReadArticle]) -> Mapping[tuple[int, int], list[int]]:
    """Return the places of the articles that name each day."""
    found: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for place, article in enumerate(articles):
        for day in article.days:
            found[day].append(place)
    return found


def _share_enough(one: ReadArticle, other: ReadArticle) -> bool:
    """Whether two articles share several rare names, and several rare words told first."""
    return (
        len(one.rare_names & other.rare_names) >= _LEAST_SHARED
        and len(one.rare_words & other.rare_words) >= _LEAST_SHARED
    )


class _Postings:
    """Vectors by their stems, to compare one with all at once.

    A stem that many of the articles share weighs less, as if there were fifty more of which one
    has it: the town of a local paper tells no event from another.
    """

    def __init__(self, vectors: Sequence[Vector]) -> None:
        shared = Counter(stem for vector in vectors for stem in vector)
        total = len(vectors) + _OTHERS
        rarer = {stem: log(1 + total / (count + 1)) ** _MILD for stem, count in shared.items()}
        numbers = {stem: number for number, stem in enumerate(shared)}
        places: list[int] = []
        stems: list[int] = []
        weights: list[float] = []
        for place, vector in enumerate(vectors):
            own = unit({stem: weight * rarer[stem] for stem, weight in vector.items()})
            places += [place] * len(own)
            stems += [numbers[stem] for stem in own]
            weights += own.values()
        self._count = len(vectors)
        self._first = np.searchsorted(places, np.arange(len(vectors) + 1))
        self._own = np.array(weights)
        # The same entries stem after stem, each stem's by place: where each stands among them.
        row = np.array(stems, dtype=np.intp)
        by_stem = np.argsort(row, kind="stable")
        self._places, self._weights = np.array(places, dtype=np.intp)[by_stem], self._own[by_stem]
        self._start = np.argsort(by_stem)
        self._end = np.cumsum(np.bincount(row))[row]

    def cosines(self, place: int) -> NDArray[np.float64]:
        """Return the cosine of the vector at `place` with itself and each after it, 0 before."""
        own = slice(self._first[place], self._first[place + 1])
        start, end = self._start[own], self._end[own]
        rows = list(map(slice, start.tolist(), end.tolist()))
        if not rows:
            return np.zeros(self._count)
        weights = np.concatenate([self._weights[row] for row in rows])
        weights *= np.repeat(self._own[own], end - start)
        places = np.concatenate([self._places[row] for row in rows])
        total = np.bincount(places, weights, minlength=self._count)
        return total.astype(np.float64, copy=False)


def group(members: Sequence[int], alike: Likenesses) -> tuple[tuple[int, ...], ...]:
    """Return `members` (in ascending order) in groups of one event, each in ascending order.

    Two groups become one while the mean likeness between their members is that of one event.
    """
    places = np.array(members, dtype=np.intp)
    pairs = alike.close_pairs(places)
    groups: dict[int, tuple[int, ...]] = {member: (member,) for member in members}
    # Row and column of a group's first member hold the sums over the whole group.
    paired = sorted({member for pair in pairs for member in pair})
    sums = alike.matrix[np.ix_(paired, paired)] if pairs else alike.matrix[:0]
    at = {member: place for place, member in enumerate(paired)}
    for one, other in pairs:
        left, right = groups[one], groups[other]
        if left is right:
            continue
        low, high = at[left[0]], at[right[0]]
        if sums[low, high] < SAME_EVENT * len(left) * len(right):
            continue
        joined = tuple(sorted((*left, *right)))
        groups.update(dict.fromkeys(joined, joined))
        first, gone = (low, high) if low < high else (high, low)
        sums[first] += sums[gone]
        sums[:, first] += sums[:, gone]
    return tuple(dict.fromkeys(groups.values()))
