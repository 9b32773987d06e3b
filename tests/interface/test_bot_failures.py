"""Errors get a number and no words; what Telegram refuses is retried, dropped or told."""

import json
import re
from pathlib import Path

import pytest

from bot import texts
from bot.receiving.pending import PendingMessages
from knowledge.errors import CitationError, SettingsError, StoreBusyError
from tests.answers import POOL_TEXT, article, cite, extract
from tests.interface.running_bot import RunningBot, ScriptedKnowledge, bot_settings
from tests.telegram_server import TelegramServer
from tests.waiting import wait_until

SECRET_WORDS = "Le facteur d’Ombrelune a-t-il avoué ?"


def logged(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(record.getMessage() + str(record.exc_info) for record in caplog.records)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ZeroDivisionError(SECRET_WORDS), texts.FAILURE),
        (StoreBusyError("La base est verrouillée."), texts.FAILURE_BUSY),
        (CitationError("La citation diffère."), texts.FAILURE_CITATION),
    ],
)
def test_an_error_is_answered_with_the_number_that_finds_it_in_the_log(
    error: Exception,
    told: str,
    bot: RunningBot,
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    caplog: pytest.LogCaptureFixture,
) -> None:
    knowledge.answers(SECRET_WORDS, error)
    alice = server.user("Alice")
    question = alice.say(SECRET_WORDS)
    [answer] = alice.private_chat().wait_for_messages()
    found = re.search(r"n°\u00a0([0-9A-F]{6})", answer.text)
    assert found is not None
    assert answer.text == told.format(number=found[1])
    assert answer.reply_to == question
    [line] = [each.getMessage() for each in caplog.records if found[1] in each.getMessage()]
    assert type(error).__name__ in line
    assert "Ombrelune" not in logged(caplog)
    alice.say("Et après ?")
    [answer] = alice.private_chat().wait_for_messages()
    assert answer.text.startswith(texts.ABSTENTION)


def test_the_flood_limit_is_obeyed_and_nothing_is_lost(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    server.faults.add(method="sendMessage", retry_after=1)
    alice = server.user("Alice")
    question = alice.say("Quand ?")
    [answer] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert answer.sent_at - question.sent_at >= 1.0
    assert len(server.calls_of("sendMessage")) == 2


def test_an_answer_that_could_not_be_sent_in_time_is_spoken_of_by_the_next_start(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    alice = server.user("Alice")
    with RunningBot(server, knowledge, tmp_path):
        server.faults.add(method="sendMessage", retry_after=36_000)
        question = alice.say("Quand ?")
        server.wait_for_calls("sendMessage")
        assert alice.private_chat().stays_silent(0.3)
    with RunningBot(server, knowledge, tmp_path):
        [told] = alice.private_chat().wait_for_messages(quiet=0.2)
    assert (told.text, told.reply_to) == (texts.RESTARTED, question)
    assert PendingMessages(tmp_path / "pending.jsonl").left_by_last_run() == ()


@pytest.mark.parametrize("status", [500, 502])
def test_a_message_telegram_could_not_take_is_sent_again(
    status: int, bot: RunningBot, server: TelegramServer
) -> None:
    server.faults.add(method="sendMessage", error=status)
    alice = server.user("Alice")
    alice.say("Quand ?")
    [answer] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert answer.text.startswith(texts.ABSTENTION)


@pytest.mark.parametrize(("drop", "copies"), [("before", 0), ("after", 1)])
def test_a_message_that_may_have_arrived_is_not_sent_twice_but_spoken_of(
    drop: str, copies: int, bot: RunningBot, server: TelegramServer
) -> None:
    server.faults.add(method="sendMessage", drop=drop)  # type: ignore[arg-type] # one of two words
    alice = server.user("Alice")
    question = alice.say("Quand ?")
    messages = alice.private_chat().wait_for_messages(copies + 1, quiet=0.3)
    assert [message.text.startswith(texts.ABSTENTION) for message in messages[:-1]] == (
        [True] * copies
    )
    assert messages[-1].text == texts.PERHAPS_LOST
    assert messages[-1].reply_to == question


def test_a_reader_who_blocked_the_bot_is_left_alone(
    bot: RunningBot,
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    caplog: pytest.LogCaptureFixture,
) -> None:
    released = knowledge.hold("Quand ?")
    alice, bob = server.user("Alice"), server.user("Bob")
    alice.say("Quand ?")
    knowledge.wait_until_asked("Quand ?")
    alice.block_bot()
    released.set()
    bob.say("Et moi ?")
    bob.private_chat().wait_for_messages()
    assert len([each for each in server.refusals if "blocked" in each]) >= 1
    assert "Erreur n°" not in logged(caplog)


def test_a_question_deleted_meanwhile_is_answered_without_reply(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    released = knowledge.hold("Quand ?")
    alice = server.user("Alice")
    question = alice.say("Quand ?")
    knowledge.wait_until_asked("Quand ?")
    question.deleted = True
    released.set()
    [answer] = alice.private_chat().wait_for_messages()
    assert answer.reply_to is None


def test_a_message_telegram_refuses_for_good_becomes_a_numbered_error(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    server.faults.add(method="sendMessage", error=400, description="Bad Request: ENTITIES_TOO_LONG")
    knowledge.answers("Quand ?", extract(cite(article(), POOL_TEXT)))
    alice = server.user("Alice")
    alice.say("Quand ?")
    [answer] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert re.fullmatch(re.escape(texts.FAILURE).replace(r"\{number\}", "[0-9A-F]{6}"), answer.text)


def test_a_token_telegram_does_not_know_ends_the_bot_without_showing_it(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    wrong = "123456789:AAwrong_wrong_wrong_wrong_wrong_wrong"
    running = RunningBot(server, knowledge, tmp_path, ready=False, telegram_token=wrong)
    with pytest.raises(SettingsError) as caught, running:
        running.join()
    assert caught.value.subject == "SOURCIER_TELEGRAM_TOKEN"
    assert "@BotFather" in caught.value.message
    assert "wrong" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "token", ["", "abc", "123456789:court", "123:" + "é" * 35, "1 2:" + "a" * 40]
)
def test_a_malformed_token_is_refused_at_the_start_without_being_shown(
    token: str, server: TelegramServer, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as caught:
        bot_settings(server, tmp_path, telegram_token=token)
    assert caught.value.subject == "SOURCIER_TELEGRAM_TOKEN"
    assert "@BotFather" in caught.value.message
    assert not token or token not in caught.value.message
    assert "court" not in json.dumps(str(caught.value))


def test_a_second_bot_with_the_same_token_is_named_in_the_log(
    bot: RunningBot,
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with RunningBot(server, knowledge, tmp_path / "b"):
        wait_until(lambda: "Un autre programme lit les messages de ce robot" in logged(caplog))
