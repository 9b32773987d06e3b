"""Telegram out of reach: at the start, while polling, while answering; then back."""

import json
from pathlib import Path

import httpx
import pytest

from bot import texts
from bot.logs import DiscreetFormatter
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer


def test_an_outage_while_an_answer_is_prepared_delays_it_and_loses_nothing(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    released = knowledge.hold("Quand ?")
    alice = server.user("Alice")
    question = alice.say("Quand ?")
    knowledge.wait_until_asked("Quand ?")
    server.refuse_connections(2.5)
    released.set()
    [answer] = alice.private_chat().wait_for_messages(quiet=1.0)
    assert answer.text.startswith(texts.ABSTENTION)
    assert answer.reply_to == question
    again = alice.say("Et après ?")
    [answer] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert answer.reply_to == again


def test_questions_asked_during_an_outage_are_answered_once_after_it(
    bot: RunningBot,
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    server.refuse_connections(2.0)
    users = [server.user(f"Usager {number}") for number in range(3)]
    for user in users:
        user.say("Quand ?")
    for user in users:
        assert len(user.private_chat().wait_for_messages(quiet=0.3)) == 1
    assert len(knowledge.asked) == 3
    messages = [
        record.getMessage() for record in caplog.records if record.name == "bot.receiving.polling"
    ]
    assert [message.partition(" (")[0] for message in messages] == [
        "Telegram ne répond pas",
        "Telegram répond de nouveau.",
    ]


def test_the_bot_waits_for_a_telegram_that_is_out_of_reach_at_the_start(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    server.refuse_connections(2.0)
    with RunningBot(server, knowledge, tmp_path):
        alice = server.user("Alice")
        alice.say("Quand ?")
        alice.private_chat().wait_for_messages()


def test_the_bot_stops_in_time_while_telegram_is_out_of_reach(
    bot: RunningBot, server: TelegramServer
) -> None:
    server.refuse_connections()
    assert bot.stop() < 20  # it would try for ever


def test_the_bot_can_be_stopped_before_it_reached_telegram(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    server.refuse_connections()
    with RunningBot(server, knowledge, tmp_path, ready=False) as running:
        assert running.stop() < 20
    assert running.error is None


def test_a_webhook_left_by_another_program_does_not_keep_the_bot_from_polling(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    with httpx.Client(trust_env=False) as other:
        address = f"{server.base_url}{server.state.token}/setWebhook"
        assert other.post(address, data={"url": "https://ailleurs.example/"}).json()["ok"]
    with RunningBot(server, knowledge, tmp_path):
        alice = server.user("Alice")
        alice.say("Quand ?")
        alice.private_chat().wait_for_messages()


def test_an_update_that_cannot_be_read_is_passed_over_and_not_logged(
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    alice = server.user("Alice")
    odd, question = alice.say("illisible"), alice.say("Quand ?")
    updates = [{"update_id": odd.update_id, "message": {"text": "Ombrelune"}}, {"update_id": 0}]
    body = json.dumps({"ok": True, "result": updates}).encode()
    server.faults.add(method="getUpdates", body=body, times=3)
    with RunningBot(server, knowledge, tmp_path):
        [answer] = alice.private_chat().wait_for_messages(quiet=0.2)
    assert answer.reply_to == question
    written = [DiscreetFormatter().format(record) for record in caplog.records]
    assert len([line for line in written if line.startswith("Mise à jour illisible")]) == 2
    assert "Ombrelune" not in "".join(written)
