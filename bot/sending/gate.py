"""Waits until Telegram's limits let a request through: first come, first served in each chat.

Between chats too, among answers and among digests; :mod:`bot.sending.pacing` decides. For one
event loop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.sending.pacing import Pacing, Traffic


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class Gate:
    """Lets requests through at the pace of `pacing`; `clock` gives monotonic seconds."""

    def __init__(
        self, pacing: Pacing | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pacing = Pacing() if pacing is None else pacing
        self._clock = clock
        self._turns: dict[int, _Turn] = {}
        self._queues = {traffic: asyncio.Lock() for traffic in Traffic}

    async def passed(self, chat_id: int, traffic: Traffic, *, patience: float) -> bool:
        """Return True once a message may go to the chat, counted.

        False as soon as it is known that it would have to wait for more than `patience` seconds
        because of its chat.
        """
        give_up_at = self._clock() + patience
        async with self._turn(chat_id):
            while True:
                wait = self.chat_wait(chat_id)
                if wait > 0 and self._clock() + wait > give_up_at:
                    return False
                if wait > 0:
                    await asyncio.sleep(wait)
                elif await self._granted(chat_id, traffic):
                    return True

    async def _granted(self, chat_id: int, traffic: Traffic) -> bool:
        """Wait for room among all chats; False if the chat itself must wait meanwhile."""
        async with self._queues[traffic]:
            while True:
                wait = self._pacing.grant(chat_id, self._clock(), traffic)
                if wait == 0:
                    return True
                if self.chat_wait(chat_id) > 0:
                    return False
                await asyncio.sleep(wait)

    def passing(self, chat_id: int) -> bool:
        """Whether an edit that the next one replaces may go now; counted if so."""
        return not self._is_used(chat_id) and self._pacing.grant_passing(chat_id, self._clock())

    def draft(self, chat_id: int) -> bool:
        """Whether a draft may go now; counted if so."""
        return not self._is_used(chat_id) and self._pacing.grant_draft(chat_id, self._clock())

    def action(self, chat_id: int) -> bool:
        """Whether a «écrit…» may go now; counted if so."""
        return self._pacing.grant_action(chat_id, self._clock())

    def retry_after(self, chat_id: int, seconds: float) -> None:
        """Hold the chat's messages for as long as Telegram asked."""
        self._pacing.retry_after(chat_id, seconds, self._clock())

    def chat_wait(self, chat_id: int) -> float:
        """Return the seconds until the chat takes another message, 0 if it does now."""
        return self._pacing.chat_wait(chat_id, self._clock())

    def _is_used(self, chat_id: int) -> bool:
        """Whether a message to the chat waits for its turn."""
        return chat_id in self._turns

    @asynccontextmanager
    async def _turn(self, chat_id: int) -> AsyncIterator[None]:
        turn = self._turns.setdefault(chat_id, _Turn())
        turn.users += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.users -= 1
            if not turn.users:
                del self._turns[chat_id]
