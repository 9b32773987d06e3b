"""Chroma alone: its embedder, its bases, damaged files, a server that does not answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.errors import EmbedderMismatchError, IndexingError
from knowledge.index.chroma import ChromaIndex
from tests.bases import WordEmbedder
from tests.index_records import CRUE, PISCINE


def _chroma(
    folder: Path, embedder: WordEmbedder | None = None, store_id: str = "a" * 32
) -> ChromaIndex:
    return ChromaIndex(folder, embedder=embedder or WordEmbedder(), store_id=store_id)


@pytest.mark.parametrize("other", [WordEmbedder("mots-2"), WordEmbedder(dimension=16)])
def test_another_embedder_is_refused_until_the_index_is_rebuilt(
    tmp_path: Path, other: WordEmbedder
) -> None:
    first = _chroma(tmp_path)
    first.upsert([PISCINE])
    first.close()
    index = _chroma(tmp_path, other)
    calls: list[Callable[[], object]] = [
        index.check_embedder,
        lambda: index.search("piscine", limit=1),
        lambda: index.upsert([CRUE]),
        lambda: index.delete(["a.1.0"]),
        index.count,
        index.ids,
    ]
    for call in calls:
        with pytest.raises(EmbedderMismatchError, match="sourcier reindex"):
            call()
    index.reset()
    index.upsert([CRUE])
    index.close()
    again = _chroma(tmp_path, other)
    assert again.ids() == {"b.1.0"}
    again.close()


def test_the_bases_of_one_server_do_not_meet(tmp_path: Path) -> None:
    first, second = _chroma(tmp_path), _chroma(tmp_path, store_id="b" * 32)
    first.upsert([PISCINE])
    assert second.count() == 0
    first.close()
    second.close()


def test_a_chroma_path_that_is_a_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "chroma"
    path.write_text("x")
    with pytest.raises(IndexingError, match="sourcier reindex") as failed:
        _chroma(path)
    assert failed.value.subject == str(path)
    assert failed.value.__cause__ is not None


def test_a_damaged_chroma_says_so(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database at all" * 300)
    with pytest.raises(IndexingError, match="sourcier reindex"):
        _chroma(tmp_path)


def test_a_chroma_server_that_does_not_answer_says_so_without_the_password() -> None:
    with pytest.raises(IndexingError) as failed:
        ChromaIndex("http://bot:motdepasse@127.0.0.1:9", embedder=WordEmbedder(), store_id="a" * 32)
    assert failed.value.subject == "http://127.0.0.1:9"
    assert "motdepasse" not in failed.value.message


def test_after_closing_every_call_is_an_indexing_error(tmp_path: Path) -> None:
    index = _chroma(tmp_path)
    index.close()
    with pytest.raises(IndexingError):
        index.count()
