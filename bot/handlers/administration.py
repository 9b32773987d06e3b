"""What only administrators may do, and only in private: the check that such handlers share."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Message as TelegramMessage
from telegram import Update

from bot.context import BotContext, Services, place_of, visitor_of
from bot.conversations import Place
from bot.texts import access as texts
from bot.views.messages import Message

Handle = Callable[[Update, BotContext], Coroutine[Any, Any, None]]


def administrators_only(handle: Handle) -> Handle:
    """Return `handle` for administrators in private; others are told so, and nothing is done."""

    async def checked(update: Update, context: BotContext) -> None:
        visitor, services = visitor_of(update), context.services
        if visitor is None:
            return
        if not services.access.is_administrator(visitor.user):
            await _tell(
                update, services, texts.ADMINISTRATORS_ONLY, texts.ADMINISTRATORS_ONLY_TOAST
            )
        elif visitor.in_group:
            await _tell(update, services, texts.IN_PRIVATE, texts.IN_PRIVATE)
        else:
            await handle(update, context)

    return checked


def pressed(update: Update) -> tuple[str, Place, TelegramMessage] | None:
    """Return the data of a pressed button, where its message is, and that message.

    None if there is no such message any more (Telegram then gives no more than its id).
    """
    query = update.callback_query
    if query is None or query.data is None or not isinstance(query.message, TelegramMessage):
        return None
    return query.data, place_of(query.message), query.message


async def toast(update: Update, services: Services, text: str | None = None) -> None:
    """End the waiting of the button that was pressed."""
    if update.callback_query is not None:
        await services.sender.answer_callback(update.callback_query.id, text)


async def reply(update: Update, services: Services, *messages: Message) -> None:
    """Answer the message of the update."""
    message = update.effective_message
    if message is not None:
        await services.sender.send(place_of(message), messages, reply_to=message.message_id)


async def _tell(update: Update, services: Services, text: str, short: str) -> None:
    if update.callback_query is not None:
        await toast(update, services, short)
    else:
        await reply(update, services, Message(text))
