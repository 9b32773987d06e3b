"""The local Bot API server as a process of its own, spoken to through its standard input."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


def read(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


def write(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def test_a_terminal_speaks_to_a_bot() -> None:
    command = [sys.executable, "-m", "tests.telegram_server", "--speed", "60", "--start", "1e9"]
    process = subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        hello = read(process)
        assert (hello["speed"], hello["start"]) == (60.0, 1e9)
        with httpx.Client(base_url=f"{hello['url']}/bot{hello['token']}/", trust_env=False) as bot:

            def call(method: str, **values: Any) -> Any:
                answer = bot.post(method, json=values).json()
                assert answer["ok"], answer
                return answer["result"]

            write(process, "nonsense")
            assert "Alice: texte" in read(process)["error"]
            write(process, "Alice: Bonjour")
            write(process, "Alice @ Lecteurs: /question Qui ?")
            updates: list[dict[str, Any]] = []
            while len(updates) < 3:
                offset = updates[-1]["update_id"] + 1 if updates else 0
                updates += call("getUpdates", timeout=5, offset=offset)
            private, added, asked = updates
            assert private["message"]["text"] == "Bonjour"
            assert 1e9 <= private["message"]["date"] < 1e9 + 60 * 60
            assert added["my_chat_member"]["chat"]["title"] == "Lecteurs"
            assert asked["message"]["text"] == "/question Qui ?"
            chat_id = private["message"]["chat"]["id"]
            button = {"text": "Suite", "callback_data": "2"}
            sent = call(
                "sendMessage",
                chat_id=chat_id,
                text="Salut 🙂",
                reply_markup={"inline_keyboard": [[button]]},
            )
            assert read(process) == sent
            write(process, "Alice ! Suite")
            [pressed] = call("getUpdates", timeout=5, offset=asked["update_id"] + 1)
            assert pressed["callback_query"]["data"] == "2"
        _, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    finally:
        process.kill()
