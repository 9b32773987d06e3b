"""The word to those whose messages an earlier run took and did not answer."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence

from telegram.error import TelegramError

from bot import texts
from bot.context import Services
from bot.conversations import Place
from bot.receiving.pending import PendingMessage
from bot.sending.sender import Delivery
from bot.texts.serving import RESTARTED_MANY
from bot.views.messages import Message

logger = logging.getLogger(__name__)


async def tell_of_restart(services: Services, lost: Sequence[PendingMessage]) -> None:
    """Tell each place, in one message that replies to the first one lost there."""
    by_place: dict[Place, list[PendingMessage]] = defaultdict(list)
    for message in lost:
        by_place[message.place].append(message)
    for messages in by_place.values():
        await _tell(services, messages)


async def _tell(services: Services, messages: Sequence[PendingMessage]) -> None:
    # One that Telegram gave again meanwhile is answered instead.
    lost = [message for message in messages if services.pending.is_left(message.update_id)]
    if not lost:
        return
    text = texts.RESTARTED if len(lost) == 1 else RESTARTED_MANY.format(count=len(lost))
    try:
        sent = await services.sender.send(
            lost[0].place, [Message(text)], reply_to=lost[0].message_id
        )
    except TelegramError as error:
        logger.warning("Excuse non transmise : %s", type(error).__name__)
    else:
        if sent.delivery is Delivery.GIVEN_UP:
            return  # the next start tries again
    for message in lost:
        services.pending.answered(message.update_id)
