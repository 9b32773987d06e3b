"""Who may manage the subscriptions of a chat: asked of Telegram at each use, never remembered."""

from __future__ import annotations

from collections.abc import Iterable

from telegram import Message as TelegramMessage
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.store.chats import Chat
from knowledge.errors import SourcierError

_ADMINISTRATORS = frozenset({ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER})
MOST_ASKED = 20  # chats, when a person's are looked for


class UnknownRightsError(SourcierError):
    """Telegram did not say whether somebody is an administrator."""

    retryable = True


async def is_chat_administrator(bot: ExtBot[None], chat_id: int, user_id: int) -> bool:
    """Return whether a person administers a group or channel; in a private chat, whose it is.

    Raises:
        UnknownRightsError: Telegram does not say so now.
    """
    if chat_id > 0:
        return user_id == chat_id
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except (BadRequest, Forbidden):  # nobody of that chat, or a chat that the bot has left
        return False
    except TelegramError as error:
        raise UnknownRightsError(
            "Telegram ne dit pas qui administre cette conversation."
        ) from error
    return member.status in _ADMINISTRATORS


async def may_manage(bot: ExtBot[None], message: TelegramMessage) -> bool:
    """Return whether the author of `message` may manage the subscriptions of its chat.

    Anonymous administrators write as their group, and posts of a channel are its administrators'.

    Raises:
        UnknownRightsError: Telegram does not say so now.
    """
    sender = message.sender_chat
    if sender is not None:
        return sender.id == message.chat.id
    if message.from_user is None:
        return False
    return await is_chat_administrator(bot, message.chat.id, message.from_user.id)


async def administered(bot: ExtBot[None], chats: Iterable[Chat], user_id: int) -> tuple[Chat, ...]:
    """Return those of the first 20 chats that a person administers, as far as Telegram says."""
    found = []
    for chat in list(chats)[:MOST_ASKED]:
        try:
            if await is_chat_administrator(bot, chat.id, user_id):
                found.append(chat)
        except UnknownRightsError:
            continue
    return tuple(found)
