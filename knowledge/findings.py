"""What the search found for a question, and the two ways to read it: an extract, or evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from knowledge.conversation import ContextualQuestion
from knowledge.errors import ContextTooSmallError
from knowledge.extract import ExtractedAnswer, extract_answer
from knowledge.model.prompting import (
    FRAME_TOKENS,
    article_heading,
    question_to_model,
    reading_order,
    shown_to_model,
)
from knowledge.ports import ArticleStore, Generator
from knowledge.search.evidence import select_evidence
from knowledge.types import (
    Article,
    ArticleId,
    Evidence,
    Hit,
    PassageId,
    SearchFilter,
    Sentence,
)

if TYPE_CHECKING:
    from knowledge.model.templates import PromptTemplate
    from knowledge.ports import Retriever

_NEAREST = 3  # articles that an abstention names


@dataclass(frozen=True, slots=True)
class Findings:
    """What the search found, and the store's sentences and articles that belong to it."""

    hits: tuple[Hit, ...]
    sentences: Mapping[PassageId, Sequence[Sentence]]
    articles: Mapping[ArticleId, Article]

    def extract(self, asked: ContextualQuestion, threshold: float) -> ExtractedAnswer:
        """Return the extract, which abstains below `threshold`."""
        return extract_answer(
            asked,
            hits=self.hits,
            sentences=self.sentences,
            articles=self.articles,
            threshold=threshold,
        )

    def evidence(
        self,
        asked: ContextualQuestion,
        generator: Generator,
        template: PromptTemplate,
        *,
        passages: int,
        max_answer_tokens: int,
    ) -> tuple[Evidence, ...]:
        """Return the sentences that fit the model's context, numbered in the order it reads.

        Empty if every passage found is of an article that has changed or gone since.
        """
        question = question_to_model(asked.text, asked.carried)
        fixed = generator.count_tokens(template.system + template.user + question)
        chosen = select_evidence(
            self.hits[:passages],
            self.sentences,
            self.articles,
            budget_tokens=generator.context_tokens - max_answer_tokens - fixed - FRAME_TOKENS,
            count_tokens=lambda text: generator.count_tokens(shown_to_model(text)),
            count_heading=lambda article: generator.count_tokens(article_heading(article)),
        )
        if not chosen and any(map(self._is_current, self.hits[:passages])):
            raise ContextTooSmallError(
                f"Le contexte du modèle ({generator.context_tokens} tokens) ne laisse aucune place "
                "aux articles : augmentez SOURCIER_CONTEXT_TOKENS ou diminuez "
                "SOURCIER_MAX_ANSWER_TOKENS.",
                subject=generator.name,
            )
        ordered = sorted(chosen, key=lambda item: reading_order(item.article, item.sentence))
        return tuple(replace(item, label=label) for label, item in enumerate(ordered, 1))

    def _is_current(self, hit: Hit) -> bool:
        article = self.articles.get(hit.passage.article_id)
        known = article is not None and article.version == hit.passage.version
        return known and bool(self.sentences.get(hit.passage.id))

    def nearest(self) -> tuple[Article, ...]:
        """Return at most three articles, the nearest first."""
        found = dict.fromkeys(hit.passage.article_id for hit in self.hits)
        return tuple(self.articles[key] for key in found if key in self.articles)[:_NEAREST]


def find(
    asked: ContextualQuestion,
    retriever: Retriever,
    store: ArticleStore,
    *,
    limit: int,
    now: datetime,
    where: SearchFilter | None,
) -> Findings:
    """Return what `retriever` finds for `asked`, with the sentences and articles of `store`."""
    hits = retriever.search(asked.search_text, limit=limit, now=now, where=where)
    return Findings(
        hits,
        store.sentences_of([hit.passage for hit in hits]),
        store.articles({hit.passage.article_id for hit in hits}),
    )
