"""From passages found to sentences in order of how well they answer. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.conversation import ContextualQuestion
from knowledge.search.features import Candidate, FeatureReader, Rarity, Surroundings
from knowledge.search.final_accents import plain_words, set_apart
from knowledge.search.reading import Reading, read_sentence
from knowledge.search.scoring import LinearModel
from knowledge.text.french import content_stems
from knowledge.types import Article, ArticleId, Hit, Passage, PassageId, Sentence

_CARRIED_WEIGHT = 0.35  # of a word carried over from the conversation, against 1
_PREFERRED_BONUS = 1.5  # score of a sentence of the article that answered before
_NEARBY_BONUS = 0.5  # the same, for a question that stands alone


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence with its score, its features and what stands around it."""

    sentence: Sentence
    article: Article
    candidate: Candidate
    features: Mapping[str, float]
    score: float


def rank_sentences(
    question: ContextualQuestion,
    *,
    hits: Sequence[Hit],
    sentences: Mapping[PassageId, Sequence[Sentence]],
    articles: Mapping[ArticleId, Article],
    rarity: Rarity,
    model: LinearModel,
) -> tuple[FeatureReader, tuple[RankedSentence, ...]]:
    """Return the reader of the question's features, and the sentences, the best first."""
    reader = feature_reader(question, rarity)
    preferred = frozenset(question.articles)
    preference = _PREFERRED_BONUS if question.is_follow_up else _NEARBY_BONUS
    ranked = []
    known = frozenset(content_stems(" ".join(question.carried)))
    for sentence, article, candidate in _candidates(
        hits, sentences, articles, dict.fromkeys(preferred, known), plain_words(question.text)
    ):
        features = reader.read(candidate)
        bonus = preference if article.id in preferred else 0.0
        score = model.score(features) + bonus
        ranked.append(RankedSentence(sentence, article, candidate, features, score))
    ranked.sort(key=lambda one: (-one.score, one.article.id, one.sentence.index))
    return reader, tuple(ranked)


def feature_reader(question: ContextualQuestion, rarity: Rarity) -> FeatureReader:
    """Return the reader for `question`; words carried over weigh a third of its own."""
    analysis = question.analysis
    own = frozenset(analysis.stems)
    carried = content_stems(" ".join(question.carried))
    stems = tuple(dict.fromkeys((*analysis.stems, *carried)))

    def weight(stem: str) -> float:
        return rarity(stem) if stem in own else _CARRIED_WEIGHT * rarity(stem)

    return FeatureReader(replace(analysis, stems=stems), weight)


def _candidates(
    hits: Sequence[Hit],
    sentences: Mapping[PassageId, Sequence[Sentence]],
    articles: Mapping[ArticleId, Article],
    known: Mapping[ArticleId, frozenset[str]],
    plain: frozenset[str],
) -> Iterator[tuple[Sentence, Article, Candidate]]:
    """Yield each sentence of the hits once, with its surroundings.

    `known` are stems that an article is about, beside its title's: those of the question it
    answered before. `plain` are the words that the question means without a last accent.
    """
    current = [
        (hit.passage, articles[hit.passage.article_id])
        for hit in hits
        if hit.passage.article_id in articles
        and articles[hit.passage.article_id].version == hit.passage.version
    ]
    readings = {
        passage.id: tuple(
            set_apart(read_sentence(one.text), plain) for one in sentences.get(passage.id, ())
        )
        for passage, _ in current
    }
    for (passage, article), around in zip(
        current, _surroundings(current, readings, known), strict=True
    ):
        read = readings[passage.id]
        for place, sentence in enumerate(sentences.get(passage.id, ())):
            before = read[place - 1] if place else None
            after = read[place + 1] if place + 1 < len(read) else None
            yield sentence, article, Candidate(read[place], before, after, sentence.index, around)


def _surroundings(
    current: Sequence[tuple[Passage, Article]],
    readings: Mapping[PassageId, tuple[Reading, ...]],
    known: Mapping[ArticleId, frozenset[str]],
) -> Iterator[Surroundings]:
    """Yield what stands around the sentences of each passage, in their order."""
    siblings: defaultdict[ArticleId, tuple[Reading, ...]] = defaultdict(tuple)
    for passage, article in current:
        siblings[article.id] += readings[passage.id]
    of_article = {article: _stems(together) for article, together in siblings.items()}
    for rank, (passage, article) in enumerate(current, 1):
        yield Surroundings(
            rank,
            frozenset(content_stems(article.title)) | known.get(article.id, frozenset()),
            _stems(readings[passage.id]),
            of_article[article.id],
            siblings[article.id],
        )


def _stems(readings: Sequence[Reading]) -> frozenset[str]:
    return frozenset().union(*(reading.stem_set for reading in readings))
