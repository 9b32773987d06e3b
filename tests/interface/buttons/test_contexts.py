"""«Contexte» shows what was quoted in its passage, whatever became of article and chat."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.texts import buttons
from knowledge.store.articles import SqlArticleStore
from knowledge.store.reader_schema import feedback
from knowledge.types import Article
from tests.answers import POOL_URL, cite, extract
from tests.interface.buttons.pressing import (
    COST,
    LAST,
    OPENS,
    SOURCE,
    TEXT,
    VOTES,
    Clock,
    answered,
    asked_in,
    entities,
    in_group,
    rows,
    save,
    toast,
)
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer


def test_an_answer_has_its_buttons(bot: RunningBot, server: TelegramServer) -> None:
    answer = answered(server.user("Alice"))
    assert answer.text == f"{OPENS}\n— {SOURCE}"
    context = {"text": "Contexte", "callback_data": "ctx:1"}
    assert answer.reply_markup == {"inline_keyboard": [[context, *VOTES]]}


def test_the_context_is_the_passage_around_with_the_quotation_in_bold(
    bot: RunningBot, server: TelegramServer
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    query = alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert toast(alice, query) == ""
    assert context.text == f"{TEXT}\n— {SOURCE}"
    link = f"{POOL_URL}#:~:text=La%20piscine%20de%20Valmorin%20rouvrira%20le%203%20mars%202026."
    assert entities(context) == [
        ("blockquote", TEXT, None),
        ("bold", OPENS, None),
        ("text_link", "La piscine de Valmorin rouvre", link),
    ]
    assert context.reply_to is answer
    assert context.reply_markup is None
    assert server.refusals == []


def test_each_quotation_of_several_has_its_context(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge, pool: Article
) -> None:
    knowledge.answers("Tout ?", extract(cite(pool, OPENS), cite(pool, COST), cite(pool, LAST)))
    alice = server.user("Alice")
    answer = answered(alice, "Tout ?")
    contexts = [{"text": f"Contexte {n}", "callback_data": f"ctx:{n}"} for n in (1, 2, 3)]
    assert answer.reply_markup == {"inline_keyboard": [contexts, VOTES]}
    alice.press(answer, "Contexte 2")
    [context] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert context.text == f"{TEXT}\n[2]\u00a0{SOURCE}"
    assert context.entity_texts("bold") == [COST]


def test_each_message_of_a_long_answer_has_the_buttons_of_its_quotations(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge, store: SqlArticleStore
) -> None:
    sentences = [f"Phrase {n} {'mot ' * 450}fin." for n in range(1, 4)]
    long = save(store, " ".join(sentences))
    knowledge.answers("Long ?", extract(*(cite(long, each) for each in sentences)))
    alice = server.user("Alice")
    alice.say("Long ?")
    first, second = alice.private_chat().wait_for_messages(2)
    assert [button["callback_data"] for button in first.buttons()] == ["ctx:1", "ctx:2"]
    assert [button["callback_data"] for button in second.buttons()] == ["ctx:3", "vote:+", "vote:-"]
    assert first.buttons()[0]["text"] == "Contexte 1"
    assert second.buttons()[0]["text"] == "Contexte 3"
    alice.press(second, "👍")
    alice.press(second, "Contexte 3")
    [context] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert context.entity_texts("bold") == [sentences[2]]
    [vote] = rows(store, feedback)
    assert [span[2:] for span in vote["evidence"]] == [
        [citation.span.start, citation.span.end]
        for citation in (cite(long, each) for each in sentences)
    ]


def test_a_context_that_was_deleted_can_be_shown_again(
    bot: RunningBot, server: TelegramServer, clock: Clock
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages()
    clock.time += timedelta(minutes=2)
    assert toast(alice, alice.press(answer, "Contexte")) == buttons.ALREADY_SHOWN
    alice.delete(context)
    clock.time += timedelta(minutes=2)
    time.sleep(2.5)  # looking for it gives way to messages, of which there were some
    assert toast(alice, alice.press(answer, "Contexte")) == ""
    [again] = alice.private_chat().wait_for_messages()
    assert (again.text, again.entities) == (context.text, context.entities)


def test_a_context_is_shown_in_the_topic_of_its_answer(
    bot: RunningBot, server: TelegramServer
) -> None:
    group, [alice] = in_group(server, 1)
    topic = group.add_topic("Sport")
    answer = asked_in(group, alice, thread_id=topic.thread_id)
    alice.press(answer, "Contexte")
    [context] = group.wait_for_messages()
    assert (answer.thread_id, context.thread_id) == (topic.thread_id, topic.thread_id)


def test_an_article_changed_since_still_shows_what_was_quoted(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    changed = save(store, TEXT.replace("3 mars", "10 avril"))
    assert changed.version == 2
    alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages()
    assert context.text == f"{TEXT}\n— {SOURCE}\n\n{buttons.CHANGED_SINCE}"
    assert context.entity_texts("bold") == [OPENS]
    assert context.entity_texts("italic") == [buttons.CHANGED_SINCE]


def test_an_article_removed_since_still_shows_what_was_quoted(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore, pool: Article
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    assert store.remove(pool.id, now=datetime(2026, 3, 1, tzinfo=UTC))
    alice.press(answer, "Contexte")
    [context] = alice.private_chat().wait_for_messages()
    assert context.text == f"{TEXT}\n— {SOURCE}\n\n{buttons.REMOVED_SINCE}"


def test_a_text_altered_in_the_base_is_not_shown(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    with store.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE article_versions SET text = replace(text, '3 mars', '4 mars')"
        )
    assert toast(alice, alice.press(answer, "Contexte")) == buttons.NO_LONGER_EXACT
    assert alice.private_chat().stays_silent(0.3)


def test_a_context_whose_reader_blocked_the_bot_is_not_an_error(
    bot: RunningBot, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    query = alice.press(answer, "Contexte")
    alice.block_bot()
    alice.wait_for_answer(query)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
