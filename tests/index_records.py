"""Three small passages for the tests of the indexes, and what an index finds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from knowledge.index.chroma import ChromaIndex
from knowledge.index.lexical import LexicalIndex
from knowledge.index.records import IndexRecord
from knowledge.types import Passage, SearchFilter, Span, passage_id

Index = ChromaIndex | LexicalIndex

DAY = datetime(2026, 1, 10, 12, 0, 0, 500_000, tzinfo=UTC)


def record(
    article: str,
    text: str,
    *,
    title: str = "Titre",
    outlet: str | None = None,
    published: datetime | None = None,
    version: int = 1,
) -> IndexRecord:
    span = Span(0, len(text))
    passage = Passage(passage_id(article, version, 0), article, version, 0, 0, 0, span, text)
    return IndexRecord(passage, title, outlet, published)


PISCINE = record("a", "piscine municipale rouverte", outlet="Gazette", published=DAY)
CRUE = record("b", "crue fleuve digue", outlet="Écho", published=DAY + timedelta(days=1))
GREVE = record("c", "grève trains gare", outlet="Écho")


def found(index: Index, query: str, where: SearchFilter | None = None) -> list[str]:
    return [identifier for identifier, _ in index.search(query, limit=10, where=where)]
