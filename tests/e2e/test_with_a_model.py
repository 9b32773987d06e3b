"""The installed commands with a model: what it writes is proved in the terminal and in Telegram."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from bot import texts
from tests.answers import POOL_COST, POOL_OPENS, POOL_TEXT, POOL_URL
from tests.e2e.commands import COMMAND, Command, environment, text_of
from tests.scripted_models import write_scripted_model
from tests.telegram_server import TelegramServer
from tests.waiting import PATIENCE

QUESTION = "Quand rouvre la piscine de Valmorin ?"
OPENS = "La piscine de Valmorin rouvre le 3 mars 2026."
WRONG_COST = "Le chantier a coûté 2,5 millions d’euros."
SOURCE = "La piscine de Valmorin rouvre, La Gazette, 14 février 2024"
ARTICLE = f"""---
title: La piscine de Valmorin rouvre
outlet: La Gazette
published: 2024-02-14T09:30:00+01:00
url: {POOL_URL}
---
{POOL_TEXT}
"""


@pytest.fixture(name="data")
def fixture_data(command: Command, tmp_path: Path) -> Path:
    """A data folder that holds the article; beside it stands the model."""
    (tmp_path / "article.md").write_text(ARTICLE, encoding="utf-8")
    write_scripted_model(tmp_path / "script.gguf", f"{OPENS} [1]\n{WRONG_COST} [3]")
    done = command(tmp_path / "data", "ingest", tmp_path / "article.md", "--json")
    assert (done.code, json.loads(done.out)["added"]) == (0, 1), done.err
    return tmp_path / "data"


def with_model(data: Path) -> dict[str, str]:
    return {"SOURCIER_MODEL": str(data.parent / "script.gguf"), "SOURCIER_THREADS": "1"}


def test_in_the_terminal_what_is_borne_out_is_written_and_the_quotations_are_slices(
    command: Command, data: Path
) -> None:
    done = command(data, "ask", "--json", QUESTION, **with_model(data))
    assert done.code == 0, done.err
    answer = json.loads(done.out)
    assert answer["mode"] == "model"
    assert [
        (claim["text"], [text_of(each, POOL_TEXT) for each in claim["citations"]])
        for claim in answer["claims"]
    ] == [(OPENS, [POOL_OPENS]), ("", [POOL_COST])]
    shown = command(data, "ask", QUESTION, **with_model(data)).out
    assert OPENS in shown
    assert WRONG_COST not in shown + done.out


def test_in_telegram_the_installed_bot_writes_what_is_borne_out_and_ends_clean(
    data: Path,
) -> None:
    with TelegramServer() as server:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [str(COMMAND), "run"],
            cwd=data.parent,
            env=environment(
                data,
                SOURCIER_TELEGRAM_TOKEN=server.state.token,
                SOURCIER_TELEGRAM_BASE_URL=server.url,
                **with_model(data),
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            alice = server.user("Alice")
            asked = alice.say(QUESTION)
            chat = alice.private_chat()
            [answer] = chat.wait_for_messages(quiet=0.5)
            server.wait_until_confirmed()
        finally:
            process.send_signal(signal.SIGTERM)
            _, printed = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, printed
    assert answer.reply_to == asked
    assert answer.text == (
        f"{OPENS}\u00a0[1]\n\n{POOL_OPENS}\n[1]\u00a0{SOURCE}\n\n{POOL_COST}\n[2]\u00a0{SOURCE}\n\n"
        f"{texts.MODEL_WROTE}"
    )
    assert answer.entity_texts("blockquote") == [POOL_OPENS, POOL_COST]
    assert chat.actions[0].name == "typing"
    assert chat.actions[0].sent_at < answer.sent_at
    assert not any(WRONG_COST in sent for call in server.calls for sent in call.params.values())
    assert server.refusals == []
