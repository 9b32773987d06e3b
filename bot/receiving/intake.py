"""Where polling and the webhook hand over updates: each is taken once, and noted before it is.

An update is in the queue at once; only Telegram's leave to forget it (the next fetch, the
webhook's 200) waits until the note of it would outlive a power cut.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from telegram import Update

from bot.context import BotApplication, place_of
from bot.receiving.pending import PendingMessage
from bot.receiving.turns import Turn

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
        """Queue the updates that are new; return when Telegram may forget all of them."""
        for update in updates:
            if self._pending.is_new(update.update_id):
                self._note(update)
                self._application.update_queue.put_nowait(update)
        await self._durable()

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
