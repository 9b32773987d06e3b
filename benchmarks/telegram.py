"""From an update to «écrit…» and to the answer: ``python -m benchmarks.telegram [--json]``.

The bot runs as installed, in a process of its own, with the shipped articles and no model,
against the tests' Bot API server on the loopback interface; times are the server's record. Each
question comes from a reader of its own, one after the other, then all at once. The baseline, in
the same run, is the bot's answer to /aide, which costs everything but the knowledge.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.telegram_server import Limit, TelegramServer, UserHandle

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-c", "from bot.cli import main; main()")
QUESTIONS = ROOT / "knowledge" / "demo" / "questions-a.jsonl"
TYPING_TARGET = 200.0  # milliseconds
_AT_ONCE = 20
_START_SECONDS = 60


@contextmanager
def _bot(server: TelegramServer, folder: Path) -> Iterator[float]:
    """Run ``sourcier run`` until the block is left; yield the seconds until it first polled."""
    started = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - ours
        [*COMMAND, "run"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        env={
            **os.environ,
            "SOURCIER_TELEGRAM_TOKEN": server.state.token,
            "SOURCIER_TELEGRAM_BASE_URL": server.url,
            "SOURCIER_DATA_DIR": str(folder),
            "SOURCIER_MODEL": "",
            "SOURCIER_LOG_LEVEL": "warning",
        },
    )
    try:
        _wait_until_ready(server, process)
        yield time.monotonic() - started
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_ready(server: TelegramServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while len(server.calls_of("getUpdates")) < 2:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the bot did not start; its messages are above")
        time.sleep(0.01)


def _questions(count: int) -> list[str]:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()[:count]
    return [json.loads(line)["question"] for line in lines]


def _ask(user: UserHandle, text: str) -> float:
    """Return when `text` was sent, once its answer is there."""
    sent = user.say(text)
    user.private_chat().wait_for_messages()
    return sent.sent_at


def _one_by_one(server: TelegramServer, texts: list[str]) -> tuple[list[float], list[float]]:
    """Return the milliseconds from each text to «écrit…» (if shown) and to its answer."""
    typing, answers = [], []
    for index, text in enumerate(texts):
        user = server.user(f"Lecteur {index}")
        asked_at, chat = _ask(user, text), user.private_chat()
        answers.append(1000 * (chat.bot_messages[0].sent_at - asked_at))
        typing += [1000 * (action.sent_at - asked_at) for action in chat.actions[:1]]
    return typing, answers


def _at_once(server: TelegramServer, texts: list[str]) -> tuple[list[float], list[float]]:
    """Return the same for texts sent at the same time by as many readers."""
    users = [server.user(f"Foule {index}") for index in range(len(texts))]
    sent = [user.say(text).sent_at for user, text in zip(users, texts, strict=True)]
    typing, answers = [], []
    for user, asked_at in zip(users, sent, strict=True):
        chat = user.private_chat()
        answers.append(1000 * (chat.wait_for_messages()[0].sent_at - asked_at))
        typing.append(1000 * (chat.wait_for_action().sent_at - asked_at))
    return typing, answers


def _summary(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "p50_ms": round(ordered[len(ordered) // 2], 1),
        "p95_ms": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
    }


def measure(count: int = 60) -> dict[str, Any]:
    """Return p50 and p95 of each time, in milliseconds, and ratios to the baseline."""
    questions = _questions(count)
    with tempfile.TemporaryDirectory() as name, TelegramServer() as server:
        for kind in ("private", "overall", "action"):
            setattr(server.limits, kind, Limit(rate=1000, burst=1000))
        with _bot(server, Path(name)) as first_start:
            _one_by_one(server, questions[:5])  # warm
            _, baseline = _one_by_one(server, ["/aide"] * 20)
            typing, answers = _one_by_one(server, questions)
            crowd_typing, crowd_answers = _at_once(server, questions[:_AT_ONCE])
        if server.refusals:
            raise RuntimeError(f"refused: {server.refusals[:3]}")
    helped, answered = _summary(baseline), _summary(answers)
    return {
        "questions": len(questions),
        "first_start_seconds": round(first_start, 2),
        "typing": _summary(typing),
        "answer": answered,
        "help_baseline": helped,
        "answer_ratio_to_help_p50": round(answered["p50_ms"] / helped["p50_ms"], 2),
        "at_once": {
            "readers": _AT_ONCE,
            "typing": _summary(crowd_typing),
            "answer": _summary(crowd_answers),
        },
        "typing_target_ms": TYPING_TARGET,
        "reached": _summary(typing)["p95_ms"] <= TYPING_TARGET,
    }


def main() -> None:
    """Print the figures, as JSON with ``--json``."""
    parser = argparse.ArgumentParser(description="Time from a Telegram update to its answer.")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.questions)
    if options.json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    for name, value in figures.items():
        print(f"{name:28} {value}")


if __name__ == "__main__":
    main()
