"""An answer sent with its buttons, and remembered as shown once it is delivered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from bot.conversations import Place
from bot.sending.sender import Sent
from bot.shown import shown_answer
from bot.views.messages import Message, Packed
from bot.views.render import render_with_buttons
from knowledge.errors import SourcierError

if TYPE_CHECKING:
    from bot.context import Services
    from knowledge.types import Answer

logger = logging.getLogger(__name__)

_NOTING_SECONDS = 3.0  # how long the next question of the chat may wait for a busy base

Send = Callable[[Sequence[Message]], Awaitable[Sent]]


async def deliver_answer(services: Services, place: Place, answer: Answer, send: Send) -> Sent:
    """Have `send` send the answer's messages, and remember what they show; return how it went.

    A base that cannot remember costs the buttons their effect, not the reader the answer; one
    that is busy for long is left to remember by itself, so that the chat does not wait for it.

    Raises:
        TelegramError: Telegram refuses a message for what it is: a defect of ours.
    """
    packed = render_with_buttons(answer)
    sent = await send([each.message for each in packed])
    if any(sent.message_ids):
        noting = _remember(services, sent.place or place, answer, packed, sent)
        await asyncio.wait({asyncio.create_task(noting)}, timeout=_NOTING_SECONDS)
    return sent


async def _remember(
    services: Services, place: Place, answer: Answer, packed: Sequence[Packed], sent: Sent
) -> None:
    now = services.now()
    delivered = [
        (message_id, each.numbers)
        for message_id, each in zip(sent.message_ids, packed, strict=False)
    ]

    def record() -> None:
        key = services.shown.key
        services.shown.record(shown_answer(answer, delivered, place=place, key=key, now=now))

    try:
        await asyncio.to_thread(record)
    except SourcierError as error:
        logger.warning("Réponse envoyée, mais non notée : %s", error.message)
