"""The fitted weights: from features of a sentence to its score and to a confidence.

Two linear models, fitted on PIAF's training questions by ``python -m knowledge.evaluation.fit``
and shipped in ``weights.json``: the first orders the sentences of one question (conditional
logit), the second says how likely the first of them is right (logistic regression).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A weight a feature, and a bias. A feature without a weight counts nothing."""

    weights: Mapping[str, float]
    bias: float = 0.0

    def score(self, features: Mapping[str, float]) -> float:
        """Return the weighted sum."""
        total = self.bias
        for name, weight in self.weights.items():
            total += weight * features.get(name, 0.0)
        return total

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the logistic function of the score: 0 to 1."""
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, self.score(features)))))


@dataclass(frozen=True, slots=True)
class ExtractWeights:
    """The models of extract mode."""

    ranking: LinearModel
    answerable: LinearModel


@lru_cache(maxsize=1)
def shipped_weights() -> ExtractWeights:
    """Return the weights that the package ships."""
    content = json.loads(files("knowledge.search").joinpath("weights.json").read_text("utf-8"))
    return ExtractWeights(_model(content["ranking"]), _model(content["answerable"]))


def _model(content: Mapping[str, object]) -> LinearModel:
    weights = content["weights"]
    bias = content["bias"]
    if not isinstance(weights, dict) or not isinstance(bias, int | float):
        raise TypeError("weights.json is damaged")
    return LinearModel({name: float(value) for name, value in weights.items()}, float(bias))


def shares(scores: Sequence[float]) -> list[float]:
    """Return the softmax of `scores`: they sum to 1."""
    if not scores:
        return []
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
