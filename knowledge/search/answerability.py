"""Does the best sentence answer at all? What speaks for it, as numbers. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from knowledge.search.features import FeatureReader
from knowledge.search.question import AnswerType
from knowledge.search.scoring import shares

_ALTERNATIVES = 12  # best sentences among which the first one's share is taken


def plausibility(reader: FeatureReader, best: Mapping[str, float]) -> float:
    """Return the factor, 0 to 1, by which the kind of answer missing lowers a confidence.

    A question for a figure is not answered by a sentence without one, however near it comes:
    too rare in the training questions (11, none right) for the fit to say so as firmly.
    """
    kind = reader.question.type
    if kind is AnswerType.NUMBER and best["has_number"] == 0.0:
        return 0.3
    return 1.0


class Scored(Protocol):
    """A sentence with its features and score, as :class:`candidates.RankedSentence` is."""

    @property
    def features(self) -> Mapping[str, float]: ...  # noqa: D102 - described by the class

    @property
    def score(self) -> float: ...  # noqa: D102 - described by the class


def answerability_features(reader: FeatureReader, ranked: Sequence[Scored]) -> dict[str, float]:
    """Return what tells a right best sentence from a wrong one; `ranked` is not empty."""
    best = ranked[0]
    features = best.features
    share = shares([one.score for one in ranked[:_ALTERNATIVES]])[0]
    margin = best.score - ranked[1].score if len(ranked) > 1 else 3.0
    whole = features["whole"]
    question = reader.question
    return {
        "score": best.score / 10.0,
        "share": share,
        "margin": min(margin, 3.0) / 3.0,
        "beyond": features["beyond"],
        "told": features["told"],
        "head_missing": features["head_missing"],
        "covered": features["covered"],
        "covered_squared": features["covered"] ** 2,
        "whole": whole,
        "whole_squared": whole * whole,
        "missing": features["missing"],
        "names_missing": features["names_missing"],
        "numbers_missing": features["numbers_missing"],
        "has_names": float(bool(question.names)),
        "pairs": features["pairs"],
        "closeness": features["closeness"],
        "words": min(math.log1p(len(question.stems)), 2.5) / 2.5,
        "top_rank": features["top_rank"],
        "typed": max(features[f"has_{kind.value}"] for kind in AnswerType),
        "untyped_number": float(question.type is AnswerType.NUMBER)
        * (1.0 - features["has_number"]),
        "uncounted": float(question.type is AnswerType.NUMBER and question.head is not None)
        * (1.0 - features["sure_span"]),
        "untyped_date": float(question.type is AnswerType.DATE) * (1.0 - features["has_date"]),
        "untyped_person": float(question.type is AnswerType.PERSON)
        * (1.0 - features["has_person"]),
        "sure_span": features["sure_span"],
        "is_definition": float(question.type is AnswerType.DEFINITION),
        "is_manner": float(question.type in (AnswerType.MANNER, AnswerType.REASON)),
        "is_thing": float(question.type is AnswerType.THING),
    }
