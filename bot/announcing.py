"""The menus of commands, announced to Telegram for each kind of chat."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest, TelegramError

from bot.texts.menus import ADMINISTRATORS, GROUP_ADMINISTRATORS, GROUPS, PRIVATE, Menu

logger = logging.getLogger(__name__)


async def announce_commands(bot: Bot, administrators: Iterable[int]) -> None:
    """Announce the menus: private chats, groups, groups' administrators, the bot's own.

    What fails is logged; the menus of the last time then stay.
    """
    await _announce(bot, PRIVATE, BotCommandScopeAllPrivateChats())
    await _announce(bot, GROUPS, BotCommandScopeAllGroupChats())
    await _announce(bot, GROUP_ADMINISTRATORS, BotCommandScopeAllChatAdministrators())
    await _announce(bot, PRIVATE, BotCommandScopeDefault())
    for administrator in sorted(administrators):
        await announce_to_administrator(bot, administrator)


async def announce_to_administrator(bot: Bot, administrator: int) -> None:
    """Announce the administrators' menu in the private chat of one of them.

    There is no such chat before they first write to the bot.
    """
    await _announce(bot, ADMINISTRATORS, BotCommandScopeChat(administrator))


async def _announce(bot: Bot, menu: Menu, scope: BotCommandScope) -> None:
    commands = [BotCommand(name, description) for name, description in menu]
    try:
        await bot.set_my_commands(commands, scope=scope)
    except BadRequest as error:
        if not isinstance(scope, BotCommandScopeChat):
            logger.warning("Menu des commandes refusé (%s).", type(error).__name__)
    except TelegramError as error:
        logger.warning("Menu des commandes non transmis (%s).", type(error).__name__)
