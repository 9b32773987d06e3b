"""SIGTERM, SIGINT and kill -9 on a bot in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import texts
from bot.conversations import Place
from bot.receiving.pending import PendingMessage, PendingMessages
from bot.texts import serving
from tests.answers import POOL_OPENS
from tests.interface.running_bot import RunningBot, ScriptedKnowledge, by_webhook
from tests.telegram_server import Leniency, TelegramServer
from tests.waiting import PATIENCE, wait_until

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 5
# What tells an end in time from none, on a machine ten times too slow: an idle bot would use up
# what `PATIENT` gives it, and a question that nothing ends takes 60 seconds.
PATIENT = {"SOURCIER_STOP_SECONDS": "60"}
WELL_BEFORE = 25


@contextmanager
def bot_process(
    server: TelegramServer, folder: Path, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    """Run the bot until it waits for messages; end it for good when the block is left."""
    polls, hooks = (len(server.calls_of(method)) for method in ("getUpdates", "setWebhook"))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.interface.slow_bot"],
        cwd=ROOT,
        text=True,
        stderr=subprocess.PIPE,
        env={
            **os.environ,
            "SOURCIER_TELEGRAM_TOKEN": server.state.token,
            "SOURCIER_TELEGRAM_BASE_URL": server.url,
            "SOURCIER_DATA_DIR": str(folder),
            "SOURCIER_STOP_SECONDS": str(STOP_SECONDS),
            **environment,
        },
    )
    try:
        if "SOURCIER_WEBHOOK_URL" in environment:
            server.wait_for_calls("setWebhook", hooks + 1)
        elif "SOURCIER_TELEGRAM_TOKEN" not in environment:
            server.wait_for_calls("getUpdates", polls + 2)
        yield process
    finally:
        process.kill()
        process.communicate()


def webhook_environment() -> dict[str, str]:
    return {f"SOURCIER_{name.upper()}": str(value) for name, value in by_webhook().items()}


def left_by(folder: Path) -> tuple[PendingMessage, ...]:
    """Return what the last run took and did not deal with."""
    return PendingMessages(folder / "pending.jsonl").left_by_last_run()


def ended(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, float, str]:
    """Send the signal; return the exit code, the seconds until the end, the log."""
    started = time.monotonic()
    process.send_signal(number)
    _, log = process.communicate(timeout=50)
    return process.returncode, time.monotonic() - started, log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_bot_ends_at_once(
    number: signal.Signals, server: TelegramServer, tmp_path: Path
) -> None:
    with bot_process(server, tmp_path, **PATIENT) as process:
        code, seconds, log = ended(process, number)
    assert (code, seconds < WELL_BEFORE) == (0, True), log
    assert (tmp_path / "closed").exists()
    assert server.state.token not in log


def test_the_database_is_closed_at_the_end(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    journal = tmp_path / "sourcier.sqlite3-wal"
    with RunningBot(server, knowledge, tmp_path):
        alice = server.user("Alice")
        alice.say("Quand ?")
        alice.private_chat().wait_for_messages()
        server.wait_until_confirmed()
        assert journal.exists()
    assert not journal.exists()  # SQLite folds it into the base when the last connection closes


def test_what_can_be_answered_in_time_is_answered_before_the_end(
    server: TelegramServer, tmp_path: Path
) -> None:
    with bot_process(server, tmp_path, **PATIENT) as process:
        alice = server.user("Alice")
        alice.say("0.8 en cours ?")
        alice.say("0.1 derrière ?")
        alice.private_chat().wait_for_action()
        code, seconds, log = ended(process, signal.SIGTERM)
    assert (code, seconds < WELL_BEFORE) == (0, True), log
    messages = alice.private_chat().wait_for_messages(2)
    assert [message.text.startswith(POOL_OPENS) for message in messages] == [True, True]
    assert len(server.state.updates) == 0
    assert left_by(tmp_path) == ()


@pytest.mark.parametrize("deaf", ["", "sourd"])
def test_what_cannot_be_answered_in_time_is_given_up_and_said_so(
    deaf: str, server: TelegramServer, tmp_path: Path
) -> None:
    # Five seconds for what is said, which takes a tenth of one on a machine that has time.
    with bot_process(server, tmp_path, SOURCIER_STOP_SECONDS="20") as process:
        alice, bob = server.user("Alice"), server.user("Bob")
        questions = [alice.say(f"60 {deaf} ?"), alice.say("60 derrière ?")]
        alice.private_chat().wait_for_action()
        bob.say("60 d’un autre ?")
        bob.private_chat().wait_for_action()
        code, seconds, log = ended(process, signal.SIGTERM)
    assert (code, seconds < WELL_BEFORE) == (0, True), log
    told = alice.private_chat().wait_for_messages(2) + bob.private_chat().wait_for_messages(1)
    assert [message.text for message in told] == [texts.INTERRUPTED] * 3
    assert [message.reply_to for message in told[:2]] == questions
    assert len(server.state.updates) == 0
    assert (tmp_path / "closed").exists()


def test_questions_sent_while_it_is_stopped_wait_for_the_next_start(
    server: TelegramServer, tmp_path: Path
) -> None:
    alice = server.user("Alice")
    with bot_process(server, tmp_path) as process:
        alice.say("0 avant ?")
        alice.private_chat().wait_for_messages()
        ended(process, signal.SIGTERM)
    question = alice.say("0 pendant ?")
    with bot_process(server, tmp_path):
        [answer] = alice.private_chat().wait_for_messages(quiet=0.5)
    assert answer.reply_to == question


def test_after_kill_9_the_next_start_tells_whose_question_was_lost(
    server: TelegramServer, tmp_path: Path
) -> None:
    alice, bob = server.user("Alice"), server.user("Bob")
    with bot_process(server, tmp_path) as process:
        bob.say("0 déjà répondu ?")
        bob.private_chat().wait_for_messages()
        question = alice.say("60 en cours ?")
        alice.private_chat().wait_for_action()
        server.wait_until_confirmed()  # so Telegram will not give it again
        process.kill()
        process.wait()
    assert "en cours" not in (tmp_path / "pending.jsonl").read_text()
    with bot_process(server, tmp_path):
        [told] = alice.private_chat().wait_for_messages(quiet=0.5)
        assert (told.text, told.reply_to) == (texts.RESTARTED, question)
        assert bob.private_chat().stays_silent(0.2)
    assert left_by(tmp_path) == ()
    with bot_process(server, tmp_path):
        assert alice.private_chat().stays_silent(0.5)


def test_a_token_telegram_does_not_know_ends_the_process_with_a_clear_line(
    server: TelegramServer, tmp_path: Path
) -> None:
    wrong = "123456789:AAwrong_wrong_wrong_wrong_wrong_wrong"
    with bot_process(server, tmp_path, SOURCIER_TELEGRAM_TOKEN=wrong) as process:
        _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "SOURCIER_TELEGRAM_TOKEN" in log
    assert "@BotFather" in log
    assert "Traceback" not in log
    assert "wrong" not in log


def test_a_question_that_telegram_gives_again_is_answered_and_not_apologised_for(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    alice = server.user("Alice")
    question = alice.say("Quand ?")  # taken by a run that was killed before it was confirmed
    assert question.update_id is not None
    PendingMessages(tmp_path / "pending.jsonl").taken(
        PendingMessage(question.update_id, Place(question.chat.id), question.message_id)
    )
    with RunningBot(server, knowledge, tmp_path):
        [answer] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert answer.text.startswith(texts.ABSTENTION)
    assert left_by(tmp_path) == ()


@pytest.fixture
def open_server() -> Iterator[TelegramServer]:
    """A server that sends to a webhook on the loopback interface."""
    with TelegramServer(lenient=[Leniency.HTTP_WEBHOOK]) as running:
        running.webhooks.timing.first_delay = 0.05
        yield running


def test_by_webhook_too_what_cannot_be_answered_in_time_is_said_so(
    open_server: TelegramServer, tmp_path: Path
) -> None:
    environment = webhook_environment() | {"SOURCIER_STOP_SECONDS": str(2 * STOP_SECONDS)}
    with bot_process(open_server, tmp_path, **environment) as process:
        alice = open_server.user("Alice")
        questions = [alice.say("0.5 en cours ?"), alice.say("60 derrière ?")]
        alice.private_chat().wait_for_action()
        open_server.wait_until_confirmed()
        code, seconds, log = ended(process, signal.SIGTERM)
    assert (code, seconds < WELL_BEFORE) == (0, True), log
    answer, told = alice.private_chat().wait_for_messages(2)
    assert [answer.reply_to, told.reply_to] == questions
    assert answer.text.startswith(POOL_OPENS)
    assert told.text == texts.INTERRUPTED
    assert (tmp_path / "closed").exists()
    assert left_by(tmp_path) == ()


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_it_stops_in_time_while_telegram_is_away_and_the_next_start_tells(
    webhook: bool, open_server: TelegramServer, tmp_path: Path
) -> None:
    environment = webhook_environment() if webhook else {}
    with bot_process(open_server, tmp_path, **environment) as process:
        alice = open_server.user("Alice")
        question = alice.say("60 en cours ?")
        alice.private_chat().wait_for_action()
        open_server.wait_until_confirmed()
        open_server.refuse_connections()
        code, seconds, log = ended(process, signal.SIGTERM)
    assert (code, seconds < WELL_BEFORE) == (0, True), log
    assert (tmp_path / "closed").exists()
    open_server.accept_connections()
    with bot_process(open_server, tmp_path, **environment):
        [told] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert (told.text, told.reply_to) == (texts.RESTARTED, question)


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_what_was_answered_before_kill_9_is_not_answered_again(
    webhook: bool, open_server: TelegramServer, tmp_path: Path
) -> None:
    environment = webhook_environment() if webhook else {}
    alice = open_server.user("Alice")
    with bot_process(open_server, tmp_path, **environment) as process:
        question = alice.say("0 répondu ?")
        alice.private_chat().wait_for_messages()
        wait_until(lambda: not left_by(tmp_path))  # it knows of the answer
        process.kill()
        process.wait()
    open_server.redeliver(question)
    with bot_process(open_server, tmp_path, **environment):
        open_server.wait_until_confirmed()
        assert alice.private_chat().stays_silent(0.5)


def test_several_lost_to_kill_9_in_one_chat_are_told_of_in_one_message(
    server: TelegramServer, tmp_path: Path
) -> None:
    alice = server.user("Alice")
    with bot_process(server, tmp_path) as process:
        questions = [alice.say(f"60 question {number} ?") for number in range(4)]
        alice.private_chat().wait_for_action()
        server.wait_until_confirmed()
        process.kill()
        process.wait()
    with bot_process(server, tmp_path):
        [told] = alice.private_chat().wait_for_messages(quiet=0.5)
    assert (told.text, told.reply_to) == (serving.RESTARTED_MANY.format(count=4), questions[0])
    assert left_by(tmp_path) == ()
