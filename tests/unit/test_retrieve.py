"""Hybrid retrieval over two indexes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.errors import EmbedderMismatchError, IndexingError
from knowledge.evaluation.memory_base import DenseIndex, MemoryBase
from knowledge.index.builtin_embedder import BuiltinEmbedder
from knowledge.search.retrieve import HybridRetriever
from knowledge.types import ArticleDraft, PassageId, SearchFilter

NOW = datetime(2026, 3, 18, tzinfo=UTC)
BASE = MemoryBase(
    [
        ArticleDraft("file:a", "La piscine", "La piscine des Tanneurs sera reconstruite."),
        ArticleDraft("file:b", "Le festival", "Le festival de théâtre a réuni une foule."),
    ]
)


class Recorder:
    """An index that finds what it is told to, and remembers what it was asked."""

    def __init__(self, found: Sequence[PassageId]) -> None:
        self.found = found
        self.asked: list[SearchFilter | None] = []

    def search(
        self, query: str, *, limit: int, where: SearchFilter | None = None
    ) -> tuple[tuple[PassageId, float], ...]:
        self.asked.append(where)
        return tuple((one, 1.0) for one in self.found)[:limit]


@pytest.fixture
def retriever(tmp_path: Path) -> HybridRetriever:
    return HybridRetriever(
        BASE,
        dense=DenseIndex(BASE.records(), BuiltinEmbedder()),
        lexical=BASE.lexical_index(tmp_path / "lexical.sqlite3"),
    )


def test_the_passage_about_the_question_comes_first(retriever: HybridRetriever) -> None:
    hits = retriever.search("reconstruction de la piscine", limit=2, now=NOW)
    assert hits[0].passage.text.startswith("La piscine")
    assert hits[0].ranks == {"lexical": 1, "dense": 1}


def test_a_word_with_two_typing_errors_is_found_by_the_dense_side(
    retriever: HybridRetriever,
) -> None:
    hits = retriever.search("un fesstivl de tteatrre", limit=1, now=NOW)
    assert hits[0].passage.text.startswith("Le festival")
    assert "lexical" not in hits[0].ranks


@pytest.mark.parametrize("query", ["", "   "])
def test_an_empty_question_finds_nothing(retriever: HybridRetriever, query: str) -> None:
    assert retriever.search(query, limit=5, now=NOW) == ()


def test_passages_that_the_store_does_not_hold_are_left_out() -> None:
    known = BASE.records()[0].passage.id
    retriever = HybridRetriever(BASE, dense=Recorder([]), lexical=Recorder(["gone.1.0", known]))
    assert [hit.passage.id for hit in retriever.search("x", limit=5, now=NOW)] == [known]


def test_a_period_named_by_the_question_limits_both_indexes() -> None:
    dense, lexical = Recorder([]), Recorder([])
    HybridRetriever(BASE, dense=dense, lexical=lexical).search(
        "Les articles publiés hier", limit=5, now=NOW
    )
    (where,) = dense.asked
    assert where is not None
    assert where.published_from == datetime(2026, 3, 17, tzinfo=UTC)
    assert lexical.asked == dense.asked


def test_a_filter_with_dates_wins_over_the_question() -> None:
    dense = Recorder([])
    where = SearchFilter(published_from=datetime(2020, 1, 1, tzinfo=UTC))
    HybridRetriever(BASE, dense=dense, lexical=Recorder([])).search(
        "Les articles publiés hier", limit=5, now=NOW, where=where
    )
    assert dense.asked == [where]


class Failing(Recorder):
    """An index that fails while `error` is set."""

    error: IndexingError | None = None

    def search(
        self, query: str, *, limit: int, where: SearchFilter | None = None
    ) -> tuple[tuple[PassageId, float], ...]:
        if self.error is not None:
            raise self.error
        return super().search(query, limit=limit, where=where)


def test_while_the_dense_index_fails_words_answer_and_each_outage_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    known = BASE.records()[0].passage.id
    dense = Failing([known])
    retriever = HybridRetriever(BASE, dense=dense, lexical=Recorder([known]))
    for state in ("fails", "fails", "serves", "serves", "fails"):
        dense.error = IndexingError("Chroma est arrêté.") if state == "fails" else None
        (hit,) = retriever.search("x", limit=5, now=NOW)
        assert hit.passage.id == known
        assert ("dense" in hit.ranks) == (state == "serves")
    told = "Attention : recherche par les seuls mots. Chroma est arrêté."
    assert [record.getMessage() for record in caplog.records] == [
        told, "Chroma répond de nouveau.", told,
    ]  # fmt: skip


@pytest.mark.parametrize("side", ["dense", "lexical"])
def test_another_embedder_and_a_lexical_failure_are_errors(side: str) -> None:
    broken = Failing([])
    broken.error = (
        EmbedderMismatchError("autre encodeur") if side == "dense" else IndexingError("disque")
    )
    dense, lexical = (broken, Recorder([])) if side == "dense" else (Recorder([]), broken)
    with pytest.raises(type(broken.error)):
        HybridRetriever(BASE, dense=dense, lexical=lexical).search("x", limit=5, now=NOW)
