"""An error of a handler, wherever it happens: told to whoever spoke to the bot, to nobody else."""

from typing import Any

import pytest
from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot import texts
from bot.context import BotContext
from tests.answers import POOL_OPENS, article, cite, extract
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer

SECRET = "Le facteur d’Ombrelune"


async def fail(_update: Update, _context: BotContext) -> None:
    raise ZeroDivisionError(SECRET)


def put_first(bot: RunningBot, handler: Any) -> None:
    """Have `handler` come before the bot's own."""
    bot.application.handlers[0].insert(0, handler)


def test_a_failed_button_says_so_in_an_alert(
    bot: RunningBot,
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    caplog: pytest.LogCaptureFixture,
) -> None:
    knowledge.answers("Quand ?", extract(cite(article(), POOL_OPENS)))
    alice = server.user("Alice")
    alice.say("Quand ?")
    [answer] = alice.private_chat().wait_for_messages()
    put_first(bot, CallbackQueryHandler(fail))
    told = alice.wait_for_answer(alice.press(answer, answer.buttons()[0]["text"]))
    start, end = texts.FAILURE.split("{number}")
    assert told["show_alert"] is True
    assert told["text"].startswith(start)
    assert told["text"].endswith(end)
    number = told["text"].removeprefix(start).removesuffix(end)
    assert number in caplog.text
    assert SECRET not in caplog.text
    assert alice.private_chat().stays_silent(0.3)


def test_in_a_group_only_who_spoke_to_the_bot_is_told_in_their_topic(
    bot: RunningBot, server: TelegramServer
) -> None:
    alice, group = server.user("Alice"), server.group("Un groupe", kind="supergroup")
    group.add(alice)
    group.set_bot_status("administrator", by=alice)
    group.wait_for_messages()  # the greeting
    topic = group.add_topic("Les bassins").thread_id
    put_first(bot, MessageHandler(filters.TEXT, fail))
    alice.say("Bonjour à tous", chat=group, thread_id=topic)
    assert group.stays_silent(0.5)
    asked = alice.say("/aide", chat=group, thread_id=topic)
    [told] = group.wait_for_messages()
    assert told.text.startswith(texts.FAILURE.partition("{")[0])
    assert (told.reply_to, told.thread_id) == (asked, topic)


def test_an_error_that_cannot_even_be_told_is_logged_and_the_next_message_answered(
    bot: RunningBot, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    alice, handler = server.user("Alice"), MessageHandler(filters.Regex("cassé"), fail)
    put_first(bot, handler)
    server.faults.add(method="sendMessage", error=400, description="Bad Request: MESSAGE_ODD")
    alice.say("C’est cassé")
    asked = alice.say("Quand ?")
    [answer] = alice.private_chat().wait_for_messages()
    assert (answer.reply_to, answer.text.startswith(texts.ABSTENTION)) == (asked, True)
    first, second = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert first.startswith("Erreur n° ")
    assert second.startswith("Erreur non annoncée : telegram.error.BadRequest (")
    assert SECRET not in caplog.text
