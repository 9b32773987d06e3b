"""The application served: Telegram reached, updates received, everything ended in time.

Updates come by polling or, if one is configured, by webhook. Either way what Telegram holds at the
start is fetched first, so that a question left by a run that was killed is answered if Telegram
gives it again, and apologised for if not.

Stopping takes at most ``stop_seconds``: receiving ends at once; the questions already taken have
four tenths of it to be answered; then what waits or runs is given up and its authors are told. What
cannot even be told (Telegram out of reach) is told by the next start
(:mod:`bot.receiving.pending`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from telegram.error import InvalidToken, TelegramError

from bot.announcing import announce_commands
from bot.context import BotApplication, Services
from bot.logs import describe_error
from bot.receiving.intake import Intake
from bot.receiving.polling import Poller, pause_after
from bot.receiving.registration import Webhook
from bot.receiving.restart import tell_of_restart
from bot.receiving.turns import turns_of
from bot.receiving.updates import ChatOrder
from knowledge.errors import SettingsError

logger = logging.getLogger(__name__)

# Parts of ``stop_seconds``; what is left is for closing the database and ending the process, which
# takes one second on two idle cores, and several on a busy machine.
_GIVING_UP, _LAST_MOMENT = 0.4, 0.65
_SHORT = 0.1  # seconds
_BACKGROUND_PAUSE = 10.0  # seconds before work that failed is begun again
_UNKNOWN_TO_TELEGRAM = (
    "SOURCIER_TELEGRAM_TOKEN : Telegram ne connaît pas ce jeton. Copiez celui que donne @BotFather "
    "(/mybots, puis API Token) dans le fichier .env."
)


async def serve(application: BotApplication, stop: asyncio.Event) -> None:
    """Start, answer until `stop` is set, then end within ``stop_seconds``.

    Waits for a Telegram that is out of reach, at the start and at any time.

    Raises:
        SettingsError: Telegram does not know the token or refuses the webhook, or where it is to
            be listened for cannot be had.
    """
    reception = _Reception.of(application)
    beside: list[asyncio.Task[None]] = []
    try:
        if reception.webhook is not None:
            reception.webhook.listen()
        if await _unless(stop, _connect(application)):
            await application.start()
            beside += [asyncio.create_task(_kept_up(work)) for work in application.background]
            await _unless(stop, _receive(application, reception))
    except InvalidToken:
        raise SettingsError(_UNKNOWN_TO_TELEGRAM, subject="SOURCIER_TELEGRAM_TOKEN") from None
    finally:
        await _wind_down(application, reception, beside)


@dataclass(frozen=True, slots=True)
class _Reception:
    """How updates come: by `webhook` if there is one, otherwise by `poller` alone."""

    intake: Intake
    poller: Poller
    webhook: Webhook | None

    @classmethod
    def of(cls, application: BotApplication) -> _Reception:
        bot, settings = application.bot, application.services.settings
        intake = Intake(application, turn_of=turns_of(bot, places=settings.waiting_per_chat))
        poller = Poller(bot, take=intake.take, has_room=intake.has_room)
        webhook = Webhook(bot, settings, intake) if settings.webhook_url else None
        return cls(intake, poller, webhook)


async def _kept_up(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do `work`, and again whenever it fails, until cancelled."""
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - one failure must not end it for good
            logger.error("Tâche de fond : %s", describe_error(error))  # noqa: TRY400 - the traceback could hold words
            await asyncio.sleep(_BACKGROUND_PAUSE)
        else:
            return


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


async def _receive(application: BotApplication, reception: _Reception) -> None:
    services, poller = application.services, reception.poller
    left = services.pending.left_by_last_run()
    await poller.first()
    logger.info("Le robot est prêt.")
    application.create_task(announce_commands(application.bot, services.settings.administrators))
    # What Telegram gave once more is simply answered.
    lost = [message for message in left if services.pending.is_left(message.update_id)]
    application.create_task(tell_of_restart(services, lost))
    if reception.webhook is None:
        await poller.run()
    else:
        await poller.confirm()
        await reception.webhook.run()


async def _wind_down(
    application: BotApplication, reception: _Reception, beside: Sequence[asyncio.Task[None]]
) -> None:
    services, seconds = application.services, application.services.settings.stop_seconds
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + _LAST_MOMENT * seconds
    giving_up = loop.call_later(_GIVING_UP * seconds, _give_up, services)
    webhook = reception.webhook
    if webhook is not None:
        webhook.refuse()
    for task in beside:
        task.cancel()
    if application.running:
        logger.info("Arrêt : %d message(s) en cours.", reception.intake.in_progress)
        await _finish(application, reception, seconds=_LAST_MOMENT * seconds)
    giving_up.cancel()
    for worker in (services.worker, services.feeding):
        if not worker.close(timeout=max(_SHORT, ends_at - loop.time())):  # an idle one ends at once
            logger.warning("Un travail en cours ne s’interrompt pas ; il est abandonné.")
    if beside:
        await asyncio.wait(beside, timeout=max(_SHORT, ends_at - loop.time()))
    if webhook is not None:
        await webhook.close()
    with suppress(TelegramError):
        await application.shutdown()
    services.database.close()


def _give_up(services: Services) -> None:
    services.worker.cancel()
    services.feeding.cancel()


async def _finish(application: BotApplication, reception: _Reception, *, seconds: float) -> None:
    """Deal with what was taken, for so many seconds at most, and confirm it to Telegram."""
    polling = reception.webhook is None
    confirming = asyncio.create_task(reception.poller.confirm()) if polling else None
    try:
        async with asyncio.timeout(seconds):
            await application.stop()
    except TimeoutError:
        logger.warning("Des messages restent sans réponse ; le prochain démarrage le dira.")
        _cancel_updates(application)
    if confirming is not None:
        await confirming


def _cancel_updates(application: BotApplication) -> None:
    if isinstance(application.update_processor, ChatOrder):
        application.update_processor.cancel()
