"""What the commands print with: French messages, and progress that suits the reader.

On a terminal progress is a bar; elsewhere (a log, a pipe) it is a plain line now and then.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

ProgressReport = Callable[[int, int | None], None]
_SECONDS_BETWEEN_LINES = 5.0


@cache
def console() -> Console:
    """Return the console of standard output."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


@cache
def error_console() -> Console:
    """Return the console of standard error, for progress and warnings."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str = "") -> None:
    """Print `text` as it is: no markup is interpreted."""
    console().print(text, markup=False, emoji=False)


def warn(text: str) -> None:
    """Print `text` on standard error as it is."""
    error_console().print(text, markup=False, emoji=False)


def interactive() -> bool:
    """Whether a person can read and type here."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def progress(title: str, *, unit: str = "", divisor: int = 1) -> Iterator[ProgressReport]:
    """Yield a ``report(done, total)``; `divisor` turns counts into `unit` (bytes to Mio)."""
    if error_console().is_terminal:
        yield from _bar(title)
    else:
        yield _plain_lines(title, unit, divisor)


def _bar(title: str) -> Iterator[ProgressReport]:
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn(title, markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=error_console(), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _plain_lines(title: str, unit: str, divisor: int) -> ProgressReport:
    last = time.monotonic()

    def report(done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= _SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            whole = f" sur {total // divisor}" if total else ""
            warn(f"{title} : {done // divisor}{whole} {unit}".rstrip())

    return report
