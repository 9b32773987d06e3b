"""What passes between the store and the indexes derived from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from knowledge.types import ArticleId, Passage, PassageId

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_microseconds(moment: datetime) -> int:
    """Return an aware time as whole microseconds since 1970: exact, sortable, portable."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(count: int) -> datetime:
    """Return the UTC time that :func:`to_microseconds` made a number of."""
    return _EPOCH + timedelta(microseconds=count)


@dataclass(frozen=True, slots=True)
class IndexRecord:
    """A current passage with what searches weigh (the title) and filter by (outlet, date)."""

    passage: Passage
    title: str
    outlet: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A version whose passages the indexes must look at again; sequences grow for ever."""

    sequence: int
    article_id: ArticleId
    version: int


class IndexSource(Protocol):
    """The store, as the indexes see it. Raises StoreError. Each call is one transaction."""

    @property
    def store_id(self) -> str:
        """What tells this base from every other."""
        ...

    def pending_count(self) -> int:
        """Return how many rows wait in the queue."""
        ...

    def pending(self, *, passages: int) -> tuple[QueueRow, ...]:
        """Return the oldest rows that together have about that many passages, at least one."""
        ...

    def passage_ids(self, rows: Sequence[QueueRow]) -> frozenset[PassageId]:
        """Return the ids of all passages of those versions, current or not."""
        ...

    def records(self, passage_ids: Sequence[PassageId]) -> tuple[IndexRecord, ...]:
        """Return the records of those passages that are current, in no particular order."""
        ...

    def mark_indexed(self, rows: Sequence[QueueRow]) -> None:
        """Take those rows off the queue; rows that came later for the same versions stay."""
        ...

    def requeue_all(self) -> int:
        """Queue every current version; return how many."""
        ...

    def current_passage_count(self) -> int:
        """Return how many passages the indexes should hold."""
        ...

    def current_passage_ids(self) -> frozenset[PassageId]:
        """Return the ids of the passages the indexes should hold."""
        ...


class DerivedIndex(Protocol):
    """An index of passages as :mod:`knowledge.index.sync` fills it. Raises IndexingError."""

    def upsert(self, records: Sequence[IndexRecord]) -> None:
        """Write those passages, replacing what has the same ids."""
        ...

    def delete(self, passage_ids: Sequence[PassageId]) -> None:
        """Take those passages out; unknown ids are no error."""
        ...

    def count(self) -> int:
        """Return how many passages it holds."""
        ...

    def ids(self) -> frozenset[PassageId]:
        """Return the ids of the passages it holds."""
        ...

    def reset(self) -> None:
        """Drop everything, whatever state it is in, and start empty."""
        ...
