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
    """Too many jobs wait already; one of them must be done first."""

    retryable = True


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    work: Callable[[ShouldStop], Any]
    tell_place: Callable[[int], None]
    future: Future[Any] = field(default_factory=Future)
    cancelled: threading.Event = field(default_factory=threading.Event)

    def give_up(self, message: str) -> None:
        self.cancelled.set()
        self.settle(error=GenerationCancelledError(message))

    def settle(self, result: Any = None, error: BaseException | None = None) -> None:
        """Set the outcome, unless there is one already: the first to come stands."""
        with suppress(InvalidStateError):
            if error is not None:
                self.future.set_exception(error)
            else:
                self.future.set_result(result)


class Worker:
    """Runs work in its own thread; `capacity` jobs may wait beside the one that runs.

    `full` and `stopping` are what whoever asked is told where a job is not taken, or given up:
    French sentences, the messages of the errors.
    """

    def __init__(self, *, capacity: int, full: str, stopping: str) -> None:
        self._capacity = capacity
        self._full = full
        self._stopping = stopping
        self._waiting: deque[_Job] = deque()
        self._running: _Job | None = None
        self._cancelled = False
        self._ended = False
        self._changed = threading.Condition()
        # A daemon: work that cannot be interrupted must not hold the process back.
        self._thread = threading.Thread(target=self._work, name="sourcier-worker", daemon=True)
        self._thread.start()

    @property
    def running(self) -> int:
        """Return how many jobs run: one or none."""
        return int(self._running is not None)

    @property
    def waiting(self) -> int:
        """Return how many jobs wait beside the one that runs."""
        return len(self._waiting)

    async def run(
        self,
        work: Callable[[ShouldStop], Result],
        *,
        on_place: Callable[[int], None] | None = None,
    ) -> Result:
        """Return what `work` returns; it is given a function that tells it to give up.

        `on_place` is called in this loop with the job's place, 1 for the one that runs, at first
        and whenever it changes. Cancelling the caller takes the job out of the queue, or tells it
        to give up.

        Raises:
            QueueFullError: too many jobs wait.
            GenerationCancelledError: the worker was told to give everything up.
        """
        job = _Job(work, _in_loop(on_place))
        with self._changed:
            if self._cancelled:
                raise GenerationCancelledError(self._stopping)
            if len(self._waiting) >= self._capacity:
                raise QueueFullError(self._full)
            self._waiting.append(job)
            job.tell_place(len(self._waiting) + (self._running is not None))
            self._changed.notify()
        try:
            result: Result = await asyncio.wrap_future(job.future)
        finally:
            job.cancelled.set()
            self._leave(job)
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
            job.give_up(self._stopping)
        if running is not None:
            running.give_up(self._stopping)

    def close(self, *, timeout: float) -> bool:
        """Give everything up and end the thread; False if work still runs after `timeout` s."""
        self.cancel()
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _leave(self, job: _Job) -> None:
        """Take a job that nobody awaits any more out of the queue."""
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)
                self._tell_places()

    def _tell_places(self) -> None:
        for place, job in enumerate(self._waiting, 1 + (self._running is not None)):
            job.tell_place(place)

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
            self._running.tell_place(1)
            self._tell_places()
            return self._running

    def _execute(self, job: _Job) -> None:
        if job.cancelled.is_set():
            job.give_up(self._stopping)
            return
        try:
            result = job.work(job.cancelled.is_set)
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever awaits the job
            job.settle(error=error)
        else:
            job.settle(result)


def _in_loop(on_place: Callable[[int], None] | None) -> Callable[[int], None]:
    """Return what calls `on_place` in the running loop, from any thread, while there is one."""
    if on_place is None:
        return lambda _place: None
    loop = asyncio.get_running_loop()

    def tell(place: int) -> None:
        with suppress(RuntimeError):  # the loop was closed before the work gave up
            loop.call_soon_threadsafe(on_place, place)

    return tell
