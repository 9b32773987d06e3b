"""From SIGTERM to the end of the process: ``python -m benchmarks.stopping [--json]``.

The bot is in a process of its own with the default settings, so that it has ten seconds. It is
told to end while it has nothing to do; while it prepares an answer that needs another second;
while it prepares one that would take a minute, as a slow model does, which it gives up and says
so; the same when the work does not heed that; and when Telegram is out of reach. The idle bot is
the one that is installed, with its base open; the others take their time with a scripted answer.
Each is a fresh process, and must end with exit code 0.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.bot_process import AS_INSTALLED, bot_process
from benchmarks.figures import print_figures
from tests.telegram_server import TelegramServer

TARGET_SECONDS = 10.0
_SLOW_BOT = (sys.executable, "-m", "tests.interface.slow_bot")
_ASKED: dict[str, str | None] = {
    "idle": None,
    "answer_due_in_a_second": "1 ?",
    "answer_due_in_a_minute": "60 ?",
    "answer_that_heeds_nothing": "60 sourd ?",
    "telegram_out_of_reach": "60 ?",
}


def _seconds_to_end(name: str, question: str | None) -> float:
    """Return the seconds from the signal to the end of the process.

    Raises:
        RuntimeError: its exit code is not 0.
    """
    command = AS_INSTALLED if question is None else _SLOW_BOT
    with (
        tempfile.TemporaryDirectory() as folder,
        TelegramServer() as server,
        bot_process(server, Path(folder), command) as process,
    ):
        if question is not None:
            alice = server.user("Alice")
            alice.say(question)
            alice.private_chat().wait_for_action()
            server.wait_until_confirmed()
        if name == "telegram_out_of_reach":
            server.refuse_connections()
        began = time.monotonic()
        process.terminate()
        code = process.wait(timeout=6 * TARGET_SECONDS)
        seconds = time.monotonic() - began
    if code != 0:
        raise RuntimeError(f"{name}: the process ended with {code}")
    return round(seconds, 2)


def measure() -> dict[str, Any]:
    """Return the seconds to the end in each situation, and whether all are within the target."""
    seconds = {name: _seconds_to_end(name, asked) for name, asked in _ASKED.items()}
    return {
        "seconds": seconds,
        "target_seconds": TARGET_SECONDS,
        "reached": max(seconds.values()) <= TARGET_SECONDS,
    }


def main() -> None:
    """Print the figures, as JSON with ``--json``."""
    parser = argparse.ArgumentParser(description="Time from SIGTERM to the end of the process.")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print_figures(measure(), as_json=options.json)


if __name__ == "__main__":
    main()
