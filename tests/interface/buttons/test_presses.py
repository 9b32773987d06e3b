"""Buttons and answers when things go wrong: forged, too many, too late, restarts, busy bases."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.receiving.pending import PendingMessages
from bot.texts import buttons
from knowledge.store.articles import SqlArticleStore
from knowledge.store.reader_schema import feedback, shown_citations, shown_messages
from knowledge.types import Article
from tests.answers import cite, extract
from tests.interface.buttons.pressing import (
    ASKED,
    OPENS,
    SOURCE,
    Clock,
    answered,
    asked_in,
    forged,
    in_group,
    rows,
    toast,
)
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer
from tests.waiting import wait_until


def test_pressing_cannot_flood_a_group(bot: RunningBot, server: TelegramServer) -> None:
    group, people = in_group(server, 6)
    answer = asked_in(group, people[0])
    queries = [(each, each.press(answer, "Contexte")) for each in people * 3]
    [context] = group.wait_for_messages(quiet=1.0)
    assert context.reply_to is answer
    assert context.disable_notification
    said = [toast(*each) for each in queries]
    assert said.count("") == 1
    assert set(said) <= {"", buttons.BEING_SHOWN, buttons.ALREADY_SHOWN}


@pytest.mark.parametrize(
    "data",
    [
        *("ctx:2", "ctx:0", "ctx:-1", "ctx:1 ", "ctx:١", "ctx:1e1", "ctx:9999", "ctx:"),
        *("vote:1", "vote:+-", "autre:1", "x" * 64, "’;--", "ctx:1\nctx:2"),
    ],
)
def test_forged_data_get_a_courteous_word(
    data: str, bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    assert toast(alice, forged(server, alice, answer, data)) == buttons.UNKNOWN
    assert alice.private_chat().stays_silent(0.3)
    assert rows(store, feedback) == []
    assert server.refusals == []


def test_a_button_of_a_message_that_shows_nothing_does_nothing(
    bot: RunningBot, server: TelegramServer
) -> None:
    alice = server.user("Alice")
    alice.start()
    [greeting] = alice.private_chat().wait_for_messages()
    for data in ("ctx:1", "vote:+"):
        assert toast(alice, forged(server, alice, greeting, data)) == buttons.TOO_OLD


def test_buttons_work_after_a_restart(
    server: TelegramServer, knowledge: ScriptedKnowledge, pool: Article, tmp_path: Path
) -> None:
    knowledge.answers(ASKED, extract(cite(pool, OPENS)))
    alice = server.user("Alice")
    with RunningBot(server, knowledge, tmp_path):
        answer = answered(alice)
        alice.press(answer, "Contexte")
        alice.private_chat().wait_for_messages()
    with RunningBot(server, knowledge, tmp_path):
        assert toast(alice, alice.press(answer, "👍")) == buttons.VOTED_USEFUL
        assert toast(alice, alice.press(answer, "Contexte")) == buttons.ALREADY_SHOWN
        assert alice.private_chat().stays_silent(0.3)


def test_what_was_shown_long_ago_is_forgotten(
    bot: RunningBot, server: TelegramServer, clock: Clock, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    old = answered(alice)
    assert toast(alice, alice.press(old, "👍")) == buttons.VOTED_USEFUL
    clock.time += timedelta(days=91)
    new = answered(alice)
    assert toast(alice, alice.press(new, "👍")) == buttons.VOTED_USEFUL
    assert [row["message_id"] for row in rows(store, shown_messages)] == [new.message_id]
    assert [row["message_id"] for row in rows(store, shown_citations)] == [new.message_id]
    assert toast(alice, alice.press(old, "👍")) == buttons.TOO_OLD


def test_how_long_it_is_remembered_is_a_setting(
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    pool: Article,
    tmp_path: Path,
    clock: Clock,
) -> None:
    knowledge.answers(ASKED, extract(cite(pool, OPENS)))
    alice, answers = server.user("Alice"), []
    with RunningBot(server, knowledge, tmp_path, now=clock, remembered_days=2) as bot:
        shown, chat = bot.application.services.shown, alice.private_chat().id
        for days in (0, 2, 1):
            clock.time += timedelta(days=days)
            answers.append(answered(alice))
            wait_until(lambda: shown.message(chat, answers[-1].message_id))  # by this time
        said = [toast(alice, alice.press(each, "👎")) for each in answers]
    assert said == [buttons.TOO_OLD, buttons.VOTED_USELESS, buttons.VOTED_USELESS]


def test_a_press_too_old_to_be_answered_disturbs_nobody(
    bot: RunningBot, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    server.state.callback_query_lifetime = -1.0
    alice.press(answer, "👍")
    server.wait_for_answers("answerCallbackQuery", 1)
    alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert context.entity_texts("bold") == [OPENS]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_press_is_answered_after_telegram_asked_to_wait(
    bot: RunningBot, server: TelegramServer
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    server.faults.add(method="answerCallbackQuery", retry_after=1)
    server.faults.add(method="sendMessage", retry_after=1)
    query = alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert context.entity_texts("bold") == [OPENS]
    assert toast(alice, query) == ""


def test_a_base_that_is_busy_costs_a_press_and_no_more(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    with store.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE feedback RENAME TO elsewhere")
    assert toast(alice, alice.press(answer, "👍")) == buttons.NOT_NOW
    with store.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO feedback")
    assert toast(alice, alice.press(answer, "👍")) == buttons.VOTED_USEFUL


def test_an_answer_that_cannot_be_remembered_is_answered_all_the_same(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    with store.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE shown_messages RENAME TO elsewhere")
    assert answered(server.user("Alice")).text == f"{OPENS}\n— {SOURCE}"


def test_an_answer_counts_as_given_before_what_it_shows_is_noted(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answered(alice)
    with (
        store.database.writing()
    ):  # whoever is killed while the base is busy apologises for nothing
        answered(alice)
        wait_until(lambda: PendingMessages(bot.pending_file).left_by_last_run() == ())


def test_a_group_that_migrates_while_its_answer_is_prepared_gets_it_with_working_buttons(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    group, [alice] = in_group(server, 1, kind="group")
    released = knowledge.hold(ASKED)
    alice.say(f"/question {ASKED}", chat=group)
    knowledge.wait_until_asked(ASKED)
    new = group.migrate()
    released.set()
    answer = new.wait_for_messages()[-1]
    assert answer.text == f"{OPENS}\n— {SOURCE}"
    assert answer.reply_to is None
    alice.press(answer, "Contexte")
    [context] = new.wait_for_messages()
    assert context.entity_texts("bold") == [OPENS]


def test_an_answer_survives_telegram_asking_to_wait(
    bot: RunningBot, server: TelegramServer
) -> None:
    server.faults.add(method="sendMessage", retry_after=1, times=2)
    alice = server.user("Alice")
    answer = answered(alice)
    assert answer.text == f"{OPENS}\n— {SOURCE}"
    assert alice.private_chat().stays_silent(0.3)
    assert toast(alice, alice.press(answer, "👍")) == buttons.VOTED_USEFUL
