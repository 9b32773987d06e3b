"""Fetches updates by long polling, through outages, and stops at once when told.

Not the library's own loop: after an outage that one sleeps up to 30 s, sleeps through a request
to stop, and ends without a word when the token is revoked. This one also stops fetching while too
much is being processed: what is not fetched stays with Telegram, for a day.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable, Sequence

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import ExtBot
from telegram.warnings import PTBUserWarning

from bot.logs import describe_error
from bot.receiving.intake import ALLOWED_UPDATES
from bot.sending.sender import retry_seconds

logger = logging.getLogger(__name__)

POLL_SECONDS = 20
_MOST_AT_ONCE = 100  # updates in one answer
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0
_CONFLICT_PAUSE = 5.0
_CONFIRM_SECONDS = 2.0
_ROOM_SECONDS = 0.05

Take = Callable[[Sequence[Update]], Awaitable[None]]


class Poller:
    """Fetches and hands over updates; `has_room` says whether more can be taken.

    The next fetch, by which Telegram forgets the last ones, waits until `take` is done with them.
    """

    def __init__(self, bot: ExtBot[None], *, take: Take, has_room: Callable[[], bool]) -> None:
        self._bot = bot
        self._take = take
        self._has_room = has_room
        self._offset: int | None = None
        self._pause = 0.0
        self._limit = _MOST_AT_ONCE  # 1 while an update that cannot be read is looked for

    async def first(self) -> Sequence[Update]:
        """Take what Telegram holds already, without waiting for more, and return it."""
        return await self._until_fetched(seconds=0)

    async def run(self) -> None:
        """Fetch until cancelled.

        Raises:
            InvalidToken: Telegram does not know the token (any more).
        """
        while True:
            while not self._has_room():
                await asyncio.sleep(_ROOM_SECONDS)
            await self._until_fetched(seconds=POLL_SECONDS)

    async def confirm(self) -> None:
        """Tell Telegram that all that was fetched is dealt with, if it can be told soon."""
        if self._offset is None:
            return
        try:
            async with asyncio.timeout(_CONFIRM_SECONDS):
                # What this returns is not confirmed, and so not lost.
                await self._bot.get_updates(
                    offset=self._offset, limit=1, timeout=0, allowed_updates=ALLOWED_UPDATES
                )
        except (TelegramError, TimeoutError):
            logger.warning("Dernières mises à jour non confirmées : elles peuvent revenir.")

    async def _until_fetched(self, *, seconds: int) -> Sequence[Update]:
        while True:
            try:
                updates = await self._fetch(seconds)
            except TelegramError as error:
                self._pause = pause_after(error, self._pause)
                await asyncio.sleep(self._pause)
                continue
            if self._pause:
                logger.info("Telegram répond de nouveau.")
            self._pause = 0.0
            if updates:
                self._offset = updates[-1].update_id + 1
                await self._take(updates)
            return updates

    async def _fetch(self, seconds: int) -> Sequence[Update]:
        try:
            updates = await self._bot.get_updates(
                offset=self._offset,
                limit=self._limit,
                timeout=seconds,
                allowed_updates=ALLOWED_UPDATES,
            )
        except TelegramError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the library's reading of it raises
            logger.error("Mise à jour illisible : %s", describe_error(error))  # noqa: TRY400 - it would show words
            if self._limit == 1:
                await self._skip_one()
            self._limit = 1 if self._limit > 1 else _MOST_AT_ONCE
            return ()
        if not updates:
            self._limit = _MOST_AT_ONCE
        return updates

    async def _skip_one(self) -> None:
        """Pass over the next update, which cannot be read: it would come back for ever."""
        with warnings.catch_warnings():  # that there is a method for it: it is what failed
            warnings.simplefilter("ignore", PTBUserWarning)
            found = await self._bot.do_api_request(
                "getUpdates", {"offset": self._offset or 0, "limit": 1, "timeout": 0}
            )
        if isinstance(found, list) and found and isinstance(found[0], dict):
            self._offset = int(found[0]["update_id"]) + 1


def pause_after(error: TelegramError, pause: float) -> float:
    """Return the seconds to wait after `error`, given the last pause (0 for the first error).

    Says in the log, once for each outage, what is wrong. Raises InvalidToken again.
    """
    if isinstance(error, InvalidToken):
        raise error
    if isinstance(error, RetryAfter):
        return retry_seconds(error)
    if isinstance(error, Conflict):
        if not pause:
            logger.error(
                "Un autre programme lit les messages de ce robot : deux Sourcier ont le même "
                "SOURCIER_TELEGRAM_TOKEN. Arrêtez l’un des deux ; nouvel essai toutes les %d s.",
                _CONFLICT_PAUSE,
            )
        return _CONFLICT_PAUSE
    if not pause:
        kind = "ne répond pas" if isinstance(error, (TimedOut, NetworkError)) else "refuse"
        logger.warning(
            "Telegram %s (%s) ; nouvel essai toutes les %d s au plus.",
            kind,
            type(error).__name__,
            _LONGEST_PAUSE,
        )
    return min(2 * pause, _LONGEST_PAUSE) if pause else _FIRST_PAUSE
