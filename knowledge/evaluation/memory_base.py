"""A base in memory, on the real lexical index: what fitting and quick measurements run on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from knowledge.index.lexical import LexicalIndex
from knowledge.index.records import IndexRecord
from knowledge.ports import Embedder, SegmentedText
from knowledge.text.segmentation import segment
from knowledge.types import (
    Article,
    ArticleDraft,
    ArticleId,
    Passage,
    PassageId,
    SearchFilter,
    Sentence,
    Span,
    article_id,
    passage_id,
    text_hash,
)


def first_version(
    draft: ArticleDraft, segmented: SegmentedText
) -> tuple[Article, tuple[Sentence, ...]]:
    """Return the article and the sentences that saving `draft` in an empty store would give."""
    identity = article_id(draft.origin)
    article = Article(
        identity,
        1,
        draft.title,
        draft.text,
        text_hash(draft.text),
        url=draft.url,
        outlet=draft.outlet,
        author=draft.author,
        published=draft.published,
        language=draft.language,
        contributors=draft.contributors,
        summary_only=draft.summary_only,
    )
    read = enumerate(zip(segmented.sentences, segmented.speech, strict=True))
    return article, tuple(
        Sentence(identity, 1, index, span, span.of(draft.text), speech)
        for index, (span, speech) in read
    )


class MemoryBase:
    """Articles, their sentences and passages: the reading side of the store."""

    def __init__(self, drafts: Iterable[ArticleDraft]) -> None:
        self.by_id: dict[ArticleId, Article] = {}
        self.sentences: dict[ArticleId, tuple[Sentence, ...]] = {}
        self._passages: dict[PassageId, Passage] = {}
        for draft in drafts:
            self._add(draft)

    def _add(self, draft: ArticleDraft) -> None:
        segmented = segment(draft.text)
        article, sentences = first_version(draft, segmented)
        identity = article.id
        self.by_id[identity] = article
        self.sentences[identity] = sentences
        for index, (first, last) in enumerate(segmented.passages):
            start, end = segmented.sentences[first], segmented.sentences[last]
            span = Span(start.start, end.end)
            passage = Passage(
                passage_id(identity, 1, index),
                identity,
                1,
                index,
                first,
                last,
                span,
                span.of(draft.text),
            )
            self._passages[passage.id] = passage

    def passages(self, passage_ids: Sequence[PassageId]) -> Mapping[PassageId, Passage]:
        """Return the passages that exist, by id."""
        return {one: self._passages[one] for one in passage_ids if one in self._passages}

    def sentences_of(self, passages: Sequence[Passage]) -> Mapping[PassageId, tuple[Sentence, ...]]:
        """Return the sentences of each passage, in order."""
        return {
            one.id: self.sentences[one.article_id][one.first : one.last + 1] for one in passages
        }

    def articles(self, article_ids: Iterable[ArticleId]) -> Mapping[ArticleId, Article]:
        """Return the articles that exist, by id."""
        return {one: self.by_id[one] for one in article_ids if one in self.by_id}

    def records(self) -> list[IndexRecord]:
        """Return what the indexes are filled with."""
        return [
            IndexRecord(
                passage,
                self.by_id[passage.article_id].title,
                self.by_id[passage.article_id].outlet,
                self.by_id[passage.article_id].published,
            )
            for passage in self._passages.values()
        ]

    def lexical_index(self, path: Path) -> LexicalIndex:
        """Return a new lexical index of all passages in the file `path`."""
        index = LexicalIndex(path)
        index.upsert(self.records())
        return index


class DenseIndex:
    """A `PassageIndex` by exhaustive search: what Chroma finds, without Chroma. No filters."""

    def __init__(self, records: Sequence[IndexRecord], embedder: Embedder) -> None:
        self._embedder = embedder
        self._ids = [record.passage.id for record in records]
        texts = [f"{record.title}\n{record.passage.text}" for record in records]
        self._vectors = embedder.embed_passages(texts)

    def search(
        self, query: str, *, limit: int, where: SearchFilter | None = None
    ) -> tuple[tuple[PassageId, float], ...]:
        """Return the nearest passages by cosine."""
        if where is not None:
            raise ValueError("a search in memory takes no filter")
        scores = self._vectors @ self._embedder.embed_query(query)
        best = np.argsort(-scores, kind="stable")[:limit]
        return tuple((self._ids[int(i)], float(scores[i])) for i in best)
