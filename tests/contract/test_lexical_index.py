"""The lexical index alone: words, figures, queries that are no syntax, damaged files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import IndexingError
from knowledge.index.lexical import LexicalIndex
from tests.index_records import CRUE, GREVE, PISCINE, found, record


@pytest.fixture
def lexical(tmp_path: Path) -> Iterator[LexicalIndex]:
    index = LexicalIndex(tmp_path / "lexical.sqlite3")
    yield index
    index.close()


def test_words_match_by_stem_elision_and_accent(lexical: LexicalIndex) -> None:
    lexical.upsert([record("e", "Les énergies renouvelables."), PISCINE])
    for query in ("l’énergie renouvelable ?", "energie", "ÉNERGIES"):
        assert found(lexical, query) == ["e.1.0"]


def test_figures_match_however_they_are_written(lexical: LexicalIndex) -> None:
    lexical.upsert([record("e", "Il a coûté 1\u202f500\u202f000 euros et 1,50 point."), PISCINE])
    assert found(lexical, "1 500 000") == ["e.1.0"]
    assert found(lexical, "1,5") == ["e.1.0"]


def test_a_word_of_the_title_weighs_more(tmp_path: Path) -> None:
    in_title = record("t", "il reste fermé longtemps", title="La piscine")
    in_text = record("x", "la piscine reste fermée", title="Un lieu")
    for weight, first in ((4.0, "t.1.0"), (0.0, "x.1.0")):
        index = LexicalIndex(tmp_path / f"{weight}.sqlite3", title_weight=weight)
        index.upsert([in_title, in_text, CRUE, GREVE])
        assert found(index, "piscine")[0] == first
        index.close()


def test_a_query_of_stop_words_finds_nothing(lexical: LexicalIndex) -> None:
    lexical.upsert([PISCINE])
    assert lexical.search("est-ce que c’est le ?", limit=5) == ()


@settings(max_examples=150, deadline=None)
@given(query=st.text(max_size=60) | st.sampled_from(['"', "NEAR(a b)", "title:x", "a* OR", "^a-"]))
def test_no_query_is_syntax(query: str) -> None:
    index = _shared_lexical()
    found = dict(index.search(f"{query} piscine", limit=5))
    assert "a.1.0" in found  # «TITAE» also finds what «titre» finds
    assert all(score > 0 for score in found.values())


_opened: list[LexicalIndex] = []


def _shared_lexical() -> LexicalIndex:
    if not _opened:
        index = LexicalIndex(Path(_folder()) / "lexical.sqlite3")
        index.upsert([PISCINE, record("z", "§")])
        _opened.append(index)
    return _opened[0]


def _folder() -> str:
    import atexit
    import tempfile

    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, True)
    return folder


def test_a_thousand_words_are_a_query_too(lexical: LexicalIndex) -> None:
    lexical.upsert([PISCINE])
    words = " ".join(f"mot{number} n{number}" for number in range(1_000))
    assert found(lexical, f"{words} piscine") == ["a.1.0"]


@pytest.mark.parametrize("content", [b"no database at all" * 300, b""])
def test_a_damaged_lexical_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lexical.sqlite3"
    path.write_bytes(content)
    index = LexicalIndex(path)
    assert index.count() == 0
    index.upsert([PISCINE])
    assert found(index, "piscine") == ["a.1.0"]
    index.close()


def test_a_lexical_path_that_is_a_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(IndexingError, match="sourcier reindex"):
        LexicalIndex(tmp_path)


def _write_then_fail(lexical: LexicalIndex) -> None:
    with lexical.writing():
        lexical.upsert([PISCINE])
        _ = 1 / 0


def test_a_transaction_that_fails_leaves_nothing(lexical: LexicalIndex) -> None:
    with pytest.raises(ZeroDivisionError):
        _write_then_fail(lexical)
    assert lexical.count() == 0
    lexical.upsert([CRUE])
    assert lexical.count() == 1


def test_an_absurd_title_weight_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="weight"):
        LexicalIndex(tmp_path / "lexical.sqlite3", title_weight=-1)
