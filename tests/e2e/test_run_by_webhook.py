"""``sourcier run``, installed, behind a webhook: a question of a reader's, then SIGTERM."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

from bot.receiving.webhook_address import secret_path
from tests.e2e.commands import COMMAND, environment
from tests.interface.running_bot import by_webhook
from tests.telegram_server import Leniency, TelegramServer
from tests.waiting import PATIENCE

QUESTION = "Quand le chantier de la piscine des Tanneurs va-t-il démarrer ?"


def test_a_question_is_answered_by_webhook_and_the_end_is_clean(base: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(base, data)
    with TelegramServer(lenient=[Leniency.HTTP_WEBHOOK]) as server:
        hook = {f"SOURCIER_{name.upper()}": value for name, value in by_webhook().items()}
        process = subprocess.Popen(  # noqa: S603 - our own command
            [str(COMMAND), "run"],
            cwd=tmp_path,
            env=environment(
                data,
                SOURCIER_TELEGRAM_TOKEN=server.state.token,
                SOURCIER_TELEGRAM_BASE_URL=server.url,
                SOURCIER_LOG_LEVEL="debug",
                **hook,
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            server.wait_for_calls("setWebhook", timeout=2 * PATIENCE)
            reader = server.user("Alice")
            question = reader.say(QUESTION)
            [answer] = reader.private_chat().wait_for_messages()
            server.wait_until_confirmed()
        finally:
            process.send_signal(signal.SIGTERM)
            printed = "".join(process.communicate(timeout=PATIENCE))
    assert process.returncode == 0
    assert answer.reply_to == question
    assert "septembre 2026" in "".join(answer.entity_texts("blockquote"))
    assert server.refusals == []
    assert QUESTION not in printed
    for secret in (server.state.token, secret_path(server.state.token)):
        assert secret not in printed
    assert "Le robot est prêt." in printed
    assert not (data / "sourcier.sqlite3-wal").exists()  # folded into the base when closed
