"""Does the best sentence answer at all? What speaks for it, as numbers. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from knowledge.search.features import HIGHEST_RARITY, Candidate, FeatureReader
from knowledge.search.matching import Matcher
from knowledge.search.question import AnswerType, QuestionAnalysis
from knowledge.search.scoring import shares
from knowledge.search.spans import answer_spans
from knowledge.types import Article

_ALTERNATIVES = 12  # best sentences among which the first one's share is taken
_AGREEING = 5  # best sentences of which it is told how many share the best one's article
_FAR = 100  # characters between an answer and the question's words that count as far
_WIDEST = 3.0  # a lead in score beyond which more says no more
_AS_READ = (  # features of the best sentence that are taken as they are
    "beyond told covered whole missing head_missing names_missing numbers_missing names_covered "
    "pairs closeness top_rank sure_span first"
).split()


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
    """A sentence with its features and score, as a ``RankedSentence`` of the candidates is."""

    @property
    def article(self) -> Article: ...  # noqa: D102 - described by the class

    @property
    def candidate(self) -> Candidate: ...  # noqa: D102 - described by the class

    @property
    def features(self) -> Mapping[str, float]: ...  # noqa: D102 - described by the class

    @property
    def score(self) -> float: ...  # noqa: D102 - described by the class


def answerability_features(reader: FeatureReader, ranked: Sequence[Scored]) -> dict[str, float]:
    """Return what tells a right best sentence from a wrong one; `ranked` is not empty."""
    features = ranked[0].features
    among = shares([one.score for one in ranked[:_ALTERNATIVES]])
    return {
        **{name: features[name] for name in _AS_READ},
        "covered_squared": features["covered"] ** 2,
        "whole_squared": features["whole"] * features["whole"],
        **_lead_of_best(ranked, among),
        **_agreement(ranked, among),
        **_of_question(reader.question, features),
        **_of_words(reader, ranked[0]),
    }


def _lead_of_best(ranked: Sequence[Scored], among: Sequence[float]) -> dict[str, float]:
    """Return how good the best score is, and by how much it leads."""
    margin = ranked[0].score - ranked[1].score if len(ranked) > 1 else _WIDEST
    return {
        "score": ranked[0].score / 10.0,
        "share": among[0],
        "margin": min(margin, _WIDEST) / _WIDEST,
    }


def _of_question(question: QuestionAnalysis, best: Mapping[str, float]) -> dict[str, float]:
    """Return what is asked for, and whether the best sentence lacks an answer of that kind."""
    is_number = float(question.type is AnswerType.NUMBER)
    is_counted = float(question.type is AnswerType.NUMBER and question.head is not None)
    return {
        "has_names": float(bool(question.names)),
        "words": min(math.log1p(len(question.stems)), 2.5) / 2.5,
        "typed": max(best[f"has_{kind.value}"] for kind in AnswerType),
        "untyped_number": is_number * (1.0 - best["has_number"]),
        "uncounted": is_counted * (1.0 - best["sure_span"]),
        "untyped_date": float(question.type is AnswerType.DATE) * (1.0 - best["has_date"]),
        "untyped_person": float(question.type is AnswerType.PERSON) * (1.0 - best["has_person"]),
        "is_definition": float(question.type is AnswerType.DEFINITION),
        "is_manner": float(question.type in (AnswerType.MANNER, AnswerType.REASON)),
        "is_thing": float(question.type is AnswerType.THING),
    }


def _agreement(ranked: Sequence[Scored], among: Sequence[float]) -> dict[str, float]:
    """Return how spread the shares are, and whether the best sentences are of one article."""
    best = ranked[:_AGREEING]
    return {
        "entropy": -sum(one * math.log(one) for one in among if one > 0.0) / 2.5,
        "one_article": sum(one.article.id == best[0].article.id for one in best) / len(best),
    }


def _of_words(reader: FeatureReader, best: Scored) -> dict[str, float]:
    """Return how the question's words stand in the best sentence, and which do not."""
    stems, reading = reader.question.stems, best.candidate.reading
    own = reader.matches(reading)
    title = Matcher(stems).strengths(best.candidate.around.title)
    lacking = sum(1.0 - max(own.get(i, 0.0), title.get(i, 0.0)) for i in range(len(stems)))
    places = [reading.stems.index(stem) for stem in stems if stem in reading.stem_set]
    ordered = sum(left < right for left, right in pairwise(places))
    return {
        "lacking": min(lacking, 6.0) / 6.0,
        "telling": _telling(reader, best.candidate, own),
        "far_answer": _distance_of_answer(reader, best.candidate, own),
        "in_order": ordered / (len(places) - 1) if len(places) > 1 else 0.5,
        "rarest": max(reader.rarities, default=0.0) / HIGHEST_RARITY,
    }


def _telling(reader: FeatureReader, candidate: Candidate, own: Mapping[int, float]) -> float:
    """Return the share matched of what would tell the answer apart within its article: 0 to 1.

    A stem weighs more the fewer sentences of the article hold it, and most if none does: that
    is where a question on the article's topic asks for something the article does not say.
    """
    siblings = candidate.around.siblings
    weights = [
        rarity * math.log(1.0 + len(siblings) / max(count, 0.5))
        for rarity, count in zip(reader.rarities, reader.counts(siblings), strict=True)
    ]
    total = sum(weights)
    return sum(weights[i] * value for i, value in own.items()) / total if total else 0.0


def _distance_of_answer(
    reader: FeatureReader, candidate: Candidate, own: Mapping[int, float]
) -> float:
    """Return how far the likeliest short answer stands from the question's words: 0 to 1.

    The second nearest word counts, since one alone is near something in any sentence. A
    question whose type has no short answer, or a sentence without one, is far.
    """
    spans = answer_spans(reader.question, candidate.reading)
    if not spans:
        return 1.0
    asked = {reader.question.stems[i] for i in own}
    span = spans[0].span
    distances = sorted(
        max(span.start - token.end, token.start - span.end, 0)
        for token in candidate.reading.tokens
        if token.stem in asked and not span.start <= token.start < span.end
    )
    return min(distances[1], _FAR) / _FAR if len(distances) > 1 else 1.0
