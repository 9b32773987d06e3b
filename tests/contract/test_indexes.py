"""What both indexes promise as `PassageIndex` and `DerivedIndex`, on Chroma and FTS5 for real."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import EmbedderMismatchError, IndexingError
from knowledge.index.chroma import ChromaIndex
from knowledge.index.lexical import LexicalIndex
from knowledge.index.records import IndexRecord
from knowledge.types import Passage, SearchFilter, Span, passage_id
from tests.bases import WordEmbedder

Index = ChromaIndex | LexicalIndex
Open = Callable[[], Index]

DAY = datetime(2026, 1, 10, 12, 0, 0, 500_000, tzinfo=UTC)


def _record(
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


PISCINE = _record("a", "piscine municipale rouverte", outlet="Gazette", published=DAY)
CRUE = _record("b", "crue fleuve digue", outlet="Écho", published=DAY + timedelta(days=1))
GREVE = _record("c", "grève trains gare", outlet="Écho")


def _found(index: Index, query: str, where: SearchFilter | None = None) -> list[str]:
    return [found for found, _ in index.search(query, limit=10, where=where)]


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
    assert _found(again, "crue digue")[0] == "b.1.0"


def test_writing_twice_is_writing_once(open_index: Open) -> None:
    index = open_index()
    for _ in range(2):
        index.upsert([CRUE, PISCINE])
    assert index.count() == 2
    index.upsert([_record("a", "gendarmerie enquête", outlet="Nouveau")])
    assert index.count() == 2
    assert _found(index, "gendarmerie enquête")[0] == "a.1.0"
    assert _found(index, "gendarmerie", SearchFilter(outlets=frozenset({"Nouveau"}))) == ["a.1.0"]
    assert _found(index, "piscine", SearchFilter(outlets=frozenset({"Gazette"}))) == []


def test_what_is_deleted_is_found_no_more(open_index: Open) -> None:
    index = open_index()
    index.upsert([CRUE, PISCINE])
    index.delete(["a.1.0", "unknown.1.0"])
    index.delete([])
    assert index.ids() == {"b.1.0"}
    assert "a.1.0" not in _found(index, "piscine municipale")


def test_a_reset_index_is_empty_and_of_use(open_index: Open) -> None:
    index = open_index()
    index.upsert([CRUE, PISCINE])
    index.reset()
    assert index.ids() == frozenset()
    index.upsert([CRUE])
    assert _found(index, "crue") == ["b.1.0"]


@pytest.mark.parametrize("others", [0, 3, 40])
def test_a_filter_gives_the_best_that_pass_however_rare(open_index: Open, others: int) -> None:
    index = open_index()
    near = [
        _record(f"n{number}", "piscine municipale rouverte", outlet="Ailleurs", published=DAY)
        for number in range(others)
    ]
    index.upsert([*near, PISCINE, _record("d", "la piscine", outlet="Gazette", published=DAY)])
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
    assert set(_found(index, "piscine crue grève", where)) == expected


def test_reading_and_writing_may_happen_in_different_threads(open_index: Open) -> None:
    index = open_index()
    index.upsert([PISCINE])
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for number in range(15):
                index.upsert([_record(f"w{number}", f"crue numéro {number}")])
        except BaseException as error:  # noqa: BLE001 - handed to the asserting thread
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        assert "a.1.0" in _found(index, "piscine municipale")
    writer.join()
    assert failures == []
    assert index.count() == 16


# The lexical index alone.


@pytest.fixture
def lexical(tmp_path: Path) -> Iterator[LexicalIndex]:
    index = LexicalIndex(tmp_path / "lexical.sqlite3")
    yield index
    index.close()


def test_words_match_by_stem_elision_and_accent(lexical: LexicalIndex) -> None:
    lexical.upsert([_record("e", "Les énergies renouvelables."), PISCINE])
    for query in ("l’énergie renouvelable ?", "energie", "ÉNERGIES"):
        assert _found(lexical, query) == ["e.1.0"]


def test_figures_match_however_they_are_written(lexical: LexicalIndex) -> None:
    lexical.upsert([_record("e", "Il a coûté 1\u202f500\u202f000 euros et 1,50 point."), PISCINE])
    assert _found(lexical, "1 500 000") == ["e.1.0"]
    assert _found(lexical, "1,5") == ["e.1.0"]


def test_a_word_of_the_title_weighs_more(tmp_path: Path) -> None:
    in_title = _record("t", "il reste fermé longtemps", title="La piscine")
    in_text = _record("x", "la piscine reste fermée", title="Un lieu")
    for weight, first in ((4.0, "t.1.0"), (0.0, "x.1.0")):
        index = LexicalIndex(tmp_path / f"{weight}.sqlite3", title_weight=weight)
        index.upsert([in_title, in_text, CRUE, GREVE])
        assert _found(index, "piscine")[0] == first
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
        index.upsert([PISCINE, _record("z", "§")])
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
    assert _found(lexical, f"{words} piscine") == ["a.1.0"]


@pytest.mark.parametrize("content", [b"no database at all" * 300, b""])
def test_a_damaged_lexical_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lexical.sqlite3"
    path.write_bytes(content)
    index = LexicalIndex(path)
    assert index.count() == 0
    index.upsert([PISCINE])
    assert _found(index, "piscine") == ["a.1.0"]
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


# Chroma alone.


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
