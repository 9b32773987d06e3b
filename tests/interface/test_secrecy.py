"""Token, secret and path of the webhook, and readers' words: in no record, no file, no repr."""

import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.logs import configure_logging
from bot.receiving.pending import PendingMessages
from bot.receiving.webhook import SECRET_HEADER
from bot.receiving.webhook_address import secret_path
from tests.answers import POOL_OPENS, article, cite, extract
from tests.interface.running_bot import RunningBot, ScriptedKnowledge, by_webhook
from tests.telegram_server import Leniency, TelegramServer

WORDS = "Le facteur d’Ombrelune a-t-il avoué ?"
SECRET = "le-secret_du-webhook"


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer(lenient=[Leniency.HTTP_WEBHOOK]) as running:
        running.webhooks.timing.first_delay = 0.02
        yield running


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Path]:
    """Everything logged at DEBUG, as the program sets it up; yields the folder."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    configure_logging("debug", folder=tmp_path / "logs")
    yield tmp_path / "logs"
    for handler in [each for each in root.handlers if each not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def converse(server: TelegramServer, knowledge: ScriptedKnowledge) -> None:
    """Have a conversation in which much goes wrong."""
    knowledge.answers(WORDS, ValueError(WORDS))
    knowledge.answers("Ombrelune ?", extract(cite(article(), POOL_OPENS)))
    alice = server.user("Alice")
    for text in (WORDS, "Ombrelune ?", "/ombrelune"):
        alice.say(text)
        alice.private_chat().wait_for_messages()
    server.faults.add(method="sendMessage", error=400, description="Bad Request: Ombrelune")
    alice.say("Ombrelune ?")
    alice.private_chat().wait_for_messages()
    server.drop_connections()


def probe(server: TelegramServer) -> None:
    """Send to the webhook what nobody but Telegram should, and what cannot be read."""
    if server.state.webhook is None:
        return
    address = server.state.webhook.url
    with httpx.Client(trust_env=False) as client:
        for url, secret, body in (
            (address, "Ombrelune", b"{}"),
            (address + "x", SECRET, b"{}"),
            (address, SECRET, b'{"update_id": 1, "message": {"text": "Ombrelune"}}'),
            (address, SECRET, b"Ombrelune"),
        ):
            client.post(url, content=body, headers={SECRET_HEADER: secret})


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_neither_secrets_nor_words_are_in_any_record_file_or_repr_at_debug(
    webhook: bool,
    logs: Path,
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    settings = {**by_webhook(), "webhook_secret": SECRET} if webhook else {}
    data = tmp_path / "data"
    with caplog.at_level("DEBUG"), RunningBot(server, knowledge, data, **settings) as running:
        converse(server, knowledge)
        probe(server)
        application = running.application
        shown = repr((application.services, application, application.bot, application.handlers))
        logging.getLogger("bot.test").error("jeton %s", server.state.token)
    token = server.state.token
    records = [each for each in caplog.records if each.name != "bot.test"]
    captured = capfd.readouterr()
    log = (logs / "sourcier.log").read_text()
    assert "Erreur n°" in log
    assert "jeton <jeton>" in log
    texts = [each.getMessage() for each in records] + [log, captured.err, captured.out, shown]
    files = [path.read_bytes() for path in data.rglob("*") if path.is_file()]
    assert PendingMessages(data / "pending.jsonl").left_by_last_run() == ()
    for secret in (token, token.partition(":")[2], SECRET, secret_path(token), "mbrelune"):
        assert not [text for text in texts if secret in text]
        assert not [content for content in files if secret.encode() in content]
