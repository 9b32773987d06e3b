"""Updates of different chats at the same time, those of one chat one after the other.

Updates that wait for their chat's turn hold nothing but their own memory, of which each chat has
little; so a chat that floods the bot slows down nobody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

# The library's own limit, which it applies before it asks for the chat: never reached, since
# fetching stops long before (see bot.polling).
_NO_LIMIT = 100_000

Refuse = Callable[[Update], Awaitable[None]]


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    told: bool = False


class ChatOrder(BaseUpdateProcessor):
    """Gives each chat a lane of its own; at most `waiting_per_chat` updates wait in one.

    `refuse` is called with the first update that finds its lane full; it and those after it are
    dropped until the lane has room again. `done` is called with each update that was processed
    or dropped, but not with one whose processing was cancelled.
    """

    def __init__(
        self, *, waiting_per_chat: int, refuse: Refuse, done: Callable[[Update], None]
    ) -> None:
        super().__init__(_NO_LIMIT)
        self._waiting_per_chat = waiting_per_chat
        self._refuse = refuse
        self._done = done
        self._lanes: dict[int, _Lane] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def initialize(self) -> None:
        """Nothing to set up."""

    async def shutdown(self) -> None:
        """Nothing to take down."""

    def cancel(self) -> None:
        """Cancel the processing of every update."""
        for task in self._tasks:
            task.cancel()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Process the update when those of its chat that came before are done, or refuse it."""
        if not isinstance(update, Update) or update.effective_chat is None:
            await coroutine
            return
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await self._process(update, update.effective_chat.id, coroutine)
        self._done(update)

    async def _process(self, update: Update, chat_id: int, coroutine: Awaitable[Any]) -> None:
        lane = self._lanes.setdefault(chat_id, _Lane())
        if lane.waiting >= self._waiting_per_chat:
            _discard(coroutine)
            await self._tell_once(lane, update)
            return
        try:
            await _in_turn(lane, coroutine)
        finally:
            if not lane.waiting and not lane.lock.locked():
                self._lanes.pop(chat_id, None)

    async def _tell_once(self, lane: _Lane, update: Update) -> None:
        if not lane.told:
            lane.told = True
            await self._refuse(update)


async def _in_turn(lane: _Lane, coroutine: Awaitable[Any]) -> None:
    lane.waiting += 1
    try:
        await lane.lock.acquire()
    except BaseException:
        _discard(coroutine)
        raise
    finally:
        lane.waiting -= 1
    try:
        lane.told = False
        await coroutine
    finally:
        lane.lock.release()


def _discard(coroutine: Awaitable[Any]) -> None:
    """Close what will not be awaited, so that Python does not warn of it."""
    if isinstance(coroutine, Coroutine):
        coroutine.close()
