"""Where polling and the webhook hand over updates: each is taken once, and noted before it is.

An update is in the queue at once; only Telegram's leave to forget it (the next fetch, the
webhook's 200) waits until the note of it would outlive a power cut.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from telegram import Update

from bot.context import BotApplication, place_of
from bot.logs import describe_error
from bot.receiving.pending import PendingMessage
from bot.receiving.turns import Turn

logger = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.CALLBACK_QUERY,
    Update.CHANNEL_POST,
    Update.MY_CHAT_MEMBER,
)
_MAX_IN_PROGRESS = 300  # updates being processed or waiting, beyond which none is taken


class Intake:
    """Takes updates into an application's queue. For use in its loop."""

    def __init__(
        self, application: BotApplication, *, turn_of: Callable[[Update], Turn | None]
    ) -> None:
        self._application = application
        self._pending = application.services.pending
        self._turn_of = turn_of
        self._syncing = asyncio.Lock()
        self._noted = self._synced = 0

    @property
    def in_progress(self) -> int:
        """Return how many updates are processed or wait."""
        processing = self._application.update_processor.current_concurrent_updates
        return processing + self._application.update_queue.qsize()

    def has_room(self) -> bool:
        """Say whether more updates may be taken; as many as Telegram gives at once."""
        return self.in_progress < _MAX_IN_PROGRESS

    async def take(self, updates: Sequence[Update]) -> None:
        """Queue the updates that are new; return when Telegram may forget all of them.

        One that the library could read and that is not what it seems is passed over, said in the
        log: it would come back for ever, and the others with it.
        """
        for update in updates:
            try:
                self._take_one(update)
            except Exception as error:  # noqa: BLE001 - whatever a field of another type raises
                logger.error("Mise à jour illisible : %s", describe_error(error))  # noqa: TRY400 - it would show words
        await self._durable()

    def _take_one(self, update: Update) -> None:
        if self._pending.is_new(update.update_id):
            self._note(update)
            self._application.update_queue.put_nowait(update)

    def _note(self, update: Update) -> None:
        turn, message = self._turn_of(update), update.effective_message
        if turn is not None and turn.expects_answer and message is not None:
            self._pending.taken(
                PendingMessage(update.update_id, place_of(message), message.message_id)
            )
            self._noted += 1
        else:
            self._pending.begun(update.update_id)

    async def _durable(self) -> None:
        """Wait until all noted so far is synced; those that wait share one turn of the disk."""
        noted = self._noted
        async with self._syncing:
            if self._synced < noted:
                covered = self._noted
                await asyncio.to_thread(self._pending.sync)
                self._synced = covered
