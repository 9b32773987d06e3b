"""The commands, and what is neither a command nor a question."""

from __future__ import annotations

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot import texts
from bot.context import BotApplication, BotContext, place_of
from bot.filters import ANY_COMMAND, command
from bot.messages import Message
from bot.render import render_help, render_start


def register(application: BotApplication) -> None:
    """Take the commands that cost no answer."""
    for name, callback in (("start", start), ("aide", show_help), ("oublier", forget)):
        application.add_handler(MessageHandler(command(name), callback))


def register_rest(application: BotApplication) -> None:
    """Take what nothing else took: unknown commands, and in private chats what is not text."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(ANY_COMMAND, unknown_command))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, not_text))


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
