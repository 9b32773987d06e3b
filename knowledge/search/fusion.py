"""Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009), weighted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.types import PassageId

DEFAULT_K = 60


def fuse(
    rankings: Mapping[str, Sequence[PassageId]],
    *,
    weights: Mapping[str, float],
    k: int = DEFAULT_K,
) -> tuple[tuple[PassageId, float], ...]:
    """Return the ids of all rankings, best first, each with ``sum(weight / (k + rank))``.

    Ranks count from 1; of an id repeated within one ranking, the first rank counts. Ties go by
    id, so the order does not depend on which retriever answered first. A ranking without a
    weight weighs 1.

    Raises:
        ValueError: a weight is negative, or `k` is below 1.
    """
    if k < 1 or any(weight < 0 for weight in weights.values()):
        raise ValueError("k is at least 1 and no weight is negative")
    scores: dict[PassageId, float] = {}
    for name, ranking in rankings.items():
        weight = weights.get(name, 1.0)
        for rank, found in enumerate(dict.fromkeys(ranking), 1):
            scores[found] = scores.get(found, 0.0) + weight / (k + rank)
    return tuple(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
