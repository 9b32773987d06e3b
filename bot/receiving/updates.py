"""Updates of different chats at the same time, those of one chat one after the other.

Updates that wait for their turn (:mod:`bot.receiving.turns`) hold nothing but their own memory,
of which each chat and each person has little; so whoever floods the bot slows down nobody else.

Who sends more than there are places is told at once that this one and those that follow are not
taken, and once all that waits is dealt with, how many there were: two messages, however many were
left out, as Telegram lets a bot write about one a second in a chat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.receiving.turns import Lane, Turn

# The library's own limit, which it applies before it asks for the chat: never reached, since
# fetching stops long before (see bot.receiving.intake).
_NO_LIMIT = 100_000
# How many times a person's places there are for all the persons of a chat together.
SHARES_PER_CHAT = 4


class Overflow(Protocol):
    """Tells people that their updates are left out. None of it raises."""

    async def refuse(self, update: Update) -> None:
        """Tell that `update` and those after it are left out until further notice."""
        ...

    async def readmit(self, update: Update, left_out: int) -> None:
        """Tell that there is room again, and how many were left out, `update` the first."""
        ...


@dataclass(slots=True)
class _Share:
    """Updates in a lane: those of one person, or all of them."""

    inside: int = 0  # the one in progress and those that wait
    left_out: int = 0
    first: Update | None = None

    def is_full(self, places: int) -> bool:
        """Say whether there is no place for one more, nor will be before all these are done."""
        return self.first is not None or self.inside > places


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    everybody: _Share = field(default_factory=_Share)
    shares: dict[int | None, _Share] = field(default_factory=dict)

    def share_of(self, person: int | None) -> _Share:
        return self.shares.setdefault(person, _Share())

    def full_share(self, turn: Turn) -> _Share | None:
        """Return what of the lane has no place for one more, if any."""
        if turn.places is None:
            return None
        own = self.share_of(turn.person)
        if own.is_full(turn.places):
            return own
        return self.everybody if self.everybody.is_full(SHARES_PER_CHAT * turn.places) else None


class ChatOrder(BaseUpdateProcessor):
    """Processes updates in turn, and drops those that find no place to wait.

    `done` is called with each update that was processed or dropped, but not with one whose
    processing was cancelled; with the first of those left out, once they are told how many.
    """

    def __init__(
        self,
        *,
        turn_of: Callable[[Update], Turn | None],
        overflow: Overflow,
        done: Callable[[Update], None],
    ) -> None:
        super().__init__(_NO_LIMIT)
        self._turn_of = turn_of
        self._overflow = overflow
        self._done = done
        self._lanes: dict[tuple[int, Lane], _Lane] = {}
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
        """Process the update when those of its lane that came before are done, or refuse it."""
        if not isinstance(update, Update):
            await coroutine
            return
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        turn = self._turn_of(update)
        if turn is None:
            await coroutine
            self._done(update)
            return
        lane = self._lanes.setdefault((turn.chat_id, turn.lane), _Lane())
        full = lane.full_share(turn)
        if full is not None:
            _discard(coroutine)
            await self._leave_out(full, update)
        else:
            await self._process(update, turn, lane, coroutine)

    async def _process(
        self, update: Update, turn: Turn, lane: _Lane, coroutine: Awaitable[Any]
    ) -> None:
        shares = (lane.everybody, lane.share_of(turn.person))
        for share in shares:
            share.inside += 1
        try:
            await _in_turn(lane.lock, coroutine)
        finally:
            for share in shares:
                share.inside -= 1
            if not lane.everybody.inside:
                self._lanes.pop((turn.chat_id, turn.lane), None)
            elif not shares[1].inside:
                lane.shares.pop(turn.person, None)
        self._done(update)
        for share in shares:
            if share.first is not None and not share.inside:
                await self._readmit(share, share.first)

    async def _leave_out(self, share: _Share, update: Update) -> None:
        share.left_out += 1
        if share.first is None:
            share.first = update
            await self._overflow.refuse(update)
        else:
            self._done(update)

    async def _readmit(self, share: _Share, first: Update) -> None:
        left_out = share.left_out
        share.first, share.left_out = None, 0
        await self._overflow.readmit(first, left_out)
        self._done(first)


async def _in_turn(lock: asyncio.Lock, coroutine: Awaitable[Any]) -> None:
    try:
        await lock.acquire()
    except BaseException:
        _discard(coroutine)
        raise
    try:
        await coroutine
    finally:
        lock.release()


def _discard(coroutine: Awaitable[Any]) -> None:
    """Close what will not be awaited, so that Python does not warn of it."""
    if isinstance(coroutine, Coroutine):
        coroutine.close()
