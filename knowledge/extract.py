"""Extract mode: the sentence that answers, exactly quoted, or an abstention. No model.

The sentences of the passages found are read (:mod:`knowledge.search.reading`), ordered by fitted
features (:mod:`knowledge.search.features`), and the best is shown when a second fitted model
believes it; its likeliest short answer is marked (:mod:`knowledge.search.spans`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.conversation import ContextualQuestion
from knowledge.search.answerability import answerability_features, plausibility
from knowledge.search.candidates import RankedSentence, rank_sentences
from knowledge.search.features import Rarity
from knowledge.search.scoring import ExtractWeights, shipped_weights
from knowledge.search.spans import short_answer
from knowledge.text.frequency import french_frequencies
from knowledge.types import (
    Article,
    ArticleId,
    Citation,
    Claim,
    Evidence,
    Hit,
    PassageId,
    Sentence,
    Span,
)

DEFAULT_THRESHOLD = 0.5

_CONSIDERED = 8  # sentences told as evidence of an answer


@dataclass(frozen=True, slots=True)
class ExtractedAnswer:
    """No claim is an abstention. `confidence`, 0 to 1, that the first claim answers.

    `evidence` are the best sentences in the order of their score, labelled from 1.
    """

    claims: tuple[Claim, ...]
    confidence: float
    evidence: tuple[Evidence, ...] = ()


def extract_answer(
    question: ContextualQuestion,
    *,
    hits: Sequence[Hit],
    sentences: Mapping[PassageId, Sequence[Sentence]],
    articles: Mapping[ArticleId, Article],
    threshold: float = DEFAULT_THRESHOLD,
    rarity: Rarity | None = None,
    weights: ExtractWeights | None = None,
) -> ExtractedAnswer:
    """Return the one to three sentences that answer `question`, or an abstention.

    `sentences` are those of each hit's passage; hits whose article is not in `articles`, or of
    another version, are left out. `rarity` weighs stems (by default the shipped table).
    """
    models = weights or shipped_weights()
    reader, ranked = rank_sentences(
        question,
        hits=hits,
        sentences=sentences,
        articles=articles,
        rarity=rarity or french_frequencies().rarity,
        model=models.ranking,
    )
    if not ranked:
        return ExtractedAnswer((), 0.0)
    confidence = models.answerable.probability(answerability_features(reader, ranked))
    confidence *= plausibility(reader, ranked[0].features)
    evidence = tuple(
        Evidence(label, one.sentence, one.article, one.score)
        for label, one in enumerate(ranked[:_CONSIDERED], 1)
    )
    if confidence < threshold:
        return ExtractedAnswer((), confidence, evidence)
    return ExtractedAnswer((_claim(question, ranked),), confidence, evidence)


def _claim(question: ContextualQuestion, ranked: Sequence[RankedSentence]) -> Claim:
    best = ranked[0]
    citation = Citation.of_sentence(best.sentence, best.article, _highlight(question, best))
    context = _context(best, ranked)
    if context is None:
        return Claim("", (citation,))
    return Claim("", (citation, Citation.of_sentence(context.sentence, context.article)))


def _highlight(question: ContextualQuestion, best: RankedSentence) -> Span | None:
    found = short_answer(question.text, best.candidate.reading)
    return found.shift(best.sentence.span.start) if found else None


def _context(best: RankedSentence, ranked: Sequence[RankedSentence]) -> RankedSentence | None:
    """Return the sentence before, when the best one opens with a pronoun that it explains."""
    if not best.candidate.reading.is_unresolved or best.candidate.before is None:
        return None
    return next(
        (
            one
            for one in ranked
            if one.article.id == best.article.id and one.sentence.index == best.sentence.index - 1
        ),
        None,
    )
