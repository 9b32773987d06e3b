"""One request at a time to each host, and a pause between them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit

from knowledge.errors import FetchError

DEFAULT_GAP = 1.5  # seconds between the end of one request to a host and the next
_POLL = 0.05  # seconds between two looks at whether a host is free
_MOST_HOSTS = 1000  # that are remembered; a pause is over long before


class HostLimiter:
    """Gives turns at hosts, for any number of threads, until it is stopped.

    `clock` and `wait` (both in seconds) are seams for tests.
    """

    def __init__(
        self,
        gap: float = DEFAULT_GAP,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self._gap = gap
        self._clock = clock
        self._stopped = threading.Event()
        self._wait = wait or self._stopped.wait
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._free_at: dict[str, float] = {}

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait for the host to be free and its pause to be over, and hold it meanwhile.

        Raises:
            FetchError: the limiter was stopped; retryable.
        """
        while (delay := self._take(host)) > 0:
            self._wait(delay)
        try:
            yield
        finally:
            self._give_back(host)

    def turn_at(self, url: str) -> AbstractContextManager[None]:
        """Return the turn at the host of an address; see :meth:`turn`."""
        return self.turn(host_of(url))

    def stop(self) -> None:
        """Let every thread that waits for a turn go, with an error."""
        self._stopped.set()

    def _take(self, host: str) -> float:
        """Take the host and return 0, or return how long to wait before another try."""
        if self._stopped.is_set():
            raise FetchError("La visite a été interrompue par l’arrêt de Sourcier.", subject=host)
        with self._lock:
            if host in self._busy:
                return _POLL
            delay = self._free_at.get(host, 0.0) - self._clock()
            if delay <= 0:
                self._busy.add(host)
            return max(delay, 0.0)

    def _give_back(self, host: str) -> None:
        with self._lock:
            now = self._clock()
            self._busy.discard(host)
            self._free_at[host] = now + self._gap
            if len(self._free_at) > _MOST_HOSTS:
                self._free_at = {name: at for name, at in self._free_at.items() if at > now}


def host_of(url: str) -> str:
    """Return the host of an address in small letters, empty if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
