"""Updates by webhook: as many as there is room for, each once, from nobody but Telegram."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from bot import texts
from bot.receiving.intake import ALLOWED_UPDATES
from bot.receiving.pending import PendingMessages
from bot.receiving.webhook import SECRET_HEADER
from bot.receiving.webhook_address import secret_path
from knowledge.errors import SettingsError
from tests.interface.running_bot import RunningBot, ScriptedKnowledge, by_webhook
from tests.telegram_server import Leniency, TelegramServer
from tests.waiting import wait_until

SECRET = "le-secret_du-test"


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer(lenient=[Leniency.HTTP_WEBHOOK]) as running:
        running.webhooks.timing.first_delay = 0.02
        yield running


@pytest.fixture
def bot(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> Iterator[RunningBot]:
    hook = by_webhook()
    with RunningBot(server, knowledge, tmp_path, **hook, webhook_secret=SECRET) as running:
        yield running


def address_of(server: TelegramServer) -> str:
    assert server.state.webhook is not None
    return server.state.webhook.url


def post(address: str, body: bytes, *, secret: str | None = SECRET) -> httpx.Response:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    with httpx.Client(trust_env=False) as client:
        return client.post(address, content=body, headers=headers)


def update(server: TelegramServer, text: str, update_id: int) -> bytes:
    alice = server.user("Alice")
    message = {
        "message_id": 5,
        "date": 1_800_000_000,
        "chat": {"id": alice.id, "type": "private", "first_name": "Alice"},
        "from": {"id": alice.id, "is_bot": False, "first_name": "Alice"},
        "text": text,
    }
    return json.dumps({"update_id": update_id, "message": message}).encode()


def test_questions_are_answered_and_confirmed_once_they_are_noted(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    released = knowledge.hold("Quand ?")
    alice, bob = server.user("Alice"), server.user("Bob")
    question = alice.say("Quand ?")
    knowledge.wait_until_asked("Quand ?")
    server.wait_until_confirmed()  # though it is not answered yet
    [noted] = PendingMessages(bot.pending_file).left_by_last_run()
    assert (noted.update_id, noted.message_id) == (question.update_id, question.message_id)
    others = [bob.say(text) for text in ("/aide", "/start", "/aide")]
    answers = bob.private_chat().wait_for_messages(3)
    assert [answer.reply_to for answer in answers] == others
    released.set()
    [answer] = alice.private_chat().wait_for_messages(quiet=0.2)
    assert (answer.text.startswith(texts.ABSTENTION), answer.reply_to) == (True, question)


def test_the_webhook_is_set_with_what_it_needs_and_nothing_that_can_be_guessed(
    bot: RunningBot, server: TelegramServer
) -> None:
    webhook = server.state.webhook
    assert webhook is not None
    assert webhook.url.rpartition("/")[2] == secret_path(server.state.token)
    assert not any(part in webhook.url for part in server.state.token.split(":"))
    assert (webhook.secret_token, webhook.allowed_updates) == (SECRET, ALLOWED_UPDATES)


def test_without_a_secret_of_one_s_own_each_start_has_another(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    secrets = set()
    for _ in range(2):
        with RunningBot(server, knowledge, tmp_path, **by_webhook()):
            assert server.state.webhook is not None
            secrets.add(server.state.webhook.secret_token)
    assert len(secrets) == 2
    assert all(len(secret) >= 32 for secret in secrets)


@pytest.mark.parametrize("secret", [None, "", "x", SECRET + "x", SECRET[:-1]])
def test_who_does_not_know_the_secret_is_refused(
    secret: str | None, bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    answer = post(address_of(server), update(server, "Qui ?", 1), secret=secret)
    assert (answer.status_code, answer.content) == (403, b"")
    assert "server" not in answer.headers
    assert knowledge.asked == []


def test_other_paths_and_methods_are_not_there(bot: RunningBot, server: TelegramServer) -> None:
    address = address_of(server)
    root = address.rpartition("/")[0]
    for path in ("/", "", f"/{server.state.token}", f"/{address.rpartition('/')[2]}/x"):
        assert post(root + path, b"{}").status_code == 404
    with httpx.Client(trust_env=False) as client:
        answer = client.get(address, headers={SECRET_HEADER: SECRET})
    assert (answer.status_code, answer.content) == (405, b"")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_update_is_refused(body: bytes, bot: RunningBot, server: TelegramServer) -> None:
    assert post(address_of(server), body).status_code == 400


def test_a_body_too_large_is_not_read(bot: RunningBot, server: TelegramServer) -> None:
    try:
        status = post(address_of(server), b" " * (1024 * 1024 + 1)).status_code
    except httpx.TransportError:  # the connection ended while it was sent
        status = 400
    assert status == 400
    alice = server.user("Alice")
    alice.say("/aide")
    alice.private_chat().wait_for_messages()


def test_an_update_that_cannot_be_read_is_taken_and_passed_over(
    bot: RunningBot, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps({"update_id": 1, "message": {"text": "Ombrelune"}}).encode()
    assert post(address_of(server), body).status_code == 200
    [line] = [each.getMessage() for each in caplog.records if "illisible" in each.getMessage()]
    assert "Ombrelune" not in line


def test_an_update_that_comes_twice_is_answered_once(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    released = knowledge.hold("Quand ?")
    alice = server.user("Alice")
    question = alice.say("Quand ?")
    knowledge.wait_until_asked("Quand ?")
    server.redeliver(question)  # while it is worked on
    server.wait_until_confirmed()
    released.set()
    alice.private_chat().wait_for_messages()
    server.redeliver(question)  # and after
    server.wait_until_confirmed()
    assert alice.private_chat().stays_silent(0.3)
    assert [each.text for each in knowledge.asked] == ["Quand ?"]


def test_an_update_that_comes_again_after_a_restart_is_not_answered_again(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    alice = server.user("Alice")
    question = alice.say("Quand ?")
    alice.private_chat().wait_for_messages()
    bot.stop()
    server.redeliver(question)
    with RunningBot(server, knowledge, tmp_path, **by_webhook()):
        server.wait_until_confirmed()
        assert alice.private_chat().stays_silent(0.3)
    assert len(knowledge.asked) == 1


def test_while_it_stops_telegram_keeps_what_comes_for_the_next_start(
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    knowledge.hold("Quand ?")
    alice, bob = server.user("Alice"), server.user("Bob")
    settings = {**by_webhook(), "webhook_secret": SECRET, "stop_seconds": 8}
    with RunningBot(server, knowledge, tmp_path, **settings) as stopping:
        alice.say("Quand ?")
        knowledge.wait_until_asked("Quand ?")
        server.wait_until_confirmed()
        stopping.request_stop()
        wait_until(lambda: "Arrêt : 1 message(s) en cours." in caplog.text)
        answer = post(address_of(server), update(server, "Qui ?", 1))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        question = bob.say("Et moi ?")
    [told] = alice.private_chat().wait_for_messages()
    assert told.text == texts.INTERRUPTED
    assert len(server.state.updates) == 1
    with RunningBot(server, knowledge, tmp_path, **by_webhook()):
        [reply] = bob.private_chat().wait_for_messages(quiet=0.3)
    assert (reply.text.startswith(texts.ABSTENTION), reply.reply_to) == (True, question)


def test_what_came_while_it_was_stopped_is_answered_once_by_the_next_start(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    bot.stop()
    users = [server.user(f"Usager {number}") for number in range(5)]
    for user in users:
        user.say("Quand ?")
    with RunningBot(server, knowledge, tmp_path, **by_webhook()):
        for user in users:
            user.private_chat().wait_for_messages()
        server.wait_until_confirmed()
    assert len(knowledge.asked) == 5


def test_back_at_polling_the_webhook_is_gone(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    bot.stop()
    assert server.state.webhook is not None  # Telegram keeps what comes meanwhile
    with RunningBot(server, knowledge, tmp_path):
        alice = server.user("Alice")
        alice.say("Quand ?")
        alice.private_chat().wait_for_messages()
    assert server.state.webhook is None


def test_a_unix_socket_is_made_for_the_reverse_proxy_s_group_and_removed(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    with (
        TemporaryDirectory(dir="/tmp") as folder,  # its address may have 107 bytes at most
        RunningBot(
            server,
            knowledge,
            tmp_path,
            webhook_url="http://127.0.0.1:9",
            webhook_listen=f"unix:{folder}/bot.sock",
            webhook_secret=SECRET,
        ) as running,
    ):
        path = Path(folder) / "bot.sock"
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        target = f"http://bot/derriere/{secret_path(server.state.token)}"
        transport = httpx.HTTPTransport(uds=str(path))
        with httpx.Client(transport=transport, trust_env=False) as client:
            body, headers = update(server, "Qui ?", 1), {SECRET_HEADER: SECRET}
            assert client.post(target, content=body, headers=headers).status_code == 200
        knowledge.wait_until_asked("Qui ?")
        running.stop()
        assert not os.path.lexists(path)


def test_an_address_that_is_taken_ends_the_start_with_the_setting_s_name(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    listen = bot.application.services.settings.webhook_listen
    second = RunningBot(
        server,
        knowledge,
        tmp_path / "second",
        ready=False,
        webhook_url="http://127.0.0.1:9",
        webhook_listen=listen,
    )
    with pytest.raises(SettingsError) as caught, second:
        second.join()
    assert caught.value.subject == "SOURCIER_WEBHOOK_LISTEN"
    assert listen in caught.value.message


def test_an_address_telegram_refuses_ends_the_start_with_its_reason_and_no_path(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    hook = {**by_webhook(), "webhook_url": "http://93.184.216.34"}
    running = RunningBot(server, knowledge, tmp_path, ready=False, **hook)
    with pytest.raises(SettingsError) as caught, running:
        running.join()
    assert caught.value.subject == "SOURCIER_WEBHOOK_URL"
    assert "https url must be provided" in caught.value.message.lower()
    assert secret_path(server.state.token) not in caught.value.message
