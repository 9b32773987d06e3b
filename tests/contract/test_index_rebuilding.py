"""Indexes that are lost, damaged, strange or of another embedder are rebuilt from the store."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.errors import EmbedderMismatchError, IndexingError
from knowledge.index.chroma import ChromaIndex
from knowledge.index.lexical import LexicalIndex
from knowledge.index.sync import SyncReport, reindex
from tests.bases import Base, WordEmbedder, open_base

LONG = " ".join(f"Phrase numéro {number} du récit." for number in range(12))  # six passages


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Base]:
    with open_base(tmp_path) as opened:
        yield opened


QUESTIONS = ("piscine de Valmorin", "travaux euros", "phrase numéro 3 du récit", "la maire")


def _results(base: Base) -> list[object]:
    """All passages, ranked: a shorter list would cut between equal scores."""
    return [
        (base.dense.search(question, limit=8), base.lexical.search(question, limit=8))
        for question in QUESTIONS
    ]


def test_a_deleted_chroma_folder_and_reindex_give_the_same_results(tmp_path: Path) -> None:
    with open_base(tmp_path) as base:
        base.save("a")
        base.save("b", LONG)
        base.synchronise()
        before = _results(base)
    shutil.rmtree(tmp_path / "chroma")
    with open_base(tmp_path) as base:
        assert base.dense.count() == 0
        report = reindex(base.store, base.dense, base.lexical)
        assert report == SyncReport(indexed=8, deleted=0, repaired=0, pending=0)
        assert _results(base) == before
        base.assert_indexes_equal_the_store()


def test_words_are_found_while_the_indexes_are_rebuilt(base: Base) -> None:
    base.save("a")
    base.save("b", LONG)
    base.synchronise()
    before = base.lexical.search("piscine de Valmorin", limit=8)
    during = []
    reindex(
        base.store,
        base.dense,
        base.lexical,
        batch=1,
        report=lambda _done, _total: during.append(
            [found for found, _ in base.lexical.search("piscine de Valmorin", limit=8)]
        ),
    )
    assert during == [[found for found, _ in before]] * 2
    base.assert_indexes_equal_the_store()


def test_an_index_of_words_that_is_damaged_is_dropped_and_rebuilt(base: Base) -> None:
    base.save("a")
    base.save("b", LONG)
    base.synchronise()
    before = _results(base)
    assert base.lexical.is_sound()
    with closing(sqlite3.connect(base.folder / "lexical.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM stems_data WHERE id > 10")  # FTS5: its segments
    assert not base.lexical.is_sound()
    reindex(base.store, base.dense, base.lexical)
    assert base.lexical.is_sound()
    assert _results(base) == before


@pytest.mark.parametrize("lost", ["chroma", "lexical.sqlite3"])
def test_a_deleted_index_is_noticed_by_the_next_run(tmp_path: Path, lost: str) -> None:
    with open_base(tmp_path) as base:
        base.save("a")
        base.save("b", LONG)
        base.synchronise()
        before = _results(base)
    path = tmp_path / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with open_base(tmp_path) as base:
        told: list[tuple[int, int]] = []
        report = base.synchronise(report=lambda done, total: told.append((done, total)), batch=5)
        assert report == SyncReport(indexed=0, deleted=0, repaired=8, pending=0)
        assert told == [(5, 8), (8, 8)]
        assert _results(base) == before


def test_a_chroma_folder_deleted_under_our_feet_is_restored(tmp_path: Path) -> None:
    with open_base(tmp_path) as base:
        base.save("a", LONG)
        base.synchronise()
        shutil.rmtree(tmp_path / "chroma")
        base.save("b")
        with suppress(IndexingError):  # Chroma may refuse to write where nothing is left
            base.synchronise()
    with open_base(tmp_path) as base:
        base.synchronise()
        base.assert_indexes_equal_the_store()


def test_passages_lost_or_strange_in_one_index_are_repaired(base: Base) -> None:
    base.save("a")
    base.save("b", LONG)
    base.synchronise()
    base.dense.delete(sorted(base.ids()[1])[:3])
    stranger = base.store.records(sorted(base.ids()[0])[:1])[0]
    passage = replace(stranger.passage, id="stranger.1.0", article_id="stranger", index=0)
    base.lexical.upsert([replace(stranger, passage=passage)])
    assert base.synchronise() == SyncReport(indexed=0, deleted=0, repaired=4, pending=0)
    base.assert_indexes_equal_the_store()


@pytest.mark.parametrize("side", ["dense", "lexical"])
def test_a_passage_lost_and_another_strange_are_found_by_their_ids(base: Base, side: str) -> None:
    base.save("a")
    base.save("b", LONG)
    base.synchronise()
    index: ChromaIndex | LexicalIndex = base.dense if side == "dense" else base.lexical
    lost, other = sorted(base.ids()[0])[:2]
    record = base.store.records([other])[0]
    stranger = replace(record.passage, id="stranger.1.0", article_id="stranger", index=0)
    index.delete([lost])
    index.upsert([replace(record, passage=stranger)])
    assert base.synchronise().repaired == 0
    assert base.synchronise(compare_ids=True).repaired == 2
    base.assert_indexes_equal_the_store()


def test_another_embedder_is_refused_then_reindexed(tmp_path: Path) -> None:
    with open_base(tmp_path) as base:
        base.save("a")
        base.synchronise()
    with open_base(tmp_path, WordEmbedder("mots-2", 16)) as base:
        with pytest.raises(EmbedderMismatchError, match="sourcier reindex"):
            base.synchronise()
        assert reindex(base.store, base.dense, base.lexical).indexed == 2
        base.assert_indexes_equal_the_store()
