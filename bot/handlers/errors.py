"""An error of a handler: one line in the log, one number, one French sentence to the reader."""

from __future__ import annotations

import logging
import secrets

from telegram import Update
from telegram.error import TelegramError

from bot.context import BotApplication, BotContext, place_of
from bot.logs import describe_error
from bot.render import render_error

logger = logging.getLogger(__name__)


def register(application: BotApplication) -> None:
    """Have the errors of every handler reported."""
    application.add_error_handler(report_error)


async def report_error(update: object, context: BotContext) -> None:
    """Log the error without anybody's words, and tell the reader its number."""
    number = error_number()
    error = context.error
    if error is not None:
        logger.error("Erreur n° %s : %s", number, describe_error(error))
    message = update.effective_message if isinstance(update, Update) else None
    if message is None:
        return
    try:
        await context.services.sender.send(
            place_of(message), [render_error(error, number)], reply_to=message.message_id
        )
    except TelegramError as failure:
        logger.error("Erreur n° %s non annoncée : %s", number, describe_error(failure))  # noqa: TRY400 - the traceback could hold words


def error_number() -> str:
    """Return a number that finds its line in the log: six hexadecimal digits."""
    return secrets.token_hex(3).upper()
