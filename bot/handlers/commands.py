"""The commands, and what is neither a command nor a question."""

from __future__ import annotations

from telegram import Update

from bot import texts
from bot.context import BotContext, place_of
from bot.messages import Message
from bot.render import render_help, render_start


async def start(update: Update, context: BotContext) -> None:
    """Say what the bot does."""
    await _reply(update, context, render_start())


async def show_help(update: Update, context: BotContext) -> None:
    """Explain how to ask and what answers are worth."""
    limit = context.services.settings.max_question_characters
    await _reply(update, context, render_help(limit))


async def forget(update: Update, context: BotContext) -> None:
    """Forget the conversation."""
    if update.effective_message is not None:
        context.services.conversations.forget(place_of(update.effective_message))
    await _reply(update, context, Message(texts.FORGOTTEN))


async def unknown_command(update: Update, context: BotContext) -> None:
    """Point to the help."""
    await _reply(update, context, Message(texts.UNKNOWN_COMMAND))


async def not_text(update: Update, context: BotContext) -> None:
    """Say that only text is read."""
    await _reply(update, context, Message(texts.NOT_TEXT))


async def _reply(update: Update, context: BotContext, reply: Message) -> None:
    message = update.effective_message
    if message is not None:
        await context.services.sender.send(place_of(message), [reply], reply_to=message.message_id)
