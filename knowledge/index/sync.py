"""Keep the indexes equal to the store's current passages, whatever happened before.

The store queues versions to look at; a batch reads a few of those rows, asks the store which
of their passages are current, writes these to both indexes, deletes the others, and only then
takes the rows off the queue. Every step may be repeated, so whatever kills the process between
two of them is healed by the next run. An index that was deleted or damaged behind our back shows
by its count or, where a run asks for it, by its ids, and is then compared with the store id by id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from knowledge.chunks import chunks
from knowledge.index.records import DerivedIndex, IndexRecord, IndexSource
from knowledge.types import PassageId

DEFAULT_BATCH = 256  # passages; half a second of Chroma, and what a crash may cost again

Report = Callable[[int, int], None]


class ExclusiveIndex(DerivedIndex, Protocol):
    """A derived index whose transaction keeps other fillers out, in this and other processes."""

    def writing(self) -> AbstractContextManager[None]:
        """Begin a transaction that no other thread or process can overlap."""
        ...

    def is_sound(self) -> bool:
        """Tell whether what it holds can be written over; a damaged one must be reset."""
        ...


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one run did, in passages; `pending` counts the rows still queued if it was stopped."""

    indexed: int
    deleted: int
    repaired: int
    pending: int


def synchronise(
    store: IndexSource,
    dense: DerivedIndex,
    lexical: ExclusiveIndex,
    *,
    report: Report | None = None,
    should_stop: Callable[[], bool] | None = None,
    batch: int = DEFAULT_BATCH,
    compare_ids: bool = False,
) -> SyncReport:
    """Bring both indexes to the store's current passages; may be called at any time, by anyone.

    `report` is told (done, total), in queued versions and then in repaired passages.
    `should_stop` is asked between batches. `batch` is in passages. `compare_ids` finds a passage
    lost and another strange, which the counts do not show; with 20,000 it takes 0.15 s.

    Raises:
        IndexingError, StoreError: the queue then keeps what was not done.
    """
    if batch < 1:
        raise ValueError(f"a batch holds at least one passage, not {batch}")
    run = _Run(store, dense, lexical, batch, report or _nobody, should_stop or _never)
    run.drain()
    run.repair((dense, lexical), compare_ids=compare_ids)
    return SyncReport(run.indexed, run.deleted, run.repaired, store.pending_count())


def repair_lexical(
    store: IndexSource, lexical: ExclusiveIndex, *, batch: int = DEFAULT_BATCH
) -> SyncReport:
    """Bring the lexical index alone to the store's current passages, while the other one fails.

    The queue is left for the day when both can be filled.

    Raises:
        IndexingError, StoreError: it cannot be filled either.
    """
    run = _Run(store, lexical, lexical, batch, _nobody, _never)
    run.repair((lexical,), compare_ids=True)  # an article changed meanwhile may count the same
    return SyncReport(0, 0, run.repaired, store.pending_count())


def reindex(
    store: IndexSource,
    dense: DerivedIndex,
    lexical: ExclusiveIndex,
    *,
    report: Report | None = None,
    should_stop: Callable[[], bool] | None = None,
    batch: int = DEFAULT_BATCH,
) -> SyncReport:
    """Build both indexes again from the store, with the present embedder.

    Unless it is damaged, the lexical one is written over and not dropped: it answers meanwhile.
    """
    with lexical.writing():
        store.requeue_all()
        if not lexical.is_sound():
            lexical.reset()
        dense.reset()
    return synchronise(
        store,
        dense,
        lexical,
        report=report,
        should_stop=should_stop,
        batch=batch,
        compare_ids=True,
    )


def _nobody(done: int, total: int) -> None:
    del done, total


def _never() -> bool:
    return False


class _Run:
    """One run, and what it did so far."""

    def __init__(
        self,
        store: IndexSource,
        dense: DerivedIndex,
        lexical: ExclusiveIndex,
        batch: int,
        report: Report,
        should_stop: Callable[[], bool],
    ) -> None:
        self._store = store
        self._dense = dense
        self._lexical = lexical
        self._batch = batch
        self._report = report
        self._should_stop = should_stop
        self._stopped = False
        self.indexed = 0
        self.deleted = 0
        self.repaired = 0

    def drain(self) -> None:
        """Consume the queue."""
        done = 0
        total = self._store.pending_count()
        while total and not self._asked_to_stop():
            with self._lexical.writing():
                rows = self._store.pending(passages=self._batch)
                if not rows:
                    return
                affected = self._store.passage_ids(rows)
                current = self._write(affected, (self._dense, self._lexical))
                self._delete(affected - current)
            # After the commit: were it lost, the rows would still say what to do.
            self._store.mark_indexed(rows)
            done += len(rows)
            self._report(done, max(done, total))

    def repair(self, indexes: Sequence[DerivedIndex], *, compare_ids: bool) -> None:
        """Make up for what an index lost, or holds and should not, without the queue knowing."""
        expected = self._store.current_passage_count()
        for index in indexes:
            if self._asked_to_stop() or (
                index.count() == expected
                # Without the lock, which somebody may hold for long and which is rarely needed.
                and not (compare_ids and index.ids() != self._store.current_passage_ids())
            ):
                continue
            with self._lexical.writing():
                wanted = self._store.current_passage_ids()
                held = index.ids()
                strays = sorted(held - wanted)
                if strays:
                    index.delete(strays)
            self.repaired += len(strays)
            self._restore(index, sorted(wanted - held))

    def _restore(self, index: DerivedIndex, missing: Sequence[PassageId]) -> None:
        done = 0
        for part in chunks(missing, self._batch):
            if self._asked_to_stop():
                return
            with self._lexical.writing():
                self.repaired += len(self._write_part(part, (index,)))
            done += len(part)
            self._report(done, len(missing))

    def _write(
        self, passage_ids: Iterable[PassageId], indexes: Sequence[DerivedIndex]
    ) -> frozenset[PassageId]:
        current: set[PassageId] = set()
        for part in chunks(sorted(passage_ids), self._batch):
            current.update(record.passage.id for record in self._write_part(part, indexes))
        self.indexed += len(current)
        return frozenset(current)

    def _write_part(
        self, passage_ids: Sequence[PassageId], indexes: Sequence[DerivedIndex]
    ) -> tuple[IndexRecord, ...]:
        records = self._store.records(passage_ids)
        if records:
            for index in indexes:
                index.upsert(records)
        return records

    def _delete(self, stale: frozenset[PassageId]) -> None:
        if stale:
            self._dense.delete(sorted(stale))
            self._lexical.delete(sorted(stale))
            self.deleted += len(stale)

    def _asked_to_stop(self) -> bool:
        self._stopped = self._stopped or self._should_stop()
        return self._stopped
