"""The webhook of the bot: listened to, made known to Telegram, and looked after.

Registered anew at each start, with a secret of its own; if another program takes it away
meanwhile, the log says so and it is registered again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from telegram import Update
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.receiving.intake import ALLOWED_UPDATES
from bot.receiving.polling import pause_after
from bot.receiving.webhook_address import listening_address, secret_path
from bot.settings import BotSettings
from knowledge.errors import SettingsError

if TYPE_CHECKING:
    from telegram import WebhookInfo

logger = logging.getLogger(__name__)

_MAX_CONNECTIONS = 20  # updates of so many chats at once
_WATCH_SECONDS = 60.0


class Taker(Protocol):
    """What of :class:`bot.receiving.intake.Intake` a webhook needs."""

    def has_room(self) -> bool:
        """Say whether more updates may be taken."""
        ...

    async def take(self, updates: Sequence[Update]) -> None:
        """Queue the updates; return when Telegram may forget them."""
        ...


class Webhook:
    """Receives updates by webhook into `intake`."""

    def __init__(
        self,
        bot: ExtBot[None],
        settings: BotSettings,
        intake: Taker,
        *,
        watch_seconds: float = _WATCH_SECONDS,
    ) -> None:
        from bot.receiving.webhook import (
            WebhookServer,  # its web server is only loaded when it is used
        )

        if settings.webhook_url is None:
            raise ValueError("a webhook needs its address")
        path = secret_path(bot.token)
        given = settings.webhook_secret
        self._bot = bot
        self._intake = intake
        self._url = f"{settings.webhook_url}/{path}"
        self._secret = given.get_secret_value() if given else secrets.token_urlsafe(32)
        self._server = WebhookServer(
            listening_address(settings.webhook_listen),
            path=path,
            secret=self._secret,
            receive=self.receive,
        )
        self._watch_seconds = watch_seconds
        self._accepting = False
        self._told_at: object = None  # the last error of Telegram's that was logged

    def listen(self) -> None:
        """Listen, without taking anything or telling Telegram yet.

        Raises:
            SettingsError: the address is not to be had.
        """
        self._server.listen()

    async def run(self) -> None:
        """Have Telegram send updates until cancelled.

        Raises:
            InvalidToken: Telegram does not know the token (any more).
            SettingsError: Telegram refuses the webhook.
        """
        self._accepting = True
        await self._register()
        logger.info("Telegram envoie les messages au webhook.")
        while True:
            await asyncio.sleep(self._watch_seconds)
            await self._look_after()

    def refuse(self) -> None:
        """Take no more updates: Telegram keeps them."""
        self._accepting = False

    async def close(self) -> None:
        """Listen no more. Telegram keeps the webhook, and its updates until the next start."""
        await self._server.close()

    async def receive(self, data: dict[str, Any]) -> HTTPStatus:
        """Take an update, if it can be read, and return what to answer."""
        from bot.receiving.webhook import read_update

        if not self._accepting or not self._intake.has_room():
            return HTTPStatus.SERVICE_UNAVAILABLE
        update = read_update(data, self._bot)
        if update is not None:
            await self._intake.take([update])
        return HTTPStatus.OK

    async def _register(self) -> None:
        pause = 0.0
        while True:
            try:
                await self._bot.set_webhook(
                    self._url,
                    allowed_updates=ALLOWED_UPDATES,
                    max_connections=_MAX_CONNECTIONS,
                    secret_token=self._secret,
                )
            except TelegramError as error:
                self._check_refusal(error)
                pause = pause_after(error, pause)
                await asyncio.sleep(pause)
            else:
                return

    def _check_refusal(self, error: TelegramError) -> None:
        """Raise what trying again does not mend."""
        if not isinstance(error, BadRequest):
            return
        if "resolve" in error.message.lower():  # names take time to become known
            logger.warning("Telegram ne trouve pas encore l’hôte de SOURCIER_WEBHOOK_URL.")
            return
        reason = error.message.replace(self._url.rpartition("/")[2], "…")
        raise SettingsError(
            f"SOURCIER_WEBHOOK_URL : Telegram refuse cette adresse ({reason}).",
            subject="SOURCIER_WEBHOOK_URL",
        ) from None

    async def _look_after(self) -> None:
        try:
            info = await self._bot.get_webhook_info()
        except InvalidToken:
            raise
        except TelegramError as error:
            logger.warning("Webhook non vérifié (%s).", type(error).__name__)
            return
        if info.url != self._url:
            logger.error(
                "Un autre programme a détourné les messages de ce robot : deux programmes ont le "
                "même SOURCIER_TELEGRAM_TOKEN. Arrêtez l’un des deux ; le webhook est remis."
            )
            await self._register()
        self._report(info)

    def _report(self, info: WebhookInfo) -> None:
        if info.last_error_date is None or info.last_error_date == self._told_at:
            return
        self._told_at = info.last_error_date
        logger.warning(
            "Telegram n’a pas pu remettre un message au webhook : %s", info.last_error_message
        )
