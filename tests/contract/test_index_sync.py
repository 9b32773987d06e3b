"""The indexes equal the store's current passages after any sequence of changes and crashes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from knowledge.errors import IndexingError
from knowledge.index.chroma import ChromaIndex
from knowledge.index.lexical import LexicalIndex
from knowledge.index.records import DerivedIndex, IndexRecord
from knowledge.index.sync import SyncReport, reindex, repair_lexical, synchronise
from knowledge.types import article_id
from tests.bases import NOW, TEXT, Base, open_base

LONG = " ".join(f"Phrase numéro {number} du récit." for number in range(12))  # six passages


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Base]:
    with open_base(tmp_path) as opened:
        yield opened


def test_what_is_saved_is_indexed_once(base: Base) -> None:
    base.save("a")
    base.save("b", LONG)
    assert base.synchronise() == SyncReport(indexed=8, deleted=0, repaired=0, pending=0)
    base.assert_indexes_equal_the_store()
    assert base.synchronise() == SyncReport(0, 0, 0, 0)


def test_a_new_version_replaces_the_old_in_both_indexes(base: Base) -> None:
    base.save("a")
    base.synchronise()
    base.save("a", "Un tout autre texte.")
    assert base.synchronise() == SyncReport(indexed=1, deleted=2, repaired=0, pending=0)
    base.assert_indexes_equal_the_store()


def test_an_article_saved_twice_before_indexing_is_indexed_as_it_is_now(base: Base) -> None:
    base.save("a")
    base.save("a", "Un tout autre texte.")
    base.synchronise()
    assert base.ids()[0] == {f"{article_id('a')}.2.0"}
    base.assert_indexes_equal_the_store()


def test_a_removed_article_leaves_both_indexes_and_may_come_back(base: Base) -> None:
    base.save("a")
    base.synchronise()
    base.store.remove(article_id("a"), now=NOW)
    assert base.synchronise().deleted == 2
    assert base.ids() == (frozenset(), frozenset(), frozenset())
    base.save("a")
    base.synchronise()
    base.assert_indexes_equal_the_store()


def test_a_corrected_title_is_found(base: Base) -> None:
    base.save("a", title="La piscine")
    base.synchronise()
    base.save("a", title="Le gymnase")
    base.synchronise()
    assert base.lexical.search("gymnase", limit=5) != ()


def test_progress_goes_up_to_the_total(base: Base) -> None:
    for number in range(5):
        base.save(f"{number}", f"Texte numéro {number}.")
    told: list[tuple[int, int]] = []
    base.synchronise(report=lambda done, total: told.append((done, total)), batch=2)
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_a_run_that_is_stopped_leaves_the_rest_queued(base: Base) -> None:
    for number in range(6):
        base.save(f"{number}", f"Texte numéro {number}.")
    asked = iter([False, False, True])
    report = base.synchronise(should_stop=lambda: next(asked), batch=1)
    assert report == SyncReport(indexed=2, deleted=0, repaired=0, pending=4)
    base.synchronise()
    base.assert_indexes_equal_the_store()


def test_an_article_of_more_passages_than_a_batch_is_indexed(base: Base) -> None:
    base.save("a", LONG)
    assert base.synchronise(batch=2).indexed == 6
    base.assert_indexes_equal_the_store()


def test_a_batch_without_passages_is_refused(base: Base) -> None:
    with pytest.raises(ValueError, match="at least one"):
        base.synchronise(batch=0)


def test_words_follow_the_store_while_chroma_fails_and_the_queue_waits(base: Base) -> None:
    base.save("a")
    base.synchronise()
    base.save("a", TEXT.replace("piscine", "patinoire"))  # as many passages as before
    base.save("b", LONG)
    assert repair_lexical(base.store, base.lexical).pending == 3  # v1, v2 and b
    assert base.lexical.ids() == base.store.current_passage_ids()
    assert base.lexical.search("patinoire", limit=1) != ()
    base.synchronise()
    base.assert_indexes_equal_the_store()


class Crash(BaseException):
    """The process is gone: nothing but a new run may act on it."""


class Crashing:
    """An index that crashes at its n-th write, before or after doing it."""

    def __init__(self, index: DerivedIndex, writes: int, *, after: bool) -> None:
        self._index = index
        self._writes = writes
        self._after = after

    def _do(self, write: Callable[[], None]) -> None:
        self._writes -= 1
        if self._writes < 0 and not self._after:
            raise Crash
        write()
        if self._writes < 0:
            raise Crash

    def upsert(self, records: Sequence[IndexRecord]) -> None:
        self._do(lambda: self._index.upsert(records))

    def delete(self, passage_ids: Sequence[str]) -> None:
        self._do(lambda: self._index.delete(passage_ids))

    def reset(self) -> None:
        self._do(self._index.reset)

    def count(self) -> int:
        return self._index.count()

    def ids(self) -> frozenset[str]:
        return self._index.ids()

    def writing(self) -> AbstractContextManager[None]:
        assert isinstance(self._index, LexicalIndex)
        return self._index.writing()

    def is_sound(self) -> bool:
        assert isinstance(self._index, LexicalIndex)
        return self._index.is_sound()


def test_an_index_that_fails_leaves_the_queue_as_it_was(base: Base) -> None:
    base.save("a")

    class Failing(Crashing):
        def _do(self, write: Callable[[], None]) -> None:
            raise IndexingError("Chroma a échoué.")

    with pytest.raises(IndexingError):
        synchronise(base.store, Failing(base.dense, 0, after=False), base.lexical)
    assert base.store.pending_count() == 1
    assert base.lexical.count() == 0
    base.synchronise()
    base.assert_indexes_equal_the_store()


ORIGINS = st.sampled_from([f"origine-{number}" for number in range(5)])
TEXTS = st.sampled_from(["Un texte.", LONG, LONG[:90], "Deux phrases. Puis trois.", LONG[50:200]])
TITLES = st.sampled_from(["Un titre", "Un autre titre"])


class AnyHistory(RuleBasedStateMachine):
    """Saves, removals, runs, crashes and losses in any order, on the real store and indexes."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        self._base = self._stack.enter_context(open_base(Path(folder)))

    @rule(origin=ORIGINS, text=TEXTS, title=TITLES)
    def save(self, origin: str, text: str, title: str) -> None:
        self._base.save(origin, text, title=title)

    @rule(origin=ORIGINS)
    def remove(self, origin: str) -> None:
        self._base.store.remove(article_id(origin), now=NOW)

    @rule(batch=st.integers(1, 9))
    def synchronise(self, batch: int) -> None:
        self._base.synchronise(batch=batch)
        self._base.assert_indexes_equal_the_store()

    @rule(
        writes=st.integers(0, 5),
        after=st.booleans(),
        dense=st.booleans(),
        batch=st.integers(1, 4),
        rebuild=st.booleans(),
    )
    def crash(self, writes: int, after: bool, dense: bool, batch: int, rebuild: bool) -> None:
        base = self._base
        act = reindex if rebuild else synchronise
        try:
            if dense:
                crashing = Crashing(base.dense, writes, after=after)
                act(base.store, crashing, base.lexical, batch=batch)
            else:
                crashing = Crashing(base.lexical, writes, after=after)
                act(base.store, base.dense, crashing, batch=batch)
        except Crash:
            pass

    @precondition(lambda self: self._base.store.pending_count() == 0)
    @rule(dense=st.booleans(), kept=st.integers(0, 3))
    def lose_passages(self, dense: bool, kept: int) -> None:
        index: ChromaIndex | LexicalIndex = self._base.dense if dense else self._base.lexical
        index.delete(sorted(index.ids())[kept:])

    def teardown(self) -> None:
        try:
            self._base.synchronise()
            self._base.assert_indexes_equal_the_store()
        finally:
            self._stack.close()


AnyHistory.TestCase.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
TestAnyHistory = AnyHistory.TestCase
