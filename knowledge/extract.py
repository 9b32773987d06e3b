"""Extract mode: the sentence that answers, exactly quoted, or an abstention. No model.

The sentences of the passages found are read (:mod:`knowledge.search.reading`), ordered by fitted
features (:mod:`knowledge.search.features`), and the best is shown when a second fitted model
believes it; its likeliest short answer is marked (:mod:`knowledge.search.highlight`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from knowledge.conversation import ContextualQuestion
from knowledge.search.answerability import answerability_features, plausibility
from knowledge.search.candidates import RankedSentence, rank_sentences
from knowledge.search.features import Rarity
from knowledge.search.highlight import short_answer
from knowledge.search.question import AnswerType
from knowledge.search.reading import read_sentence
from knowledge.search.scoring import ExtractWeights, shipped_weights
from knowledge.search.spans import answer_spans, counted
from knowledge.search.typing_errors import mended
from knowledge.text.french import content_stems
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

DEFAULT_THRESHOLD = 0.6

_CONSIDERED = 8  # sentences told as evidence of an answer
# A second opinion scores and covers the question nearly as well as the best sentence does.
_DISAGREEMENT_SCORE = 2.0
_DISAGREEMENT_COVERAGE = 0.1
_DISAGREEMENT_OVERLAP = 0.25  # of the question, in the very sentence: a like figure is not enough


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
    found = chain.from_iterable(sentences.get(hit.passage.id, ()) for hit in hits)
    question = mended(question, (read_sentence(one.text) for one in found))
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
    claims = [_claim(question, ranked)]
    other = _contradicting(question, ranked)
    if other is not None:
        claims.append(Claim("", (_citation(question, other),)))
    return ExtractedAnswer(tuple(claims), confidence, evidence)


def _claim(question: ContextualQuestion, ranked: Sequence[RankedSentence]) -> Claim:
    best = ranked[0]
    citation = _citation(question, best)
    context = _context(best, ranked)
    if context is None:
        return Claim("", (citation,))
    return Claim("", (citation, Citation.of_sentence(context.sentence, context.article)))


def _citation(question: ContextualQuestion, one: RankedSentence) -> Citation:
    return Citation.of_sentence(one.sentence, one.article, _highlight(question, one))


def _contradicting(
    question: ContextualQuestion, ranked: Sequence[RankedSentence]
) -> RankedSentence | None:
    """Return the sentence of another article that gives another figure or date, if any.

    It must answer about as well and count the same: the reader is told that sources differ, not
    shown what else was found («6 200 habitants» does not contradict «412 personnes évacuées»).
    """
    best = ranked[0]
    figures = _figures(question, best)
    if not figures:
        return None
    for one in ranked[1:_CONSIDERED]:
        if one.score < best.score - _DISAGREEMENT_SCORE:
            return None
        covered = one.features["topic"] >= best.features["topic"] - _DISAGREEMENT_COVERAGE
        overlaps = one.features["covered"] >= _DISAGREEMENT_OVERLAP
        if covered and overlaps and one.article.id != best.article.id:
            others = _figures(question, one)
            if others and not others & figures and _counts_alike(question, best, one):
                return one
    return None


def _counts_alike(
    question: ContextualQuestion, best: RankedSentence, other: RankedSentence
) -> bool:
    """Whether both short answers have one unit or noun, or nouns that the question has."""
    analysis = question.analysis
    if analysis.type is AnswerType.DATE:
        return True
    first, second = (
        counted(one.candidate.reading, answer_spans(analysis, one.candidate.reading)[0].span)
        for one in (best, other)
    )
    return first == second or second in analysis.stems


def _figures(question: ContextualQuestion, one: RankedSentence) -> frozenset[str]:
    """Return the numbers of the short answer, if the question asks for a figure or a date."""
    analysis = question.analysis
    if analysis.type not in (AnswerType.NUMBER, AnswerType.DATE):
        return frozenset()
    spans = answer_spans(analysis, one.candidate.reading)
    if not spans or not spans[0].is_sure:
        return frozenset()
    said = frozenset(content_stems(spans[0].span.of(one.sentence.text)))
    return frozenset(stem for stem in said if stem[0].isdecimal()) or said


def _highlight(question: ContextualQuestion, best: RankedSentence) -> Span | None:
    found = short_answer(question.analysis, best.candidate.reading)
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
