"""The gate before every other handler: who may use the bot, and what the others are told.

A person or a group that is turned away is told once in a while, not at each message; in groups
only who speaks to the bot is answered at all.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, TypeHandler, filters

from bot.access import AccessRequest, AccessState, Verdict, Visitor, new_code
from bot.context import BotApplication, BotContext, Services, visitor_of
from bot.conversations import Place
from bot.filters import addressed_in
from bot.handlers import approvals
from bot.handlers.administration import reply, toast
from bot.quota import OnceInAWhile
from bot.texts import access as texts
from bot.views.access_view import (
    Clock,
    render_code,
    render_request,
    render_turned_away,
    shown_name,
)
from bot.views.messages import Message

logger = logging.getLogger(__name__)

BEFORE_ALL_OTHERS = -1
_TOLD_AGAIN = timedelta(minutes=10)
_ADMINISTRATOR_PATIENCE = 30.0  # seconds; the asker can give the code without the message


def register(application: BotApplication) -> None:
    """Put the gate before everything, and add what administrators decide with."""
    services = application.services
    notices = approvals.RequestNotices()
    gate = _Gate(services, notices)
    application.add_handler(TypeHandler(Update, gate.handle), group=BEFORE_ALL_OTHERS)
    services.sender.on_migrated(gate.migrated)
    approvals.register(application, notices)


class _Gate:
    def __init__(self, services: Services, notices: approvals.RequestNotices) -> None:
        self._services = services
        self._notices = notices
        self._told = OnceInAWhile(_TOLD_AGAIN)

    async def handle(self, update: Update, context: BotContext) -> None:
        """Let the update pass, or turn its author away and end its processing.

        Whatever fails here lets nobody pass: after an error the library would go on with the
        next group of handlers.
        """
        await self._follow_migration(update)
        visitor = visitor_of(update)
        if visitor is None or _is_service_message(update):
            return
        try:
            verdict = await self._verdict(visitor)
            if verdict is Verdict.ADMITTED:
                return
            if await self._turn_away(update, visitor, verdict):
                return
        except Exception as error:  # noqa: BLE001 - reported like any other, then nobody passes
            await context.application.process_error(update, error)
        raise ApplicationHandlerStop

    async def migrated(self, old: int, new: int) -> None:
        """Let a group keep its access under its new id."""
        await asyncio.to_thread(self._services.access_store.move, old, new)

    async def _follow_migration(self, update: Update) -> None:
        """Move a group's access before its next message; both the old and the new one tell."""
        message = update.message
        if message is None:
            return
        if message.migrate_to_chat_id is not None:
            await self._services.sender.migrated(message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id is not None:
            await self._services.sender.migrated(message.migrate_from_chat_id, message.chat.id)
            # Its hooks may still be at work for the message in the old group.
            await self.migrated(message.migrate_from_chat_id, message.chat.id)

    async def _verdict(self, visitor: Visitor) -> Verdict:
        rules = self._services.access
        verdict = rules.verdict(visitor)
        if verdict is Verdict.ADMITTED or not rules.asks_store:
            return verdict
        state = await asyncio.to_thread(self._services.access_store.state, visitor.subject)
        return rules.verdict(visitor, state)

    async def _turn_away(self, update: Update, visitor: Visitor, verdict: Verdict) -> bool:
        """Tell the author what is missing; return True if nothing is, any more."""
        services = self._services
        if update.callback_query is not None:
            await toast(update, services, texts.NOT_ADMITTED_TOAST)
        elif visitor.in_group and addressed_in(update) is None:
            return False
        elif verdict is Verdict.TO_PAIR:
            return await self._pair(update, visitor)
        elif self._due(visitor):
            listed = not services.access.asks_store
            await reply(update, services, render_turned_away(visitor, verdict, listed=listed))
        return False

    async def _pair(self, update: Update, visitor: Visitor) -> bool:
        """Show the code of the visitor's request; return True if it was approved meanwhile.

        A group that has just migrated is: its access may have moved since the verdict.
        """
        services, now = self._services, self._services.now()
        request, is_new = await asyncio.to_thread(
            services.access_store.ask,
            visitor.subject,
            _name(update, visitor),
            make_code=partial(new_code, secrets.choice),
            now=now,
        )
        due = self._due(visitor)
        if request is None:
            if due:
                await reply(update, services, Message(texts.TOO_MANY_PENDING))
            return False
        if request.state is not AccessState.PENDING:
            return request.state is AccessState.APPROVED
        if is_new or due:
            clock = Clock(now, ZoneInfo(services.settings.timezone))
            await reply(update, services, render_code(request, clock))
        if is_new:
            await self._tell_administrators(request)
        return False

    async def _tell_administrators(self, request: AccessRequest) -> None:
        for administrator in sorted(self._services.access.administrators):
            place = Place(administrator)
            try:
                sent = await self._services.sender.send(
                    place, [render_request(request)], patience=_ADMINISTRATOR_PATIENCE
                )
            except TelegramError as error:
                logger.warning("Demande d’accès non transmise : %s", type(error).__name__)
                continue
            for message_id in sent.message_ids:
                if message_id is not None and request.code is not None:
                    self._notices.sent(request.code, place, message_id)

    def _due(self, visitor: Visitor) -> bool:
        return self._told.due((visitor.chat, visitor.user), self._services.now())


def _is_service_message(update: Update) -> bool:
    return bool(update.message is not None and filters.StatusUpdate.ALL.check_update(update))


def _name(update: Update, visitor: Visitor) -> str:
    """Return what the administrator is shown of who asks: names, which anybody may choose."""
    message = update.message
    if message is None:
        return texts.NAMELESS
    if visitor.in_group:
        return shown_name(message.chat.title)
    user = message.from_user
    if user is None:
        return texts.NAMELESS
    return shown_name(user.full_name) + (f" (@{user.username})" if user.username else "")
