"""What those are told whose updates find no place to wait: at once, then once there is room."""

from __future__ import annotations

import logging

from telegram import Update
from telegram.error import TelegramError

from bot.context import place_of
from bot.sending.sender import Sender
from bot.texts import serving as texts
from bot.views.messages import Message

logger = logging.getLogger(__name__)


class OverflowReplies:
    """Replies of the lanes (:mod:`bot.receiving.updates`); one that is not sent is only logged."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def refuse(self, update: Update) -> None:
        """Tell that `update` and those after it are left out until further notice."""
        if update.callback_query is None:
            await self._reply(update, texts.QUEUE_FULL)
            return
        await self._sender.answer_callback(update.callback_query.id, texts.PRESSED_TOO_OFTEN)

    async def readmit(self, update: Update, left_out: int) -> None:
        """Tell that there is room again, and how many were left out, `update` the first."""
        if update.callback_query is None:
            text = texts.LEFT_OUT_ONE if left_out == 1 else texts.LEFT_OUT_MANY
            await self._reply(update, text.format(count=left_out))

    async def _reply(self, update: Update, text: str) -> None:
        message = update.effective_message
        if message is None:
            return
        try:
            await self._sender.send(place_of(message), [Message(text)], reply_to=message.message_id)
        except TelegramError as error:
            logger.warning("Refus non transmis : %s", type(error).__name__)
