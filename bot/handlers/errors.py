"""An error of a handler: one line in the log, one number, one French sentence to the reader."""

from __future__ import annotations

import logging
import secrets

from telegram import Chat, Update
from telegram.error import TelegramError

from bot.context import BotApplication, BotContext, place_of
from bot.filters import addressed_in
from bot.logs import describe_error
from bot.views.messages import Message
from bot.views.render import render_error

logger = logging.getLogger(__name__)


def register(application: BotApplication) -> None:
    """Have the errors of every handler reported."""
    application.add_error_handler(report_error)


async def report_error(update: object, context: BotContext) -> None:
    """Log the error without anybody's words, and tell its number to whoever expects an answer."""
    reply = logged(context.error)
    if not isinstance(update, Update):
        return
    sender, message = context.services.sender, update.message
    if update.callback_query is not None:
        await sender.answer_callback(update.callback_query.id, reply.text, alert=True)
    elif message is not None and _expects_answer(update):
        try:
            await sender.send(place_of(message), [reply], reply_to=message.message_id)
        except TelegramError as failure:
            logger.error("Erreur non annoncée : %s", describe_error(failure))  # noqa: TRY400 - the traceback could hold words


def logged(error: BaseException | None) -> Message:
    """Log the error under a number, without anybody's words; return what the reader is told."""
    number = error_number()
    if error is not None:
        logger.error("Erreur n° %s : %s", number, describe_error(error))
    return render_error(error, number)


def _expects_answer(update: Update) -> bool:
    """Whether somebody spoke to the bot: nobody else in a group hears of its errors."""
    message = update.message
    if message is None:
        return False
    return message.chat.type == Chat.PRIVATE or addressed_in(update) is not None


def error_number() -> str:
    """Return a number that finds its line in the log: six hexadecimal digits."""
    return secrets.token_hex(3).upper()
