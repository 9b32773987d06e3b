"""Are two articles one text, cut or retouched? Decided on runs of words. Pure."""

from __future__ import annotations

from collections.abc import Iterable

_WORDS = 4  # of a run
_LEAST = 20  # runs: a shorter text has too little to be called anybody's copy
_JACCARD = 0.5
_CONTAINED = 0.75  # of the shorter text in the longer, which is then its source cut down

Shingles = frozenset[str]


def shingles(words: Iterable[str]) -> Shingles:
    """Return the runs of four of `words`, which come without case and accents."""
    listed = list(words)
    following = (listed[skipped:] for skipped in range(_WORDS))
    return frozenset(map(" ".join, zip(*following, strict=False)))


def is_same_story(one: Shingles, other: Shingles) -> bool:
    """Tell whether two texts are one story: half in common, or one mostly within the other."""
    small, large = sorted((len(one), len(other)))
    if small < _LEAST:
        return small > 0 and one == other
    common = len(one & other)
    return common >= _JACCARD * (small + large - common) or common >= _CONTAINED * small
