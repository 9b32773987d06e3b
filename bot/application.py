"""The Telegram application put together, and run until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from telegram import Update
from telegram.ext import Application, ContextTypes, ExtBot
from telegram.request import HTTPXRequest

from bot import following, texts
from bot.access import AccessRules
from bot.context import BotApplication, BotContext, KnowledgeBase, Services, utc_now
from bot.conversations import Conversations
from bot.digests import deliveries
from bot.handlers import (
    access,
    articles,
    buttons,
    commands,
    errors,
    feeding,
    feeds,
    membership,
    questions,
    status,
    subscriptions,
    summaries,
)
from bot.logs import configure_logging, quieten_libraries, report_to_log
from bot.quota import Quota
from bot.receiving.overflow import OverflowReplies
from bot.receiving.pending import PendingMessages
from bot.receiving.turns import turns_of
from bot.receiving.updates import ChatOrder
from bot.running import RunningAnswers
from bot.sending.gate import Gate
from bot.sending.pacing import Pacing
from bot.sending.sender import Sender
from bot.serving import serve
from bot.settings import BotSettings
from bot.store.access import AccessStore
from bot.store.shown import ShownStore
from bot.texts import feeding as feeding_texts
from bot.worker import Worker
from knowledge.errors import SettingsError
from knowledge.feeds.bootstrap import open_feeds
from knowledge.store import open_database
from knowledge.store.articles import SqlArticleStore
from knowledge.store.opening import store_id

logger = logging.getLogger(__name__)

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def run_bot(
    settings: BotSettings, knowledge: KnowledgeBase, *, now: Callable[[], datetime] = utc_now
) -> int:
    """Serve until SIGTERM or SIGINT, in the main thread; return the exit code 0.

    `knowledge` is used by a thread of the bot's until then, and stays open.

    Raises:
        SettingsError: there is no token, or Telegram does not know it.
        StoreError: the database cannot be opened or brought to the current schema.
    """
    configure_logging(settings.log_level, folder=settings.data_dir / "logs")
    application = build_application(settings, knowledge, now=now)
    asyncio.run(_serve_until_signalled(application))
    return 0


def build_application(
    settings: BotSettings, knowledge: KnowledgeBase, *, now: Callable[[], datetime] = utc_now
) -> BotApplication:
    """Return the application, not started; :func:`bot.serving.serve` starts and ends it.

    Raises:
        SettingsError: there is no token.
        StoreError: the database cannot be opened or brought to the current schema.
    """
    quieten_libraries()
    bot = _bot(settings)
    services = _services(settings, knowledge, bot, now)
    application = (
        Application.builder()
        .bot(bot)
        .application_class(BotApplication, kwargs={"services": services})
        .context_types(ContextTypes(context=BotContext))
        .concurrent_updates(_chat_order(services, bot))
        .updater(None)
        .job_queue(None)
        .build()
    )
    if not isinstance(application, BotApplication):
        raise TypeError("the builder made another application")
    _add_handlers(application)
    return application


def _services(
    settings: BotSettings, knowledge: KnowledgeBase, bot: ExtBot[None], now: Callable[[], datetime]
) -> Services:
    pacing = Pacing()
    database = open_database(settings.database_url or settings.sqlite_path)
    return Services(
        settings=settings,
        knowledge=knowledge,
        worker=Worker(
            capacity=settings.waiting_questions, full=texts.BUSY, stopping=texts.INTERRUPTED
        ),
        feeding=Worker(
            capacity=settings.waiting_questions,
            full=feeding_texts.TOO_MUCH,
            stopping=feeding_texts.STOPPING,
        ),
        conversations=Conversations(),
        running=RunningAnswers(),
        sender=Sender(bot, gate=Gate(pacing)),
        pacing=pacing,
        pending=PendingMessages(settings.data_dir / "pending.jsonl"),
        database=database,
        access=AccessRules(settings.access, settings.administrators, settings.allowed),
        access_store=AccessStore(database),
        quota=Quota(
            per_minute=settings.questions_per_minute,
            per_day=settings.questions_per_day,
            exempt=settings.administrators,
        ),
        shown=ShownStore(database, kept=timedelta(days=settings.remembered_days)),
        articles=SqlArticleStore(database, store_id=store_id(database)),
        feeds=open_feeds(
            settings,
            database,
            ingest=lambda drafts: knowledge.library.take(drafts),
            read=lambda document: knowledge.library.read(document),
        ),
        now=now,
    )


class _DiscreetBot(ExtBot[None]):
    """The library's bot, whose own representation shows the token."""

    def __repr__(self) -> str:
        return type(self).__name__


def _bot(settings: BotSettings) -> ExtBot[None]:
    if settings.telegram_token is None:
        raise SettingsError(
            "SOURCIER_TELEGRAM_TOKEN manque : créez un robot avec @BotFather et copiez son jeton "
            "dans le fichier .env.",
            subject="SOURCIER_TELEGRAM_TOKEN",
        )
    address = settings.telegram_base_url
    # A proxy is for the way out, not for a Bot API server on this machine.
    trust_env = urlsplit(address).hostname not in _LOOPBACK

    def request(connections: int) -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=connections,
            connect_timeout=10.0,
            read_timeout=15.0,
            write_timeout=15.0,
            pool_timeout=15.0,
            httpx_kwargs={"trust_env": trust_env},
        )

    return _DiscreetBot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=request(64),
        get_updates_request=request(2),
    )


def _chat_order(services: Services, bot: ExtBot[None]) -> ChatOrder:
    def done(update: Update) -> None:
        services.pending.answered(update.update_id)

    return ChatOrder(
        turn_of=turns_of(bot, places=services.settings.waiting_per_chat),
        overflow=OverflowReplies(services.sender),
        done=done,
    )


def _add_handlers(application: BotApplication) -> None:
    """Register the handlers, in order: of those of group 0, the first that matches takes it.

    Edited messages and posts of linked channels match none of them (see :mod:`bot.filters`).
    """
    for register in (
        # The gate comes before every other handler, in a group of its own.
        access.register,
        # Where the bot is added, muted or removed, and where it is to send digests: before the
        # questions, which would take a reply that types a setting.
        membership.register,
        subscriptions.register,
        # The buttons under answers, by what they send.
        buttons.register,
        # Commands come before questions: a text that begins with one is no question.
        commands.register,
        # What administrators add, list, remove and look at; a lone link of theirs is no question.
        feeding.register,
        articles.register,
        feeds.register,
        status.register,
        summaries.register,
        # Any other text that speaks to the bot is a question.
        questions.register,
        # Last, for what none of those above took: unknown commands, photos, voice messages.
        commands.register_rest,
        # And the presses of buttons that nobody knows any more.
        buttons.register_rest,
        errors.register,
        # What is sent at its hour, beside all that.
        deliveries.register,
        # And the sources that are visited.
        following.register,
    ):
        register(application)


async def _serve_until_signalled(application: BotApplication) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(report_to_log)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve(application, stop)
