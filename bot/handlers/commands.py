"""The commands, and what is neither a command nor a question."""

from __future__ import annotations

import re

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot import texts
from bot.announcing import announce_to_administrator
from bot.context import BotApplication, BotContext, conversation_of, place_of, visitor_of
from bot.filters import ANY_COMMAND, command
from bot.texts.subscriptions import GREETING_GROUP
from bot.views.messages import Message
from bot.views.render import render_help, render_start

_LINKED = re.compile(r"/start(?:@|\s+\S)", re.IGNORECASE)  # as a link to the bot writes it


def register(application: BotApplication) -> None:
    """Take the commands that cost no answer."""
    for name, callback in (
        ("start", start),
        ("aide", show_help),
        ("stop", stop),
        ("oublier", forget),
    ):
        application.add_handler(MessageHandler(command(name), callback))


def register_rest(application: BotApplication) -> None:
    """Take what nothing else took: unknown commands, and in private chats what is not text."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(ANY_COMMAND, unknown_command))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, not_text))


async def start(update: Update, context: BotContext) -> None:
    """Say what the bot does, whatever a deep link added to the command."""
    visitor = visitor_of(update)
    if visitor is None:
        return
    services = context.services
    if visitor.in_group:
        await _start_in_group(update, context, visitor.chat)
        return
    await _reply(update, context, render_start())
    if services.access.is_administrator(visitor.user):
        # Only now is there a chat whose menu can be set, if this is the first message.
        await announce_to_administrator(context.bot, visitor.chat)


async def _start_in_group(update: Update, context: BotContext, chat_id: int) -> None:
    """Say it once: a link that adds the bot to a group also writes the command there."""
    services, message = context.services, update.effective_message
    text = Message(texts.START_IN_GROUP)
    if message is not None and _LINKED.match(message.text or ""):
        text = Message(GREETING_GROUP)
        if not services.greetings.claim(chat_id, now=services.now()):
            return
    await _reply(update, context, text)


async def show_help(update: Update, context: BotContext) -> None:
    """Explain how to ask and what answers are worth; in a group, briefly."""
    visitor = visitor_of(update)
    if visitor is not None and visitor.in_group:
        await _reply(update, context, Message(texts.HELP_IN_GROUP))
        return
    services = context.services
    administrator = visitor is not None and services.access.is_administrator(visitor.user)
    limit = services.settings.max_question_characters
    await _reply(update, context, render_help(limit, administrator=administrator))


async def stop(update: Update, context: BotContext) -> None:
    """Stop what the person asked before and has no answer yet; for an administrator, anybody's.

    The answers that stop say so themselves.
    """
    message, visitor, services = update.message, visitor_of(update), context.services
    if message is None or visitor is None:
        return
    everybody = services.access.is_administrator(visitor.user)
    conversation = conversation_of(message)
    if not services.running.stop(conversation, message.message_id, everybody=everybody):
        await _reply(update, context, Message(texts.NOTHING_TO_STOP))


async def forget(update: Update, context: BotContext) -> None:
    """Forget the conversation."""
    if update.message is not None:
        context.services.conversations.forget(conversation_of(update.message))
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
