"""Small knowledge bases for tests: drafts, their segmentation, a quick embedder, a whole base."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.index.chroma import ChromaIndex
from knowledge.index.lexical import LexicalIndex
from knowledge.index.sync import SyncReport, synchronise
from knowledge.ports import SaveOutcome, SegmentedText
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.types import ArticleDraft, Span
from tests.empty_base import place_empty_base

NOW = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)

TEXT = (
    "La piscine de Valmorin rouvrira lundi 4 mai. Les travaux ont coûté 1,5 million d’euros.\n\n"
    "« C’est un soulagement », a déclaré la maire, Claire Dubreuil."
)


class WordEmbedder:
    """Words hashed to places: the same text gives the same unit vector, quickly."""

    def __init__(self, name: str = "mots-1", dimension: int = 32) -> None:
        self.name = name
        self.dimension = dimension

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, np.float32)
        vector[0] = 0.01
        for word in text.casefold().split():
            vector[zlib.crc32(word.encode()) % self.dimension] += 1.0
        unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.embed_query(text) for text in texts])


def draft(origin: str = "https://exemple.test/a", text: str = TEXT, **values: Any) -> ArticleDraft:
    values.setdefault("title", "La piscine rouvre")
    return ArticleDraft(origin=origin, text=text, **values)


def segmented(text: str, *, sentences_a_passage: int = 2) -> SegmentedText:
    """Cut after each full stop, line end or at the end: simple, and independent of our splitter."""
    cuts = [index + 1 for index, char in enumerate(text) if char in ".\n"]
    bounds = sorted({0, *cuts, len(text)})
    spans = tuple(
        Span(start, end) for start, end in itertools.pairwise(bounds) if text[start:end].strip()
    )
    passages = tuple(
        (first, min(first + sentences_a_passage, len(spans)) - 1)
        for first in range(0, len(spans), sentences_a_passage)
    )
    return SegmentedText(spans, (None,) * len(spans), passages)


@dataclass(slots=True)
class Base:
    """A store with its two indexes."""

    folder: Path
    store: SqlArticleStore
    dense: ChromaIndex
    lexical: LexicalIndex

    def save(self, origin: str, text: str = TEXT, **values: Any) -> SaveOutcome:
        one = draft(origin, text, **values)
        return self.store.save(one, segmented(text), now=NOW)

    def synchronise(self, **options: Any) -> SyncReport:
        return synchronise(self.store, self.dense, self.lexical, **options)

    def ids(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """The passages that the store, Chroma and the lexical index hold."""
        return self.store.current_passage_ids(), self.dense.ids(), self.lexical.ids()

    def assert_indexes_equal_the_store(self) -> None:
        expected, dense, lexical = self.ids()
        assert dense == expected
        assert lexical == expected
        assert self.store.pending_count() == 0


@contextmanager
def open_base(folder: Path, embedder: WordEmbedder | None = None) -> Iterator[Base]:
    store = open_store(place_empty_base(folder / "sourcier.sqlite3"))
    dense = ChromaIndex(
        folder / "chroma", embedder=embedder or WordEmbedder(), store_id=store.store_id
    )
    lexical = LexicalIndex(folder / "lexical.sqlite3")
    try:
        yield Base(folder, store, dense, lexical)
    finally:
        lexical.close()
        dense.close()
        store.close()
