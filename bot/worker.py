"""One thread that answers, one question at a time: it alone touches the knowledge and the model.

A chat waits for its answer before its next question is submitted, so the first come, first
served order of the queue is fair between chats.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from knowledge.errors import GenerationCancelledError, SourcierError

Result = TypeVar("Result")
ShouldStop = Callable[[], bool]


class QueueFullError(SourcierError):
    """Too many questions wait already; one of them must be answered first."""

    retryable = True


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[ShouldStop], Any]
    future: Future[Any] = field(default_factory=Future)
    cancelled: threading.Event = field(default_factory=threading.Event)

    def give_up(self) -> None:
        self.cancelled.set()
        self.settle(error=_given_up())

    def settle(self, result: Any = None, error: BaseException | None = None) -> None:
        """Set the outcome, unless there is one already: the first to come stands."""
        with suppress(InvalidStateError):
            if error is not None:
                self.future.set_exception(error)
            else:
                self.future.set_result(result)


class Worker:
    """Runs work in its own thread; `capacity` jobs may wait beside the one that runs."""

    def __init__(self, *, capacity: int) -> None:
        self._capacity = capacity
        self._waiting: deque[_Job] = deque()
        self._running: _Job | None = None
        self._cancelled = False
        self._ended = False
        self._changed = threading.Condition()
        # A daemon: work that cannot be interrupted must not hold the process back.
        self._thread = threading.Thread(target=self._work, name="sourcier-worker", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[ShouldStop], Result]) -> Result:
        """Return what `work` returns; it is given a function that tells it to give up.

        Cancelling the caller takes the job out of the queue, or tells it to give up.

        Raises:
            QueueFullError: too many jobs wait.
            GenerationCancelledError: the worker was told to give everything up.
        """
        job = _Job(work)
        with self._changed:
            if self._cancelled:
                raise _given_up()
            if len(self._waiting) >= self._capacity:
                raise QueueFullError("Trop de questions attendent déjà ; réessayez plus tard.")
            self._waiting.append(job)
            self._changed.notify()
        try:
            result: Result = await asyncio.wrap_future(job.future)
        finally:
            job.cancelled.set()
        return result

    def cancel(self) -> None:
        """Give up every job and take no other.

        Whoever awaits the running one is told at once, even if it does not give up at once.
        """
        with self._changed:
            self._cancelled = True
            waiting, running = list(self._waiting), self._running
            self._waiting.clear()
        for job in waiting:
            job.give_up()
        if running is not None:
            running.give_up()

    def close(self, *, timeout: float) -> bool:
        """Give everything up and end the thread; False if work still runs after `timeout` s."""
        self.cancel()
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            self._execute(job)
            with self._changed:
                self._running = None

    def _next(self) -> _Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended)
            if not self._waiting:
                return None
            self._running = self._waiting.popleft()
            return self._running

    @staticmethod
    def _execute(job: _Job) -> None:
        if job.cancelled.is_set():
            job.give_up()
            return
        try:
            result = job.work(job.cancelled.is_set)
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever awaits the job
            job.settle(error=error)
        else:
            job.settle(result)


def _given_up() -> GenerationCancelledError:
    return GenerationCancelledError("La question a été abandonnée : le robot s’arrête.")
