"""``/statut``, for administrators."""

from __future__ import annotations

import asyncio
from datetime import datetime

from telegram import Update
from telegram.ext import MessageHandler

from bot.context import BotApplication, BotContext, Services
from bot.filters import command
from bot.handlers.administration import administrators_only, reply
from bot.status import Status, installed_versions, render_status, resident_memory


def register(application: BotApplication) -> None:
    """Take the command; the time of this call is that of the start."""
    started = application.services.now()

    async def show(update: Update, context: BotContext) -> None:
        services = context.services
        status = await asyncio.to_thread(_status, services, started)
        await reply(update, services, render_status(status))

    application.add_handler(MessageHandler(command("statut"), administrators_only(show)))


def _status(services: Services, started: datetime) -> Status:
    return Status(
        base=services.knowledge.library.state(),
        embedder=services.settings.embedder,
        running=services.worker.running,
        waiting=services.worker.waiting,
        feeding=services.feeding.running + services.feeding.waiting,
        access=services.access,
        uptime=services.now() - started,
        memory=resident_memory(),
        versions=installed_versions(),
    )
