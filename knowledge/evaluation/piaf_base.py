"""PIAF as a base of news: one article a Wikipedia article, its paragraphs in their order.

Passages of one article are joined by empty lines under the article's name as title, as a reader
would have ingested it, and cut again by our own splitter: so a question is measured on what the
product does, not on the paragraphs that PIAF's annotators saw.
"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.evaluation.datasets import GoldQuestion, Piaf, PiafQuestion
from knowledge.text.sentences import split_sentences
from knowledge.types import ArticleDraft, ArticleId, Sentence, Span, article_id

_GAP = "\n\n"


class PiafBase:
    """Where each passage of PIAF stands in the articles made of them.

    Passages whose ids are in `without` are left out of the base.
    """

    def __init__(self, piaf: Piaf, *, without: frozenset[str] = frozenset()) -> None:
        self.piaf = piaf
        self._texts: dict[str, str] = {}
        self._titles: dict[ArticleId, str] = {}
        self._places: dict[str, tuple[ArticleId, Span]] = {}
        for passage in sorted(piaf.passages, key=lambda one: one.id):
            if passage.id in without:
                continue
            text = self._texts.get(passage.article, "")
            start = len(text) + len(_GAP) if text else 0
            self._texts[passage.article] = text + (_GAP if text else "") + passage.text
            span = Span(start, start + len(passage.text))
            self._titles[article_id(_origin(passage.article))] = passage.article
            self._places[passage.id] = (article_id(_origin(passage.article)), span)

    def drafts(self) -> Iterator[ArticleDraft]:
        """Yield the articles to ingest."""
        for title, text in self._texts.items():
            yield ArticleDraft(origin=_origin(title), title=title, text=text)

    def place(self, passage: str) -> tuple[ArticleId, Span]:
        """Return the article of a passage and its span there."""
        return self._places[passage]

    def holds_answer(self, question: PiafQuestion, sentence: Sentence) -> bool:
        """Tell whether an annotated answer begins within `sentence`."""
        article, span = self._places[question.passage]
        if sentence.article_id != article:
            return False
        return any(
            sentence.span.start <= span.start + start < sentence.span.end
            for _, start in question.answers
        )

    def gold(self, question: PiafQuestion) -> GoldQuestion:
        """Return `question` with the sentences that hold its annotated answers."""
        article, span = self._places[question.passage]
        title = self._titles[article]
        text = self._texts[title]
        starts = [span.start + start for _, start in question.answers]
        evidence = [
            sentence.of(text)
            for sentence in split_sentences(text)
            if any(sentence.start <= start < sentence.end for start in starts)
        ]
        answers = tuple(dict.fromkeys(answer for answer, _ in question.answers))
        return GoldQuestion(question.id, question.text, answers, tuple(evidence), title)


def _origin(title: str) -> str:
    return f"file:piaf/{title}"
