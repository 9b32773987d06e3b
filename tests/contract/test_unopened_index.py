"""An index that could not be opened is tried again, and serves once it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import IndexingError
from knowledge.index.chroma import ChromaIndex
from knowledge.index.unopened import UnopenedIndex
from tests.bases import WordEmbedder


def test_a_folder_that_comes_back_is_opened_after_a_while(tmp_path: Path) -> None:
    path = tmp_path / "chroma"
    path.mkdir()
    (path / "chroma.sqlite3").write_bytes(b"no database" * 500)
    tries: list[float] = []
    clock = [0.0]

    def opener() -> ChromaIndex:
        tries.append(clock[0])
        return ChromaIndex(path, embedder=WordEmbedder(), store_id="a" * 32)

    with pytest.raises(IndexingError) as failed:
        opener()
    index = UnopenedIndex(opener, failed.value, retry_seconds=30, clock=lambda: clock[0])
    for now in (1.0, 29.0, 31.0, 40.0):
        clock[0] = now
        with pytest.raises(IndexingError, match="le fichier est abîmé"):
            index.search("piscine", limit=3)
    assert tries == [0.0, 31.0]
    (path / "chroma.sqlite3").unlink()
    clock[0] = 62.0
    assert index.search("piscine", limit=3) == ()
    assert (index.count(), index.ids()) == (0, frozenset())
    assert tries == [0.0, 31.0, 62.0]
    index.close()


def test_closing_what_was_never_opened_does_no_harm() -> None:
    def never() -> ChromaIndex:
        raise AssertionError

    UnopenedIndex(never, IndexingError("hors d’atteinte")).close()
