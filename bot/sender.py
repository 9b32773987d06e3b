"""Sends messages: retried while Telegram cannot have them, never sent twice for lack of news.

A request that surely did not reach Telegram (no connection, 429, a gateway's 5xx) is made again
with growing pauses. One that may have (the answer to it was lost) is not: better a note that
asks the reader to look above than the same answer twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
import warnings
from collections.abc import Sequence
from enum import Enum, auto

import httpx
from telegram import LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot
from telegram.warnings import PTBDeprecationWarning

from bot import texts
from bot.conversations import Place
from bot.messages import Message

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 900.0  # how long a message is retried before it is given up
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0
_BURST, _PACE_SECONDS = 3, 1.0  # parts sent at once, then one a second: Telegram's rule of thumb
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Delivery(Enum):
    """What became of a message."""

    DELIVERED = auto()
    UNCERTAIN = auto()  # Telegram may have it
    GIVEN_UP = auto()  # Telegram stayed out of reach
    UNWANTED = auto()  # the reader blocked the bot, or is gone


class Sender:
    """Sends through one bot; `patience` is in seconds."""

    def __init__(self, bot: ExtBot[None], *, patience: float = PATIENCE_SECONDS) -> None:
        self._bot = bot
        self._patience = patience

    async def send(
        self, place: Place, messages: Sequence[Message], *, reply_to: int | None = None
    ) -> Delivery:
        """Send the messages in order, the first as a reply; return how the worst of them fared.

        What follows a message that was given up or is unwanted is not sent.

        Raises:
            TelegramError: Telegram refuses a message for what it is: a defect of ours.
        """
        outcome = Delivery.DELIVERED
        for index, message in enumerate(messages):
            if index >= _BURST:
                await asyncio.sleep(_PACE_SECONDS)
            fared = await self._deliver(place, message, reply_to if index == 0 else None)
            if fared in (Delivery.GIVEN_UP, Delivery.UNWANTED):
                return fared
            if fared is Delivery.UNCERTAIN:
                outcome = fared
        if outcome is Delivery.UNCERTAIN:
            await self._deliver(place, Message(texts.PERHAPS_LOST), reply_to)
        return outcome

    async def show_typing(self, place: Place) -> None:
        """Show that an answer is being written; what prevents it is not worth an error."""
        try:
            await self._bot.send_chat_action(
                place.chat_id, "typing", message_thread_id=place.thread_id
            )
        except TelegramError as error:
            logger.debug("«écrit…» non transmis : %s", type(error).__name__)

    async def _deliver(self, place: Place, message: Message, reply_to: int | None) -> Delivery:
        give_up_at = time.monotonic() + self._patience
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._send_once(place, message, reply_to)
            except TelegramError as error:
                wait = _wait_before_retry(error, pause)
                if wait is None:
                    return _final(error)
                if time.monotonic() + wait > give_up_at:
                    logger.warning("Message abandonné : Telegram injoignable ou saturé.")
                    return Delivery.GIVEN_UP
                await asyncio.sleep(wait)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                return Delivery.DELIVERED

    async def _send_once(self, place: Place, message: Message, reply_to: int | None) -> None:
        reply = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
        entities = [
            MessageEntity(entity.type.value, entity.offset, entity.length, url=entity.url)
            for entity in message.entities
        ]
        await self._bot.send_message(
            place.chat_id,
            message.text,
            entities=entities,
            message_thread_id=place.thread_id,
            reply_parameters=reply,
            link_preview_options=_NO_PREVIEW,
        )


def retry_seconds(error: RetryAfter) -> float:
    """Return how long Telegram asks to wait, and a little more."""
    with warnings.catch_warnings():  # the attribute's type is about to change; both are read
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        asked = error.retry_after
    return 0.1 + (asked if isinstance(asked, int) else asked.total_seconds())


def _wait_before_retry(error: TelegramError, pause: float) -> float | None:
    """Return the seconds to wait before the same call, or None if it must not be made again."""
    if isinstance(error, RetryAfter):
        return retry_seconds(error)
    if isinstance(error, BadRequest) or not isinstance(error, NetworkError):
        return None
    cause = error.__cause__
    if isinstance(cause, _UNSENT):
        return pause
    if isinstance(cause, httpx.HTTPError) or "gateway timeout" in error.message.lower():
        return None
    return pause  # an answer of 5xx: not executed


def _final(error: TelegramError) -> Delivery:
    """Return what an error that is not retried means. Raises what is a defect of ours."""
    if isinstance(error, Forbidden):
        return Delivery.UNWANTED
    if isinstance(error, BadRequest) and "chat not found" in error.message.lower():
        return Delivery.UNWANTED
    if isinstance(error, (BadRequest, ChatMigrated, InvalidToken)):
        raise error
    logger.warning("Envoi incertain (%s) : le message n’est pas répété.", type(error).__name__)
    return Delivery.UNCERTAIN
