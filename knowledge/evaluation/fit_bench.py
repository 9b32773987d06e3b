"""Training questions asked to a base, as they are and with their answer taken away.

Two bases: PIAF's articles, and its paragraphs as short articles of their own under a headline
(the topic and the opening words), as news is: several on one topic, their titles made of the
words that questions use. A confidence fitted on the first alone trusts such titles too much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from knowledge.conversation import ContextualQuestion
from knowledge.evaluation.datasets import GoldQuestion, Piaf, PiafQuestion
from knowledge.evaluation.memory_base import DenseIndex, MemoryBase
from knowledge.evaluation.metrics import holds_answer
from knowledge.evaluation.piaf_base import PiafBase
from knowledge.index.builtin_embedder import BuiltinEmbedder
from knowledge.search.candidates import RankedSentence, rank_sentences
from knowledge.search.features import FeatureReader
from knowledge.search.retrieve import HybridRetriever
from knowledge.search.scoring import LinearModel
from knowledge.text.frequency import french_frequencies
from knowledge.text.sentences import split_sentences
from knowledge.types import ArticleDraft, ArticleId, Hit, PassageId, Sentence, Span, article_id

_HITS = 20
_HEADLINE = 9  # words of a paragraph's opening that make its headline
_NOW = datetime(2026, 1, 1, tzinfo=UTC)

# Of a question whose sentence, passage or article was taken away, against 1 for the question as
# it is: a third of what is asked has no answer, and mostly the topic is there all the same.
_WITHOUT_SENTENCE, _WITHOUT_PASSAGE, _WITHOUT_ARTICLE = 0.3, 0.12, 0.08


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as ranked: the reader, the sentences, and which of them hold the answer.

    `answers` tells whether the first one answers: by the annotation, or by the answer's words.
    """

    reader: FeatureReader
    ranked: tuple[RankedSentence, ...]
    right: tuple[bool, ...]
    answers: bool
    weight: float = 1.0


class NewsBase(PiafBase):
    """Every paragraph of PIAF as an article."""

    def __init__(self, piaf: Piaf) -> None:
        super().__init__(piaf)
        self._places = {
            passage.id: (article_id(_origin(passage.id)), Span(0, len(passage.text)))
            for passage in piaf.passages
        }

    def drafts(self) -> Iterator[ArticleDraft]:
        """Yield the articles to ingest."""
        for passage in self.piaf.passages:
            opening = split_sentences(passage.text)[0].of(passage.text).split()[:_HEADLINE]
            title = f"{passage.article} : {' '.join(opening)}"
            yield ArticleDraft(origin=_origin(passage.id), title=title, text=passage.text)


def _origin(passage: str) -> str:
    return f"file:paragraphe/{passage}"


class Bench:
    """A base of PIAF with a real retriever over it, whose files go to `folder`."""

    def __init__(self, base: PiafBase, folder: Path) -> None:
        self.piaf = base
        self.base = MemoryBase(base.drafts())
        records = self.base.records()
        self._retriever = HybridRetriever(
            self.base,
            dense=DenseIndex(records, BuiltinEmbedder()),
            lexical=self.base.lexical_index(folder / "lexical.sqlite3"),
        )
        by_id = base.piaf.by_id
        self._topics = {base.place(one.id)[0]: by_id[one.id].article for one in base.piaf.passages}

    def hits(self, text: str, limit: int = _HITS) -> tuple[Hit, ...]:
        """Return what is retrieved for `text`; nothing for one that names a period.

        PIAF's articles have no dates to search by.
        """
        try:
            return self._retriever.search(text, limit=limit, now=_NOW)
        except ValueError:
            return ()

    def ask(self, question: PiafQuestion, model: LinearModel) -> Asked:
        """Return the sentences found for `question` ranked by `model`, and which are right."""
        hits = self.hits(question.text)
        return self._ask(question, hits, self._sentences(hits), model)

    def ask_away(self, question: PiafQuestion, model: LinearModel) -> Iterator[Asked]:
        """Yield `question` asked without its sentence, then its passage, then its topic.

        What still holds the answer's words as its best sentence is left out: it may be right.
        """
        hits = self.hits(question.text, 2 * _HITS)
        own, span = self.piaf.place(question.passage)
        topic = self._topics[own]
        far = [hit for hit in hits if not _overlaps(hit, own, span)]
        off_topic = [hit for hit in hits if self._topics[hit.passage.article_id] != topic]
        cut, kept = self._cut(question, hits[:_HITS])
        tests = (
            (cut, kept, _WITHOUT_SENTENCE),
            (far[:_HITS], self._sentences(far), _WITHOUT_PASSAGE),
            (off_topic[:_HITS], self._sentences(off_topic), _WITHOUT_ARTICLE),
        )
        for some, sentences, weight in tests:
            asked = self._ask(question, some, sentences, model)
            if not asked.answers:
                yield replace(asked, weight=weight)

    def _ask(
        self,
        question: PiafQuestion,
        hits: Sequence[Hit],
        sentences: Mapping[PassageId, Sequence[Sentence]],
        model: LinearModel,
    ) -> Asked:
        reader, ranked = rank_sentences(
            ContextualQuestion(question.text),
            hits=hits,
            sentences=sentences,
            articles=self.base.articles({hit.passage.article_id for hit in hits}),
            rarity=french_frequencies().rarity,
            model=model,
        )
        right = tuple(self.piaf.holds_answer(question, one.sentence) for one in ranked)
        answers = bool(ranked) and (right[0] or _may_answer(question, ranked[0]))
        return Asked(reader, ranked, right, answers)

    def _sentences(self, hits: Sequence[Hit]) -> Mapping[PassageId, Sequence[Sentence]]:
        return self.base.sentences_of([hit.passage for hit in hits])

    def _cut(
        self, question: PiafQuestion, hits: Sequence[Hit]
    ) -> tuple[list[Hit], dict[PassageId, tuple[Sentence, ...]]]:
        """Return the hits and their sentences without those that hold the annotated answer."""
        kept = {
            passage: tuple(one for one in some if not self.piaf.holds_answer(question, one))
            for passage, some in self._sentences(hits).items()
        }
        return [hit for hit in hits if kept[hit.passage.id]], kept


def _may_answer(question: PiafQuestion, best: RankedSentence) -> bool:
    answers = tuple(text for text, _ in question.answers)
    return holds_answer(GoldQuestion(question.id, question.text, answers), best.sentence.text)


def _overlaps(hit: Hit, article: ArticleId, span: Span) -> bool:
    found = hit.passage.span
    return hit.passage.article_id == article and found.start < span.end and span.start < found.end
