"""Hybrid retrieval: dense passages from Chroma, lexical ones from FTS5, fused by rank."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from knowledge.errors import EmbedderMismatchError, IndexingError
from knowledge.ports import PassageIndex
from knowledge.search.fusion import fuse
from knowledge.text.dates import publication_bounds
from knowledge.types import Hit, Passage, PassageId, SearchFilter

logger = logging.getLogger(__name__)

DENSE = "dense"
LEXICAL = "lexical"

# Measured on PIAF train: the built-in embedder knows no more words than the lexical index, so
# it is there for typing errors; a semantic model deserves an equal voice.
BUILTIN_DENSE_WEIGHT = 0.2
SEMANTIC_DENSE_WEIGHT = 1.0

_DEPTH = 50  # passages asked of each index
_SPARE = 5  # passages loaded beyond those asked for: an index may lag behind the store


class PassageSource(Protocol):
    """The part of the store that retrieval needs."""

    def passages(self, passage_ids: Sequence[PassageId]) -> Mapping[PassageId, Passage]:
        """Return the passages that exist and are current, by id."""
        ...


class HybridRetriever:
    """Implements :class:`knowledge.ports.Retriever` over two indexes and the store.

    While the dense index fails, the lexical one answers alone.
    """

    def __init__(
        self,
        store: PassageSource,
        *,
        dense: PassageIndex,
        lexical: PassageIndex,
        dense_weight: float = BUILTIN_DENSE_WEIGHT,
        lexical_weight: float = 1.0,
    ) -> None:
        self._store = store
        self._lexical = lexical
        self._dense = dense
        self._dense_is_out = False
        self._weights = {LEXICAL: lexical_weight, DENSE: dense_weight}

    def search(
        self, query: str, *, limit: int, now: datetime, where: SearchFilter | None = None
    ) -> tuple[Hit, ...]:
        """Return at most `limit` hits of current passages, best first.

        A period of publication that the query names («les articles d’hier») limits the search
        when `where` does not.

        Raises:
            StoreError, IndexingError: the store or the lexical index fails.
            EmbedderMismatchError: the dense index is another embedder's: `reindex` mends that.
        """
        if limit < 1 or not query.strip():
            return ()
        where = _with_period(query, where, now)
        depth = max(_DEPTH, limit)
        rankings = {
            LEXICAL: [found for found, _ in self._lexical.search(query, limit=depth, where=where)],
            DENSE: self._dense_ranking(query, depth, where),
        }
        fused = fuse(rankings, weights=self._weights)[: limit + _SPARE]
        passages = self._store.passages([found for found, _ in fused])
        hits = [
            Hit(passages[found], score, _ranks(found, rankings))
            for found, score in fused
            if found in passages  # an index may lag behind the store
        ]
        return tuple(hits[:limit])

    def dense_failed(self, error: IndexingError) -> None:
        """Log that only words are searched and what mends it, once until the index is back."""
        if not self._dense_is_out:
            self._dense_is_out = True
            logger.warning("Attention : recherche par les seuls mots. %s", error.message)

    def _dense_ranking(self, query: str, depth: int, where: SearchFilter | None) -> list[PassageId]:
        """Return what the dense index finds; nothing while it fails: the lexical one answers."""
        try:
            found = self._dense.search(query, limit=depth, where=where)
        except EmbedderMismatchError:
            raise
        except IndexingError as error:
            self.dense_failed(error)
            return []
        if self._dense_is_out:
            self._dense_is_out = False
            logger.warning("Chroma répond de nouveau.")
        return [identifier for identifier, _ in found]


def _ranks(found: PassageId, rankings: Mapping[str, Sequence[PassageId]]) -> dict[str, int]:
    return {
        name: ranking.index(found) + 1 for name, ranking in rankings.items() if found in ranking
    }


def _with_period(query: str, where: SearchFilter | None, now: datetime) -> SearchFilter | None:
    if where is not None and (where.published_from or where.published_to):
        return where
    bounds = publication_bounds(query, now=now)
    if bounds is None:
        return where
    return SearchFilter(bounds[0], bounds[1], where.outlets if where else None)
