"""``/resume``: the news of a time or on subjects, or one article, in exact sentences, at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import MessageHandler

from bot.context import BotApplication, BotContext, Services, conversation_of, visitor_of
from bot.conversations import Conversation, Place
from bot.digests.parcels import DigestPart
from bot.filters import addressed_in, command
from bot.handlers.administration import reply
from bot.handlers.asked_work import outcome_of
from bot.handlers.limits import refused_by_quota
from bot.sending.sender import Delivery, Sent
from bot.shown import ShownCitation, ShownKind, ShownMessage
from bot.summary_request import (
    ArticleAsked,
    BadSubjectsError,
    NewsAsked,
    SubjectsAsked,
    SummaryAsked,
    digest_requests,
    summary_asked,
)
from bot.texts import summaries as texts
from bot.views.digest_view import render_digest
from bot.views.messages import Message
from bot.views.summary_view import render_article_summary, render_nothing, subject_heading
from bot.worker import ShouldStop
from knowledge.digest.one_article import article_at, summarise_article
from knowledge.errors import SourcierError
from knowledge.store.feeds import SqlFeedStore
from knowledge.types import AnswerMode, ArticleId, Citation, Span

logger = logging.getLogger(__name__)

_Parts = tuple[DigestPart, ...]


def register(application: BotApplication) -> None:
    """Take the command, in any chat; a post of a channel is none."""
    application.add_handler(MessageHandler(command("resume"), summarise))


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked for, by whom and where."""

    asked: SummaryAsked
    conversation: Conversation
    message_id: int
    administrator: bool


async def summarise(update: Update, context: BotContext) -> None:
    """Give the summary, or say why there is none."""
    found, visitor, services = addressed_in(update), visitor_of(update), context.services
    if found is None or visitor is None:
        return
    message, said = found
    try:
        asked = summary_asked(message, said)
    except BadSubjectsError:
        await reply(update, services, Message(texts.TOO_LONG))
        return
    if asked is None:
        await reply(update, services, Message(texts.NO_LINK))
        return
    refusal = refused_by_quota(update, services)
    if refusal is not None:
        await reply(update, services, refusal)
        return
    request = _Request(
        asked,
        conversation_of(message),
        message.message_id,
        services.access.is_administrator(visitor.user),
    )
    outcome = await outcome_of(
        services, request.conversation, request.message_id, _prepare(services, request)
    )
    sent = await _send(services, request, outcome)
    if sent.delivery is Delivery.GIVEN_UP:
        services.pending.undelivered(update.update_id)


async def _prepare(services: Services, request: _Request) -> _Parts | Message:
    # One turn of the loop first, so that «écrit…» is on its way before the work begins.
    await asyncio.sleep(0)
    if isinstance(request.asked, ArticleAsked):
        return await _article(services, request.asked.links, add=request.administrator)
    return await _news(services, request.asked)


async def _news(services: Services, asked: NewsAsked | SubjectsAsked) -> _Parts | Message:
    """Return the first digest that has news, or say that there are none."""
    now, zone = services.now(), ZoneInfo(services.settings.timezone)
    requests = digest_requests(asked, now=now, zone=zone)

    def work(should_stop: ShouldStop) -> _Parts | Message:
        digests = services.knowledge.digests(requests, now=now, should_stop=should_stop)
        for place, digest in enumerate(digests):
            if digest is not None:
                heading = None
                if isinstance(asked, SubjectsAsked):
                    heading = subject_heading(asked, digest.window, zone=zone, any_word=place > 0)
                return render_digest(digest, zone=zone, heading=heading)
        base = services.knowledge.summary()
        if not base.articles:
            return Message(texts.NO_ARTICLE)
        return render_nothing(asked, requests[0].window, newest=base.newest, zone=zone)

    return await services.worker.run(work)


async def _article(services: Services, links: Sequence[str], *, add: bool) -> _Parts | Message:
    """Return the summary of the first of `links` that is known; `add`: or else of the first."""
    store, places = services.articles, SqlFeedStore(services.database)

    def known(_should_stop: ShouldStop) -> tuple[Citation, ...]:
        found = article_at(links, places.articles_at)
        return summarise_article(found, store=store) if found is not None else ()

    citations = await services.worker.run(known)
    if not citations and add:
        added = await _added(services, links[0])
        citations = await services.worker.run(lambda _: summarise_article(added, store=store))
    return render_article_summary(citations) if citations else Message(texts.NOT_IN_BASE)


async def _added(services: Services, link: str) -> ArticleId:
    """Fetch the article and add it to the base, where others can be asked meanwhile.

    Raises:
        SourceError: it cannot be had, or is no article.
    """
    library = services.knowledge.library
    added = await services.feeding.run(lambda _: library.add(library.fetch(link)))
    return added.article.id


async def _send(services: Services, request: _Request, outcome: _Parts | Message) -> Sent:
    """Send the summary and remember what it quotes, so that corrections reach its messages."""
    place = request.conversation.place
    parts = (DigestPart(outcome),) if isinstance(outcome, Message) else outcome
    sent = await services.sender.send(
        place, [part.message for part in parts], reply_to=request.message_id
    )
    now, place = services.now(), sent.place or place
    shown = [
        _shown(part, place, message_id, now)
        for message_id, part in zip(sent.message_ids, parts, strict=False)
        if message_id is not None and part.quotes
    ]
    try:
        await asyncio.to_thread(services.shown.record, shown)
    except SourcierError as error:
        logger.warning("Résumé envoyé, mais non noté : %s", error.message)
    return sent


def _shown(part: DigestPart, place: Place, message_id: int, now: datetime) -> ShownMessage:
    """Return what the ledger keeps: an answer, since somebody asked for it and no subscription."""
    return ShownMessage(
        place,
        message_id,
        message_id,
        ShownKind.ANSWER,
        AnswerMode.EXTRACT.value,
        None,
        now,
        tuple(
            ShownCitation(number, article, version, Span(start, end))
            for number, (article, version, start, end) in enumerate(part.quotes, 1)
        ),
    )
