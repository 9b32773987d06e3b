"""A folder that several processes change in turn: who may use it now, and whether it changed."""

from __future__ import annotations

import errno
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_STAMP_FILE = "sourcier-writes"
_LOCK_FILE = "sourcier-opening"
_LOOK_SECONDS = 0.005  # between two looks at the lock


class SharedFolder:
    """The folder's lock and its stamp; its methods raise OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def alone(self, *, seconds: float) -> Iterator[None]:
        """Keep other processes and threads out; the system frees a lock with its owner.

        Raises:
            OSError: with EBUSY if another has the folder for longer than `seconds`; the folder
                cannot be made or written.
        """
        from filelock import FileLock, Timeout

        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / _LOCK_FILE)
        try:
            lock.acquire(timeout=seconds, poll_interval=_LOOK_SECONDS)
        except Timeout as error:
            raise OSError(errno.EBUSY, "another process has the folder") from error
        try:
            yield
        finally:
            lock.release()

    def stamp(self) -> str | None:
        """Return what :meth:`change` wrote last; None if it never did."""
        with suppress(FileNotFoundError):
            return (self.path / _STAMP_FILE).read_text(encoding="ascii")
        return None

    def change(self) -> str:
        """Write and return a new stamp. Whoever calls it is :meth:`alone`."""
        stamp = uuid.uuid4().hex
        written = self.path / f"{_STAMP_FILE}.new"
        written.write_text(stamp, encoding="ascii")
        written.replace(self.path / _STAMP_FILE)
        return stamp
