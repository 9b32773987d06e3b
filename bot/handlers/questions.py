"""A question: any text in a private chat, what names the bot or answers it in a group."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Message as TelegramMessage
from telegram import Update
from telegram.ext import MessageHandler

from bot import texts
from bot.addressing import Addressed
from bot.answer_delivery import deliver_answer
from bot.context import BotApplication, BotContext, Services, conversation_of
from bot.conversations import Conversation
from bot.courtesies import courtesy
from bot.filters import QUESTION, addressed_in, command
from bot.handlers.asked_work import outcome_of
from bot.handlers.limits import refused_by_quota
from bot.sending.sender import Delivery, Sent
from bot.streaming import LiveText, ProgressView, in_loop, screen_of, send_in_place
from bot.views.messages import Message
from bot.views.render import render_too_long
from bot.views.telegram_text import carriable, is_invisible
from bot.worker import ShouldStop
from knowledge.types import Answer, Exchange, Question


def register(application: BotApplication) -> None:
    """Take the questions, with or without the command."""
    application.add_handler(MessageHandler(command("question") | QUESTION, answer_question))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as the update put it; `history` is what it follows."""

    update_id: int
    text: str
    conversation: Conversation
    message_id: int
    history: tuple[Exchange, ...]


async def answer_question(update: Update, context: BotContext) -> None:
    """Answer the question, refuse it with the reason, or say why there is no answer."""
    found = addressed_in(update)
    if found is None:
        return
    message, said = found
    services, conversation = context.services, conversation_of(message)
    refusal = _refusal(update, services, said)
    if refusal is not None:
        sent = await services.sender.send(
            conversation.place, [refusal], reply_to=message.message_id
        )
    else:
        asked = _Asked(
            update.update_id,
            said.text,
            conversation,
            message.message_id,
            _history(services, conversation, message, said),
        )
        sent = await _answer(services, asked)
    if sent.delivery is Delivery.GIVEN_UP:
        services.pending.undelivered(update.update_id)


def _refusal(update: Update, services: Services, said: Addressed) -> Message | None:
    """Return why this is not a question to answer now; one that is counts for its author."""
    limit = services.settings.max_question_characters
    if said.captioned and not said.explicit:
        return Message(texts.NOT_TEXT)
    if is_invisible(carriable(said.text)):
        return Message(texts.ASK)
    polite = None if said.quoted else courtesy(said.text)
    if polite is not None:
        return Message(texts.COURTESIES[polite])
    if len(said.text) > limit:
        return render_too_long(len(said.text), limit)
    return refused_by_quota(update, services)


def _history(
    services: Services, conversation: Conversation, message: TelegramMessage, said: Addressed
) -> tuple[Exchange, ...]:
    """Return what the question follows: nothing, if its words are somebody else's or no words."""
    foreign = said.quoted or message.forward_origin is not None
    if foreign or not any(map(str.isalnum, said.text)):
        return ()
    replied = message.reply_to_message
    return services.conversations.history(
        conversation,
        now=services.now(),
        replied=None if replied is None else replied.message_id,
    )


async def _answer(services: Services, asked: _Asked) -> Sent:
    place = asked.conversation.place
    screen = screen_of(services.sender, place, reply_to=asked.message_id)
    async with LiveText(screen) as live:
        outcome = await outcome_of(
            services, asked.conversation, asked.message_id, _prepare(services, asked, live)
        )
        replaces = await live.end()

    async def send(messages: Sequence[Message]) -> Sent:
        sent = await send_in_place(
            services.sender, place, messages, reply_to=asked.message_id, replaces=replaces
        )
        # At once: killed while it notes what the answer shows, the bot must not apologise for it.
        if sent.delivery is not Delivery.GIVEN_UP:
            services.pending.answered(asked.update_id)
        return sent

    if isinstance(outcome, Message):
        sent = await send([outcome])
    else:
        sent = await deliver_answer(services, place, outcome, send)
        services.conversations.remember(
            asked.conversation,
            outcome,
            now=services.now(),
            after=asked.history,
            message_ids=sent.message_ids,
        )
    return sent


async def _prepare(services: Services, asked: _Asked, live: LiveText) -> Answer:
    now = services.now()
    question = Question(asked.text, asked.history)
    view = ProgressView(asked.text, live.show)
    on_progress = in_loop(view.on_progress)

    def work(should_stop: ShouldStop) -> Answer:
        return services.knowledge.ask(
            question, now=now, should_stop=should_stop, on_progress=on_progress
        )

    # One turn of the loop first, so that «écrit…» is on its way before a busy answer begins.
    await asyncio.sleep(0)
    return await services.worker.run(work, on_place=view.on_place)
