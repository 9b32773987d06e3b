"""What the commands print with: French messages, JSON, and progress that suits the reader.

On a terminal progress is a bar; elsewhere (a log, a pipe) it is a plain line now and then.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console

ProgressReport = Callable[[int, int | None], None]
_SECONDS_BETWEEN_LINES = 5.0
# A file name may hold what moves the cursor or recolours the terminal.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@cache
def console() -> Console:
    """Return the console of standard output, for what is more than plain text."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


@cache
def error_console() -> Console:
    """Return the console of standard error, for progress."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def accept_any_text() -> None:
    """Make the standard streams replace what their encoding cannot hold, rather than fail."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def discard_output() -> None:
    """Let what standard output still holds go nowhere: it could not be written."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str = "") -> None:
    """Print `text` as it is, control characters excepted."""
    _print(text, sys.stdout)


def warn(text: str) -> None:
    """Print `text` on standard error as it is, control characters excepted."""
    _print(text, sys.stderr)


def _print(text: str, stream: TextIO) -> None:
    stream.write(_CONTROLS.sub("\ufffd", text) + "\n")
    stream.flush()


def say_json(value: Any) -> None:
    """Print `value` as one line of JSON, in ASCII where the output's encoding asks for it."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        text = json.dumps(value)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def ask_person(prompt: str) -> str | None:
    """Return the line typed after `prompt`, its blanks made single; None at the end of input."""
    try:
        return " ".join(input(prompt).split())
    except EOFError:
        say()
        return None


def interactive() -> bool:
    """Whether a person can read and type here."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def progress(title: str, *, unit: str = "", divisor: int = 1) -> Iterator[ProgressReport]:
    """Yield a ``report(done, total)``; `divisor` turns counts into `unit` (bytes to Mio)."""
    if sys.stderr.isatty():
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
