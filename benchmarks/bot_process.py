"""The bot in a process of its own, against the tests' Bot API server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.telegram_server import TelegramServer

ROOT = Path(__file__).parents[1]
AS_INSTALLED = (sys.executable, "-c", "from bot.cli import main; main()", "run")
_START_SECONDS = 60
_END_SECONDS = 30


@contextmanager
def bot_process(
    server: TelegramServer, folder: Path, command: Sequence[str] = AS_INSTALLED, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` until the block is left; yield its process once it waits for updates.

    `settings` are the bot's own, by their names in lower case; those of this machine's
    environment hold where none is given.

    Raises:
        RuntimeError: the bot did not get ready within a minute.
    """
    environment = {
        "telegram_token": server.state.token,
        "telegram_base_url": server.url,
        "data_dir": str(folder),
        "model": "",
        "log_level": "warning",
        **settings,
    }
    process = subprocess.Popen(  # noqa: S603 - ours
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        env=os.environ | {f"SOURCIER_{name.upper()}": text for name, text in environment.items()},
    )
    try:
        _wait_until_ready(server, process, webhook="webhook_url" in settings)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=_END_SECONDS)


def _wait_until_ready(
    server: TelegramServer, process: subprocess.Popen[bytes], *, webhook: bool
) -> None:
    deadline = time.monotonic() + _START_SECONDS
    method, count = ("setWebhook", 1) if webhook else ("getUpdates", 2)
    while len(server.calls_of(method)) < count:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the bot did not start; its messages are above")
        time.sleep(0.01)
