"""From an update to «écrit…» and to the answer: ``python -m benchmarks.telegram [--json]``.

The bot runs as installed, in a process of its own, with the shipped articles and no model,
against the tests' Bot API server on the loopback interface, by polling and by webhook; times are
the server's record. Each question comes from a reader of its own: one after the other; then all
at once; then fifty of them in the middle of five hundred from one more reader. The baseline, in
the same run, is the bot's answer to /aide, which costs everything but the knowledge. The server's
flood limits are lifted, the bot's own pace (30 requests a second, one a second in a chat) is not:
when many ask at the same moment, «écrit…» makes room for answers, and is shown to some only.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.bot_process import ROOT, bot_process
from benchmarks.figures import print_figures
from benchmarks.memory import resident_mib
from tests.telegram_server import Leniency, Limit, TelegramServer, UserHandle

QUESTIONS = ROOT / "knowledge" / "demo" / "questions-a.jsonl"
TYPING_TARGET = 200.0  # milliseconds
_AT_ONCE = 20
_FLOOD, _BESIDE = 500, 50
_QUIET_SECONDS = 5.0  # a chat silent for so long has had all its answers
_MANY_QUESTIONS = {"questions_per_minute": "600", "questions_per_day": "1000"}
_REST_SECONDS = 1.5  # after which what was sent before weighs on no limit of a second


def _webhook_settings() -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    return {"webhook_url": f"http://{address}", "webhook_listen": address}


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
        typing += [1000 * (action.sent_at - asked_at) for action in chat.actions[:1]]
    return typing, answers


def _beside_a_flood(
    server: TelegramServer, texts: list[str], process: subprocess.Popen[bytes]
) -> dict[str, Any]:
    """Return the times of `texts`, each from a reader of its own, amid one reader's flood."""
    before = resident_mib(process.pid)
    mallory = server.user("Flot")
    users = [server.user(f"À côté {index}") for index in range(_BESIDE)]
    asked: dict[UserHandle, float] = {}
    for index in range(_FLOOD):
        mallory.say(texts[index % len(texts)])
        if index % (_FLOOD // _BESIDE) == 0:
            user = users[index // (_FLOOD // _BESIDE)]
            asked[user] = user.say(texts[len(asked) % len(texts)]).sent_at
    typing, answers = [], []
    for user, asked_at in asked.items():
        chat = user.private_chat()
        answers.append(1000 * (chat.wait_for_messages(timeout=60)[0].sent_at - asked_at))
        typing += [1000 * (action.sent_at - asked_at) for action in chat.actions[:1]]
    server.wait_until_confirmed(timeout=60)
    mallory.private_chat().wait_for_messages(timeout=60, quiet=_QUIET_SECONDS)
    return {
        "from_one_reader": _FLOOD,
        "from_others": _BESIDE,
        "typing_shown": len(typing),
        "typing": _summary(typing),
        "answer": _summary(answers),
        "messages_to_the_one": len(mallory.private_chat().bot_messages),
        "resident_mib_before": round(before, 1),
        "resident_mib_after": round(resident_mib(process.pid), 1),
    }


def _summary(values: list[float]) -> dict[str, float] | None:
    """Return the median and the 95th percentile, None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return {
        "p50_ms": round(ordered[len(ordered) // 2], 1),
        "p95_ms": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
    }


def _measure(questions: list[str], *, webhook: bool) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory() as name,
        TelegramServer(lenient=[Leniency.HTTP_WEBHOOK]) as server,
    ):
        for kind in ("private", "overall", "action", "draft"):
            setattr(server.limits, kind, Limit(rate=1000, burst=1000))
        started = time.monotonic()
        settings = _MANY_QUESTIONS | (_webhook_settings() if webhook else {})
        with bot_process(server, Path(name), **settings) as process:
            first_start = time.monotonic() - started
            _one_by_one(server, questions[:5])  # warm
            _, baseline = _one_by_one(server, ["/aide"] * 20)
            time.sleep(_REST_SECONDS)
            typing, answers = _one_by_one(server, questions)
            time.sleep(_REST_SECONDS)
            crowd_typing, crowd_answers = _at_once(server, questions[:_AT_ONCE])
            time.sleep(_REST_SECONDS)
            flood = _beside_a_flood(server, questions, process)
        if server.refusals:
            raise RuntimeError(f"refused: {server.refusals[:3]}")
    helped, answered, shown = _summary(baseline), _summary(answers), _summary(typing)
    if helped is None or answered is None or shown is None:
        raise RuntimeError("nothing was measured")
    return {
        "first_start_seconds": round(first_start, 2),
        "typing": shown,
        "answer": answered,
        "help_baseline": helped,
        "answer_ratio_to_help_p50": round(answered["p50_ms"] / helped["p50_ms"], 2),
        "at_once": {
            "readers": _AT_ONCE,
            "typing_shown": len(crowd_typing),
            "typing": _summary(crowd_typing),
            "answer": _summary(crowd_answers),
        },
        "flood": flood,
        "reached": shown["p95_ms"] <= TYPING_TARGET,
    }


def measure(count: int = 60) -> dict[str, Any]:
    """Return p50 and p95 of each time, in milliseconds, ratios to the baseline, and memory."""
    questions = _questions(count)
    return {
        "questions": len(questions),
        "typing_target_ms": TYPING_TARGET,
        "polling": _measure(questions, webhook=False),
        "webhook": _measure(questions, webhook=True),
    }


def main() -> None:
    """Print the figures, as JSON with ``--json``."""
    parser = argparse.ArgumentParser(description="Time from a Telegram update to its answer.")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print_figures(measure(options.questions), as_json=options.json)


if __name__ == "__main__":
    main()
