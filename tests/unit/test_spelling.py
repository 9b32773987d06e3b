"""Typing errors in a question: the words they stand for are searched. On the real FTS5."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.evaluation.memory_base import MemoryBase
from knowledge.index.lexical import LexicalIndex
from knowledge.types import ArticleDraft

POOL = ArticleDraft(
    origin="file:pool",
    title="La construction de la piscine de Valmorin",
    text="La construction de la piscine coûtera cher aux habitants de la commune.",
)
FLOOD = ArticleDraft(
    origin="file:flood",
    title="La crue de l’Aurelle",
    text="La préfecture compte de nombreuses personnes évacuées et plusieurs maisons inondées.",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LexicalIndex]:
    folder: Path = tmp_path_factory.mktemp("spelling")
    found = MemoryBase([POOL, FLOOD]).lexical_index(folder / "lexical.sqlite3")
    yield found
    found.close()


def found_titles(index: LexicalIndex, query: str) -> list[str]:
    records = MemoryBase([POOL, FLOOD]).records()
    titles = {record.passage.id: record.title for record in records}
    return [titles[found] for found, _ in index.search(query, limit=5)]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("piscnie", POOL.title),
        ("pisicne", POOL.title),
        ("piscinne", POOL.title),
        ("constructoin", POOL.title),
        ("conztruction", POOL.title),
        ("habitnats", POOL.title),
        ("Valmrin", POOL.title),
        ("préfectrue", FLOOD.title),
        ("prefectuure", FLOOD.title),
        ("maisonns inndées", FLOOD.title),
    ],
)
def test_a_word_with_a_typing_error_finds_what_was_meant(
    index: LexicalIndex, query: str, title: str
) -> None:
    assert found_titles(index, query) == [title]


@pytest.mark.parametrize(
    "query",
    [
        "crux",  # too short to guess
        "biscine",  # the first letter is trusted
        "pxscxne",  # two errors
        "2027",  # a number is what it is
        "constructionconstruction",
    ],
)
def test_what_is_no_near_neighbour_finds_nothing(index: LexicalIndex, query: str) -> None:
    assert found_titles(index, query) == []


def test_a_word_that_the_base_knows_is_not_corrected(index: LexicalIndex) -> None:
    assert found_titles(index, "commune") == [POOL.title]


@settings(max_examples=100, deadline=None)
@given(query=st.text(max_size=60) | st.text(alphabet='"*()^:-ANDORNEAR éçœß', max_size=40))
def test_no_query_is_syntax(index: LexicalIndex, query: str) -> None:
    assert len(index.search(query, limit=3)) <= 2
