"""The application served: Telegram reached, updates fetched, everything ended in time.

Stopping takes at most ``stop_seconds``: fetching ends at once; the questions already taken have
the first half to be answered; then what waits or runs is given up and its authors are told. What
cannot even be told (Telegram out of reach) is told by the next start (:mod:`bot.pending`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

from telegram import BotCommand, Chat, Update
from telegram.error import InvalidToken, TelegramError

from bot import texts
from bot.context import BotApplication, Services, place_of
from bot.messages import Message
from bot.pending import PendingMessage
from bot.polling import Poller, pause_after
from bot.sender import Delivery
from bot.texts import menus
from bot.updates import ChatOrder
from knowledge.errors import SettingsError

logger = logging.getLogger(__name__)

_MAX_IN_PROGRESS = 300  # updates being processed or waiting, beyond which none is fetched
# Parts of ``stop_seconds``; what is left is for closing the database and ending the process.
_GIVING_UP, _LAST_MOMENT = 0.5, 0.75
_UNKNOWN_TO_TELEGRAM = (
    "SOURCIER_TELEGRAM_TOKEN : Telegram ne connaît pas ce jeton. Copiez celui que donne @BotFather "
    "(/mybots, puis API Token) dans le fichier .env."
)


async def serve(application: BotApplication, stop: asyncio.Event) -> None:
    """Start, answer until `stop` is set, then end within ``stop_seconds``.

    Waits for a Telegram that is out of reach, at the start and at any time.

    Raises:
        SettingsError: Telegram does not know the token.
    """
    poller = Poller(
        application.bot,
        take=lambda updates: _take(application, updates),
        has_room=lambda: _in_progress(application) < _MAX_IN_PROGRESS,
    )
    try:
        if await _unless(stop, _connect(application)):
            await application.start()
            logger.info("Le robot est prêt.")
            await _unless(stop, _receive(application, poller))
    except InvalidToken:
        raise SettingsError(_UNKNOWN_TO_TELEGRAM, subject="SOURCIER_TELEGRAM_TOKEN") from None
    finally:
        await _wind_down(application, poller)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Return True once `work` is done, or False, having cancelled it, once `stop` is set."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not working.done():
            working.cancel()
        await asyncio.wait({working, stopping})
    if working.cancelled():
        return False
    working.result()
    return True


async def _connect(application: BotApplication) -> None:
    """Reach Telegram, however long it takes, and take the bot off any webhook."""
    pause = 0.0
    while True:
        try:
            await application.initialize()
            await application.bot.delete_webhook()
        except TelegramError as error:
            pause = pause_after(error, pause)
            await asyncio.sleep(pause)
        else:
            return


async def _receive(application: BotApplication, poller: Poller) -> None:
    pending = application.services.pending
    left = pending.left_by_last_run()
    fetched = {update.update_id for update in await poller.first()}
    application.create_task(_announce_commands(application))
    # What Telegram gives once more is simply answered.
    lost = [message for message in left if message.update_id not in fetched]
    if lost:
        application.create_task(_tell_of_restart(application.services, lost))
    await poller.run()


async def _announce_commands(application: BotApplication) -> None:
    menu = [BotCommand(name, description) for name, description in menus.PRIVATE]
    try:
        await application.bot.set_my_commands(menu)
    except TelegramError as error:
        logger.warning("Menu des commandes non transmis (%s).", type(error).__name__)


async def _tell_of_restart(services: Services, lost: Sequence[PendingMessage]) -> None:
    for message in lost:
        try:
            sent = await services.sender.send(
                message.place, [Message(texts.RESTARTED)], reply_to=message.message_id
            )
        except TelegramError as error:
            logger.warning("Excuse non transmise : %s", type(error).__name__)
        else:
            if sent.delivery is Delivery.GIVEN_UP:
                continue  # the next start tries again
        services.pending.answered(message.update_id)


def _take(application: BotApplication, updates: Sequence[Update]) -> None:
    for update in updates:
        message = update.message
        if message is not None and message.chat.type == Chat.PRIVATE and message.text:
            application.services.pending.taken(
                PendingMessage(update.update_id, place_of(message), message.message_id)
            )
        application.update_queue.put_nowait(update)


def _in_progress(application: BotApplication) -> int:
    processing = application.update_processor.current_concurrent_updates
    return processing + application.update_queue.qsize()


async def _wind_down(application: BotApplication, poller: Poller) -> None:
    services, seconds = application.services, application.services.settings.stop_seconds
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + _LAST_MOMENT * seconds
    giving_up = loop.call_later(_GIVING_UP * seconds, services.worker.cancel)
    if application.running:
        logger.info("Arrêt : %d message(s) en cours.", _in_progress(application))
        confirming = asyncio.create_task(poller.confirm())
        try:
            async with asyncio.timeout(_LAST_MOMENT * seconds):
                await application.stop()
        except TimeoutError:
            logger.warning("Des messages restent sans réponse ; le prochain démarrage le dira.")
            _cancel_updates(application)
        await confirming
    giving_up.cancel()
    if not services.worker.close(timeout=max(0.0, ends_at - loop.time())):
        logger.warning("Une réponse en cours ne s’interrompt pas ; elle est abandonnée.")
    with suppress(TelegramError):
        await application.shutdown()
    services.database.close()


def _cancel_updates(application: BotApplication) -> None:
    if isinstance(application.update_processor, ChatOrder):
        application.update_processor.cancel()
