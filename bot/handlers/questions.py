"""A question: any text in a private chat, what names the bot or answers it in a group."""

from __future__ import annotations

import asyncio

from telegram import Update
from telegram.ext import MessageHandler

from bot import texts
from bot.context import BotApplication, BotContext, Services, place_of
from bot.conversations import Place
from bot.filters import QUESTION, addressed_in, command
from bot.handlers.limits import refused_by_quota
from bot.handlers.typing import typing_shown
from bot.messages import Message
from bot.render import render_answer, render_too_long
from bot.sender import Delivery
from bot.worker import QueueFullError, ShouldStop
from knowledge.errors import GenerationCancelledError
from knowledge.types import Answer, Question


def register(application: BotApplication) -> None:
    """Take the questions, with or without the command."""
    application.add_handler(MessageHandler(command("question") | QUESTION, answer_question))


async def answer_question(update: Update, context: BotContext) -> None:
    """Answer the question, refuse it with the reason, or say that the bot is stopping."""
    found = addressed_in(update)
    if found is None:
        return
    message, said = found
    services, place = context.services, place_of(message)
    if said.captioned and not said.explicit:
        replies: tuple[Message, ...] = (Message(texts.NOT_TEXT),)
    elif not said.text:
        replies = (Message(texts.ASK),)
    else:
        refused = refused_by_quota(update, services)
        replies = (refused,) if refused else await _replies(services, place, said.text)
    sent = await services.sender.send(place, replies, reply_to=message.message_id)
    if sent.delivery is Delivery.GIVEN_UP:
        services.pending.undelivered(update.update_id)


async def _replies(services: Services, place: Place, text: str) -> tuple[Message, ...]:
    limit = services.settings.max_question_characters
    if len(text) > limit:
        return (render_too_long(len(text), limit),)
    try:
        async with typing_shown(services.sender, place):
            answer = await _ask(services, place, text)
    except QueueFullError:
        return (Message(texts.BUSY),)
    except GenerationCancelledError:
        return (Message(texts.INTERRUPTED),)
    services.conversations.remember(place, answer, now=services.now())
    return render_answer(answer)


async def _ask(services: Services, place: Place, text: str) -> Answer:
    now = services.now()
    question = Question(text, services.conversations.history(place, now=now))

    def work(should_stop: ShouldStop) -> Answer:
        return services.knowledge.ask(question, now=now, should_stop=should_stop)

    # One turn of the loop first, so that «écrit…» is on its way before a busy answer begins.
    await asyncio.sleep(0)
    return await services.worker.run(work)
