"""An index that could not be opened, and is tried again while the program runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from knowledge.errors import IndexingError
from knowledge.index.records import DerivedIndex, IndexRecord
from knowledge.ports import PassageIndex
from knowledge.types import PassageId, SearchFilter

_RETRY_SECONDS = 30.0


class OpenIndex(PassageIndex, DerivedIndex, Protocol):
    """What is searched, filled and closed."""

    def close(self) -> None:
        """Let go of what it holds."""
        ...


class UnopenedIndex:
    """Stands for an index that is out of reach. Implements `PassageIndex` and `DerivedIndex`.

    A call tries to open it, at most once in `retry_seconds`, and goes to it once that succeeds.
    Until then every call raises IndexingError, as the last try did. Thread-safe.
    """

    def __init__(
        self,
        open_index: Callable[[], OpenIndex],
        error: IndexingError,
        *,
        retry_seconds: float = _RETRY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open = open_index
        self._error = error
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._tried = clock()
        self._index: OpenIndex | None = None
        self._turn = threading.Lock()

    def search(
        self, query: str, *, limit: int, where: SearchFilter | None = None
    ) -> tuple[tuple[PassageId, float], ...]:
        """Return passage ids with their score, best first."""
        return self._opened().search(query, limit=limit, where=where)

    def upsert(self, records: Sequence[IndexRecord]) -> None:
        """Write those passages, replacing what has the same ids."""
        self._opened().upsert(records)

    def delete(self, passage_ids: Sequence[PassageId]) -> None:
        """Take those passages out; unknown ids are no error."""
        self._opened().delete(passage_ids)

    def count(self) -> int:
        """Return how many passages it holds."""
        return self._opened().count()

    def ids(self) -> frozenset[PassageId]:
        """Return the ids of the passages it holds."""
        return self._opened().ids()

    def reset(self) -> None:
        """Drop everything and start empty."""
        self._opened().reset()

    def close(self) -> None:
        """Let go of the index, if it was opened after all."""
        with self._turn:
            if self._index is not None:
                self._index.close()

    def _opened(self) -> OpenIndex:
        with self._turn:
            if self._index is None:
                self._index = self._try()
            return self._index

    def _try(self) -> OpenIndex:
        if self._clock() - self._tried < self._retry_seconds:
            raise IndexingError(self._error.message, subject=self._error.subject) from self._error
        try:
            return self._open()
        except IndexingError as error:
            self._error = error
            raise
        finally:
            self._tried = self._clock()
