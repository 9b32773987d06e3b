"""What both indexes promise as `PassageIndex` and `DerivedIndex`, on Chroma and FTS5 for real."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.index.chroma import ChromaIndex
from knowledge.index.lexical import LexicalIndex
from knowledge.types import SearchFilter
from tests.bases import WordEmbedder
from tests.index_records import CRUE, DAY, GREVE, PISCINE, Index, found, record

Open = Callable[[], Index]


@pytest.fixture(params=["chroma", "lexical"])
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    opened: list[Index] = []

    def open_one() -> Index:
        for index in opened:
            index.close()
        opened.clear()
        opened.append(
            ChromaIndex(tmp_path / "chroma", embedder=WordEmbedder(), store_id="a" * 32)
            if request.param == "chroma"
            else LexicalIndex(tmp_path / "lexical.sqlite3")
        )
        return opened[0]

    yield open_one
    for index in opened:
        index.close()


def test_an_empty_index_finds_nothing(open_index: Open) -> None:
    index = open_index()
    assert index.search("piscine", limit=5) == ()
    assert (index.count(), index.ids()) == (0, frozenset())


def test_the_nearest_passage_comes_first_with_falling_scores(open_index: Open) -> None:
    index = open_index()
    index.upsert([CRUE, GREVE, PISCINE])
    hits = index.search("piscine municipale", limit=2)
    assert hits[0][0] == "a.1.0"
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True)
    assert index.search("piscine", limit=0) == ()


def test_what_is_written_is_there_after_closing(open_index: Open) -> None:
    open_index().upsert([CRUE, GREVE, PISCINE])
    again = open_index()
    assert again.ids() == {"a.1.0", "b.1.0", "c.1.0"}
    assert found(again, "crue digue")[0] == "b.1.0"


def test_writing_twice_is_writing_once(open_index: Open) -> None:
    index = open_index()
    for _ in range(2):
        index.upsert([CRUE, PISCINE])
    assert index.count() == 2
    index.upsert([record("a", "gendarmerie enquête", outlet="Nouveau")])
    assert index.count() == 2
    assert found(index, "gendarmerie enquête")[0] == "a.1.0"
    assert found(index, "gendarmerie", SearchFilter(outlets=frozenset({"Nouveau"}))) == ["a.1.0"]
    assert found(index, "piscine", SearchFilter(outlets=frozenset({"Gazette"}))) == []


def test_what_is_deleted_is_found_no_more(open_index: Open) -> None:
    index = open_index()
    index.upsert([CRUE, PISCINE])
    index.delete(["a.1.0", "unknown.1.0"])
    index.delete([])
    assert index.ids() == {"b.1.0"}
    assert "a.1.0" not in found(index, "piscine municipale")


def test_a_reset_index_is_empty_and_of_use(open_index: Open) -> None:
    index = open_index()
    index.upsert([CRUE, PISCINE])
    index.reset()
    assert index.ids() == frozenset()
    index.upsert([CRUE])
    assert found(index, "crue") == ["b.1.0"]


@pytest.mark.parametrize("others", [0, 3, 40])
def test_a_filter_gives_the_best_that_pass_however_rare(open_index: Open, others: int) -> None:
    index = open_index()
    near = [
        record(f"n{number}", "piscine municipale rouverte", outlet="Ailleurs", published=DAY)
        for number in range(others)
    ]
    index.upsert([*near, PISCINE, record("d", "la piscine", outlet="Gazette", published=DAY)])
    where = SearchFilter(outlets=frozenset({"Gazette"}), published_from=DAY, published_to=DAY)
    best = [found for found, _ in index.search("piscine municipale", limit=1, where=where)]
    assert best == ["a.1.0"]
    both = [found for found, _ in index.search("piscine municipale", limit=2, where=where)]
    assert both == ["a.1.0", "d.1.0"]
    everything = index.search("piscine municipale", limit=50)
    assert len(everything) == others + 2


MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (SearchFilter(), {"a.1.0", "b.1.0", "c.1.0"}),
        (SearchFilter(published_from=DAY), {"a.1.0", "b.1.0"}),
        (SearchFilter(published_from=DAY + MICROSECOND), {"b.1.0"}),
        (SearchFilter(published_to=DAY), {"a.1.0"}),
        (SearchFilter(published_to=DAY - MICROSECOND), set()),
        (SearchFilter(published_from=DAY, published_to=DAY), {"a.1.0"}),
        (SearchFilter(outlets=frozenset({"Écho"})), {"b.1.0", "c.1.0"}),
        (SearchFilter(outlets=frozenset({"Écho", "Gazette"}), published_to=DAY), {"a.1.0"}),
        (SearchFilter(outlets=frozenset({"' OR 1=1 --"})), set()),
        (SearchFilter(outlets=frozenset()), set()),
    ],
)
def test_filters_are_inclusive_and_exact(
    open_index: Open, where: SearchFilter, expected: set[str]
) -> None:
    index = open_index()
    index.upsert([CRUE, GREVE, PISCINE])
    assert set(found(index, "piscine crue grève", where)) == expected


def test_reading_and_writing_may_happen_in_different_threads(open_index: Open) -> None:
    index = open_index()
    index.upsert([PISCINE])
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for number in range(15):
                index.upsert([record(f"w{number}", f"crue numéro {number}")])
        except BaseException as error:  # noqa: BLE001 - handed to the asserting thread
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        assert "a.1.0" in found(index, "piscine municipale")
    writer.join()
    assert failures == []
    assert index.count() == 16
