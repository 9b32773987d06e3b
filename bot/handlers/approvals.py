"""Requests to be let in, decided by administrators: by code, by button, and taken back."""

from __future__ import annotations

import asyncio
import logging
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot.access import MOST_PENDING, AccessRequest, AccessState, read_code
from bot.context import BotApplication, BotContext, Services, visitor_of
from bot.conversations import Place
from bot.filters import addressed_in, command
from bot.handlers.administration import administrators_only, pressed, reply, toast
from bot.last_kept import LastKept
from bot.quota import Quota
from bot.texts import access as texts
from bot.views.access_view import (
    DATA,
    render_decision,
    render_list,
    render_outcome,
    render_revoke_question,
    render_revoked,
)
from bot.views.messages import Message
from bot.views.moments import come_back

logger = logging.getLogger(__name__)

_CODES_PER_MINUTE, _CODES_PER_DAY = 6, 60  # tried by one administrator
_ASKER_PATIENCE = 60.0  # seconds
_SETTLING_SECONDS = 10.0  # for each of the other administrators
_DECISIONS = {"oui": AccessState.APPROVED, "non": AccessState.REFUSED}


class RequestNotices:
    """The messages that ask administrators about each request, for one decision to settle all.

    Those of an earlier run are not known any more; their buttons say that it was decided.
    """

    def __init__(self) -> None:
        self._sent = LastKept[str, list[tuple[Place, int]]](MOST_PENDING)

    def sent(self, code: str, place: Place, message_id: int) -> None:
        """Note that a message asks about the request of a code."""
        self._sent.setdefault(code, []).append((place, message_id))

    def settled(self, code: str) -> list[tuple[Place, int]]:
        """Return the messages that asked about a request, and forget them."""
        return self._sent.pop(code, [])


def register(application: BotApplication, notices: RequestNotices) -> None:
    """Add the commands and the buttons."""
    desk = _Desk(application.services, notices)
    for name, handle in (
        ("approuver", desk.approve),
        ("refuser", desk.refuse),
        ("acces", desk.show),
    ):
        application.add_handler(MessageHandler(command(name), administrators_only(handle)))
    application.add_handler(
        CallbackQueryHandler(administrators_only(desk.press), pattern=rf"^{DATA}:")
    )


class _Desk:
    """Where requests are decided."""

    def __init__(self, services: Services, notices: RequestNotices) -> None:
        self._services = services
        self._notices = notices
        self._store = services.access_store
        self._tried = Quota(per_minute=_CODES_PER_MINUTE, per_day=_CODES_PER_DAY)

    async def approve(self, update: Update, _context: BotContext) -> None:
        """``/approuver CODE``."""
        await self._by_code(update, AccessState.APPROVED, "/approuver ACDEFGHJ")

    async def refuse(self, update: Update, _context: BotContext) -> None:
        """``/refuser CODE``."""
        await self._by_code(update, AccessState.REFUSED, "/refuser ACDEFGHJ")

    async def show(self, update: Update, _context: BotContext) -> None:
        """``/acces``: who asked, who was let in, with buttons to change it."""
        await reply(update, self._services, await self._page(0))

    async def press(self, update: Update, _context: BotContext) -> None:
        """Do what a button says; data that no button of ours has do nothing."""
        found = pressed(update)
        if found is None:
            await toast(update, self._services, texts.GONE)
            return
        data, place, message = found
        action, _, value = data.removeprefix(f"{DATA}:").partition(":")
        said, shown = await self._done(update, action, value)
        await toast(update, self._services, said)
        if shown is not None:
            await self._services.sender.edit(place, message.message_id, shown)

    async def _done(
        self, update: Update, action: str, value: str
    ) -> tuple[str | None, Message | None]:
        """Return what the press is answered with, and what its message shows from now on."""
        if action in _DECISIONS:
            code = read_code(value)
            decided = await self._decide(update, code, _DECISIONS[action]) if code else None
            if decided is None:
                return texts.ALREADY_DECIDED, await self._page(0)
            return None, render_decision(decided)
        number = _integer(value)
        if number is None:
            return texts.GONE, None
        if action == "page":
            return None, await self._page(number)
        if action == "retirer":
            request = await asyncio.to_thread(self._store.find, number)
            return (None, render_revoke_question(request)) if request else await self._gone()
        if action == "confirmer":
            request = await asyncio.to_thread(self._store.forget, number)
            return (None, render_revoked(request)) if request else await self._gone()
        return texts.GONE, None

    async def _gone(self) -> tuple[str, Message]:
        return texts.GONE, await self._page(0)

    async def _page(self, page: int) -> Message:
        requests = await asyncio.to_thread(self._store.listing, now=self._services.now())
        return render_list(requests, self._services.access, page)

    async def _by_code(self, update: Update, state: AccessState, example: str) -> None:
        found, visitor = addressed_in(update), visitor_of(update)
        if found is None or visitor is None:
            return
        code = read_code(found[1].text)
        if code is None:
            await reply(update, self._services, Message(texts.CODE_EXPECTED.format(example)))
            return
        now = self._services.now()
        refusal = self._tried.admit(visitor.counted, now)
        if refusal is not None:
            zone = ZoneInfo(self._services.settings.timezone)
            when = come_back(refusal.retry_at, now=now, zone=zone)
            await reply(update, self._services, Message(texts.TOO_MANY_CODES.format(when)))
            return
        decided = await self._decide(update, code, state)
        told = Message(texts.UNKNOWN_CODE) if decided is None else render_decision(decided)
        await reply(update, self._services, told)

    async def _decide(self, update: Update, code: str, state: AccessState) -> AccessRequest | None:
        visitor = visitor_of(update)
        if visitor is None or visitor.user is None:
            return None
        decided = await asyncio.to_thread(
            self._store.decide, code, state, by=visitor.user, now=self._services.now()
        )
        if decided is not None:
            await self._tell_asker(decided)
            await self._settle(update, code, render_decision(decided))
        return decided

    async def _settle(self, update: Update, code: str, shown: Message) -> None:
        """Show the decision in the messages that asked for it, but for the one that was pressed."""
        pressed_on = pressed(update)
        own = None if pressed_on is None else (pressed_on[1], pressed_on[2].message_id)
        for place, message_id in self._notices.settled(code):
            if (place, message_id) == own:
                continue
            try:
                async with asyncio.timeout(_SETTLING_SECONDS):
                    await self._services.sender.edit(place, message_id, shown)
            except (TelegramError, TimeoutError) as error:
                logger.warning("Demande d’accès non close : %s", type(error).__name__)

    async def _tell_asker(self, request: AccessRequest) -> None:
        try:
            await self._services.sender.send(
                Place(request.subject), [render_outcome(request)], patience=_ASKER_PATIENCE
            )
        except TelegramError as error:
            logger.warning("Décision d’accès non transmise : %s", type(error).__name__)


def _integer(value: str) -> int | None:
    digits = value.removeprefix("-")
    return int(value) if digits.isascii() and digits.isdigit() and len(digits) <= 16 else None
