"""Visits on time, several at once: a slow or broken source never holds up the others.

A few daemon threads do the visits, each within its own deadlines. Sources of one host are visited
one after the other by one thread, since the host is asked for one thing at a time anyway; they
cannot keep the other threads waiting for it.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from knowledge.errors import SourcierError
from knowledge.feeds.hosts import HostLimiter, host_of
from knowledge.feeds.ports import FeedStore, ShouldStop
from knowledge.feeds.types import Feed, FeedKind, VisitReport

logger = logging.getLogger(__name__)

Visit = Callable[[Feed, datetime, ShouldStop], VisitReport]

DEFAULT_WORKERS = 4
LEASE = timedelta(minutes=20)  # for which a source that is being visited is nobody else's
_MOST_CLAIMED = 200  # in one call


@dataclass(slots=True)
class _Job:
    """Sources of one host, visited one after the other; `reports` are of those done."""

    feeds: Sequence[Feed]
    now: datetime
    reports: list[VisitReport] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)


class FeedFollower:
    """Visits sources when they are due. Every method may be called by any thread.

    `visit` does one visit and may raise SourcierError; `limiter` is stopped with the follower.
    """

    def __init__(
        self,
        visit: Visit,
        store: FeedStore,
        *,
        limiter: HostLimiter,
        workers: int = DEFAULT_WORKERS,
    ) -> None:
        self._visit = visit
        self._store = store
        self._limiter = limiter
        self._workers = workers
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._outstanding: list[_Job] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def visit_due(
        self, now: datetime, *, wait_seconds: float | None = None
    ) -> tuple[VisitReport, ...]:
        """Begin the visits that are due, and return the reports of those that ended.

        Waits for all, or for `wait_seconds` at most: what ends later is in the next call's
        result. A source that is being visited is not visited again meanwhile, here or in another
        process. Nothing is begun once the follower is stopped.

        Raises:
            StoreError: the database refused.
        """
        if not self._stopped.is_set():
            due = self._store.claim(now, lease=LEASE, limit=_MOST_CLAIMED)
            jobs = self._submit(due, now)
            with self._lock:
                self._outstanding += jobs
        with self._lock:
            waited_for = list(self._outstanding)
        _wait_for(waited_for, wait_seconds)
        return self._collect()

    def visit_now(self, feeds: Iterable[Feed], now: datetime) -> tuple[VisitReport, ...]:
        """Visit `feeds` whether they are due or not, and return the reports, in their order.

        A source without a report could not be visited: its failure is in the log.
        """
        wanted = tuple(feeds)
        if self._stopped.is_set():
            return ()
        jobs = self._submit(wanted, now)
        _wait_for(jobs, None)
        by_id = {report.feed.id: report for job in jobs for report in job.reports}
        return tuple(by_id[feed.id] for feed in wanted if feed.id in by_id)

    def stop(self, *, timeout_seconds: float = 5.0) -> bool:
        """End: visits stop after what they are asking for; True if all of them did in time.

        A thread that is still waiting for a server is left behind; it stores nothing more.
        """
        self._stopped.set()
        self._limiter.stop()
        end = time.monotonic() + timeout_seconds
        with self._lock:
            threads = list(self._threads)
        for _ in threads:
            self._jobs.put(None)
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def _submit(self, feeds: Iterable[Feed], now: datetime) -> list[_Job]:
        by_host: dict[str, list[Feed]] = defaultdict(list)
        for feed in feeds:
            web = feed.kind is FeedKind.FEED
            by_host[host_of(feed.url) if web else feed.url].append(feed)
        jobs = [_Job(group, now) for group in by_host.values()]
        self._start_threads(len(jobs))
        for job in jobs:
            self._jobs.put(job)
        return jobs

    def _start_threads(self, wanted: int) -> None:
        with self._lock:
            for number in range(len(self._threads), min(self._workers, wanted)):
                name = f"feeds-{number}"
                thread = threading.Thread(target=self._work, name=name, daemon=True)
                self._threads.append(thread)
                thread.start()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                for feed in job.feeds:
                    if self._stopped.is_set():
                        break
                    self._visit_one(feed, job)
            finally:
                job.done.set()

    def _visit_one(self, feed: Feed, job: _Job) -> None:
        try:
            report = self._visit(feed, job.now, self._stopped.is_set)
        except SourcierError as error:
            logger.warning("Visite de la source %s interrompue : %s", feed.id, error.message)
        except Exception:  # a defect of ours must not end the visits of the others
            logger.exception("Visite de la source %s : défaut de Sourcier.", feed.id)
        else:
            job.reports.append(report)

    def _collect(self) -> tuple[VisitReport, ...]:
        with self._lock:
            done = [job for job in self._outstanding if job.done.is_set()]
            self._outstanding = [job for job in self._outstanding if not job.done.is_set()]
        return tuple(report for job in done for report in job.reports)


def _wait_for(jobs: Iterable[_Job], seconds: float | None) -> None:
    end = None if seconds is None else time.monotonic() + seconds
    for job in jobs:
        job.done.wait(None if end is None else max(0.0, end - time.monotonic()))
