"""The command line as tests use it: as a process of its own, or quickly in this one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.shared_data import REPOSITORY
from tests.waiting import PATIENCE

COMMAND = Path(sys.executable).with_name("sourcier")
DEMO = REPOSITORY / "knowledge" / "demo"

_PROGRESS = re.compile(r"Articles (?:lus|indexés) : \d+")  # every five seconds


@dataclass(frozen=True, slots=True)
class Done:
    """What a command gave: its exit code and what it printed."""

    code: int
    out: str
    err: str


# In a data folder, the command of some arguments.
Command = Callable[..., Done]


def environment(data: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a process without the settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOURCIER_")}
    return {**kept, "SOURCIER_DATA_DIR": str(data), "COLUMNS": "200", **settings}


def sourcier(data: Path, *arguments: str | Path, stdin: str = "", **settings: str) -> Done:
    """Run the installed command in an empty folder, so that no ``.env`` of a developer is read."""
    data.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603 - our own command
        [str(COMMAND), *map(str, arguments)],
        cwd=data.parent,
        env=environment(data, **settings),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=5 * PATIENCE,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def told(err: str) -> list[str]:
    """Return the lines of standard error, those left out that tell how far slow work has come."""
    return [line for line in err.splitlines() if not _PROGRESS.match(line)]


def text_of(citation: dict[str, Any], text: str) -> str:
    """Return the slice of an article's text that a citation's offsets name."""
    return text[citation["start"] : citation["end"]]
