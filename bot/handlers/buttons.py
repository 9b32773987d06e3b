"""The buttons under an answer: what stands around a quotation, and whether the answer was useful.

A client may send anything as pressed: only what the message was recorded to show is acted upon.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from telegram import CallbackQuery, Update
from telegram.ext import CallbackQueryHandler

from bot.buttons import PATTERN, USEFUL, ContextPress, VotePress, read_press
from bot.context import BotApplication, BotContext, Services
from bot.last_kept import LastKept
from bot.sending.sender import Delivery
from bot.shown import VoteOutcome
from bot.texts import buttons as texts
from bot.views.context_view import Context, render_context
from knowledge.errors import SourcierError

if TYPE_CHECKING:
    from bot.shown import ShownCitation, ShownMessage
    from bot.views.messages import Message

logger = logging.getLogger(__name__)

_MOST_AT_ONCE = 3  # contexts on their way to one chat
_SEND_SECONDS = 60.0  # how long a context may wait for Telegram
_OTHERS_WAIT = 2.0  # seconds for a context to be sent and noted before the next press is looked at
_LOOK_AGAIN = timedelta(seconds=60)  # before it is checked again that a context still stands
_REMEMBERED = 10_000
_RECORDING_SECONDS, _LOOKS = 0.5, 3  # an answer is recorded just after it is sent

_Key = tuple[int, int, int]


def register(application: BotApplication) -> None:
    """Take the presses of the buttons under answers."""
    presses = Presses(application)
    application.add_handler(CallbackQueryHandler(presses.handle, pattern=PATTERN))


def register_rest(application: BotApplication) -> None:
    """Take the presses that nothing else takes: stale or forged; it comes last."""
    application.add_handler(CallbackQueryHandler(_unknown))


async def _unknown(update: Update, context: BotContext) -> None:
    query = update.callback_query
    if query is not None:
        await context.services.sender.answer_callback(query.id, texts.UNKNOWN)


class Presses:
    """Acts on presses; remembers which contexts are on their way, and when each was looked for.

    A context that Telegram makes wait goes on beside the presses that follow.
    """

    def __init__(self, application: BotApplication) -> None:
        self._application = application
        self._on_their_way: set[_Key] = set()
        self._looked = LastKept[_Key, datetime](_REMEMBERED)

    async def handle(self, update: Update, context: BotContext) -> None:
        """Do what the press asks for, or say why not."""
        query = update.callback_query
        if query is None:
            return
        services = context.services
        try:
            await self._act(services, query)
        except SourcierError as error:
            logger.warning("Bouton sans effet : %s", error.message)
            await services.sender.answer_callback(query.id, texts.NOT_NOW)

    async def _act(self, services: Services, query: CallbackQuery) -> None:
        pressed, message = read_press(query.data), query.message
        if pressed is None or message is None:
            await services.sender.answer_callback(query.id, texts.UNKNOWN)
            return
        shown = await _recorded(services, message.chat.id, message.message_id)
        if shown is None:
            await services.sender.answer_callback(query.id, texts.TOO_OLD)
        elif isinstance(pressed, VotePress):
            await _vote(services, query, shown, pressed.vote)
        else:
            await self._show_context(services, query, shown, pressed)

    async def _show_context(
        self, services: Services, query: CallbackQuery, shown: ShownMessage, press: ContextPress
    ) -> None:
        citation = shown.citation(press.number)
        if citation is None:
            await services.sender.answer_callback(query.id, texts.UNKNOWN)
            return
        chat_id = shown.place.chat_id
        key = (chat_id, shown.message_id, press.number)
        if key in self._on_their_way:
            await services.sender.answer_callback(query.id, texts.BEING_SHOWN)
            return
        if sum(chat == chat_id for chat, *_ in self._on_their_way) >= _MOST_AT_ONCE:
            await services.sender.answer_callback(query.id, texts.TOO_MANY)
            return
        self._on_their_way.add(key)
        begun = False
        try:
            begun = await self._show_once(services, query, shown, citation, key)
        finally:
            if not begun:
                self._on_their_way.discard(key)

    async def _show_once(
        self,
        services: Services,
        query: CallbackQuery,
        shown: ShownMessage,
        citation: ShownCitation,
        key: _Key,
    ) -> bool:
        """Return True once the context is on its way, False if it is not to be sent."""
        rendered = await asyncio.to_thread(_rendered, services, shown, citation)
        if rendered is None:
            await services.sender.answer_callback(query.id, texts.NO_LONGER_EXACT)
            return False
        if await self._stands(services, shown, citation, rendered[0], key):
            await services.sender.answer_callback(query.id, texts.ALREADY_SHOWN)
            return False
        sending = self._send(services, shown, citation, rendered, key)
        answering = services.sender.answer_callback(query.id)
        if self._application.running:
            sent = self._application.create_task(sending)
            await answering
            await asyncio.wait({sent}, timeout=_OTHERS_WAIT)
        else:  # it ends, and waits for what it takes, but not for new tasks
            await asyncio.gather(answering, sending)
        return True

    async def _send(
        self,
        services: Services,
        shown: ShownMessage,
        citation: ShownCitation,
        rendered: tuple[Message, ...],
        key: _Key,
    ) -> None:
        try:
            await _send(services, shown, citation, rendered)
            self._looked[key] = services.now()
        except SourcierError as error:
            logger.warning("Contexte envoyé, mais non noté : %s", error.message)
        finally:
            self._on_their_way.discard(key)

    async def _stands(
        self,
        services: Services,
        shown: ShownMessage,
        citation: ShownCitation,
        message: Message,
        key: _Key,
    ) -> bool:
        """Whether the context was sent and, as far as can be told, is still there.

        Telegram tells bots of no deletion; an edit that changes nothing finds out.
        """
        if citation.context_id is None:
            return False
        now, looked = services.now(), self._looked.get(key)
        if looked is not None and timedelta(0) <= now - looked < _LOOK_AGAIN:
            return True
        fared = await services.sender.edit(shown.place, citation.context_id, message, passing=True)
        if fared is not Delivery.GIVEN_UP:
            self._looked[key] = now
        return fared is not Delivery.MISSING


async def _recorded(services: Services, chat_id: int, message_id: int) -> ShownMessage | None:
    """Return what a message shows; what was sent this instant may be recorded a little later."""
    for look in range(1, _LOOKS + 1):
        shown = await asyncio.to_thread(services.shown.message, chat_id, message_id)
        if shown is not None or look == _LOOKS:
            break
        await asyncio.sleep(_RECORDING_SECONDS)
    return shown


async def _vote(services: Services, query: CallbackQuery, shown: ShownMessage, vote: int) -> None:
    outcome = await asyncio.to_thread(
        services.shown.vote,
        shown.place.chat_id,
        shown.message_id,
        query.from_user.id,
        vote,
        now=services.now(),
    )
    said = {None: texts.TOO_OLD, VoteOutcome.WITHDRAWN: texts.VOTE_WITHDRAWN}
    voted = texts.VOTED_USEFUL if vote == USEFUL else texts.VOTED_USELESS
    await services.sender.answer_callback(query.id, said.get(outcome, voted))


def _rendered(
    services: Services, shown: ShownMessage, citation: ShownCitation
) -> tuple[Message, ...] | None:
    """Return the context as messages, None if the version quoted is not what it was."""
    articles = services.articles
    try:
        article = articles.article(citation.article_id, citation.version)
    except ValueError:  # the text stored is not the one its hash was made of
        logger.error("Article %s altéré dans la base.", citation.article_id)  # noqa: TRY400 - the traceback could hold words
        return None
    if article is None or citation.span.end > len(article.text) or not citation.span:
        return None
    current = articles.article(citation.article_id)
    note = None
    if current is None:
        note = texts.REMOVED_SINCE
    elif current.version != citation.version:
        note = texts.CHANGED_SINCE
    spans = tuple(each.span for each in articles.sentences(citation.article_id, citation.version))
    number = citation.number if shown.quotations > 1 else None
    return render_context(Context(article, citation.span, spans, number, note))


async def _send(
    services: Services,
    shown: ShownMessage,
    citation: ShownCitation,
    messages: tuple[Message, ...],
) -> None:
    place = shown.place
    sent = await services.sender.send(
        place,
        messages,
        reply_to=shown.message_id,
        silent=place.chat_id < 0,
        patience=_SEND_SECONDS,
        explain_doubt=False,
    )
    if sent.message_ids and sent.message_ids[0] is not None:
        await asyncio.to_thread(
            services.shown.context_shown,
            place.chat_id,
            shown.message_id,
            citation.number,
            sent.message_ids[0],
        )
