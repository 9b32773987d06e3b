"""«écrit…» while an answer is prepared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.conversations import Place
from bot.sending.sender import Sender

REPEAT_SECONDS = 4.5  # Telegram shows it for 5 s
_AGAIN_SECONDS = 0.3  # after one that was dropped; twice as long after each that follows
_LAST_SECONDS = 0.5


@asynccontextmanager
async def typing_shown(sender: Sender, place: Place) -> AsyncIterator[None]:
    """Show that the bot is writing, from now until the block ends.

    A request on its way when the block ends is awaited, shortly: arriving after the answer, it
    would show the bot writing for five seconds more.
    """
    on_its_way = asyncio.Lock()

    async def repeat() -> None:
        again = _AGAIN_SECONDS
        while True:
            async with on_its_way:
                shown = await sender.show_typing(place)
            await asyncio.sleep(REPEAT_SECONDS if shown else again)
            again = _AGAIN_SECONDS if shown else min(2 * again, REPEAT_SECONDS)

    task = asyncio.create_task(repeat())
    try:
        yield
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_SECONDS), on_its_way:
                task.cancel()
        task.cancel()
        await asyncio.wait([task])
