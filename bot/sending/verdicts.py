"""What an error of Telegram's means for a parcel of the outbox. Pure but for the library's errors.

Unlike an answer, a parcel is sent again where the answer to it was lost: who asked can ask again,
whereas nobody would miss a digest that never came.
"""

from __future__ import annotations

from enum import Enum, auto

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.sending.refusals import Delivery, meaning

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0
_TOKEN_PAUSE = 60.0
# Between refusals of a group or channel, of which the third in a row suspends it.
REFUSAL_PAUSES = (30.0, 120.0)
_ABSENT = ("chat not found", "peer_id_invalid")


class Verdict(Enum):
    """What to do with the parcel."""

    FLOOD = auto()  # this chat must be left alone for a time
    AGAIN = auto()  # the network, or Telegram itself: later
    MIGRATED = auto()  # the group became a supergroup: there
    FORBIDDEN = auto()  # blocked, removed, or no such chat
    MUTED = auto()  # the bot is there and may not write
    NO_TOPIC = auto()  # the topic is closed or deleted
    REFUSED = auto()  # the message itself: a defect of ours


def verdict(error: TelegramError) -> Verdict:
    """Return what an error means for the parcel that met it."""
    if isinstance(error, RetryAfter):
        return Verdict.FLOOD
    if isinstance(error, ChatMigrated):
        return Verdict.MIGRATED
    if isinstance(error, Forbidden):
        return Verdict.FORBIDDEN
    if isinstance(error, BadRequest):
        return _of_bad_request(error)
    return Verdict.AGAIN


def _of_bad_request(error: BadRequest) -> Verdict:
    if any(words in error.message.lower() for words in _ABSENT):
        return Verdict.FORBIDDEN
    try:
        known = meaning(error)
    except BadRequest:
        return Verdict.REFUSED
    if known is Delivery.NO_TOPIC:
        return Verdict.NO_TOPIC
    return Verdict.MUTED if known is Delivery.UNWANTED else Verdict.REFUSED


def pause_before(error: TelegramError, attempts: int) -> float:
    """Return the seconds after which a parcel that was tried so often (from 1) is tried again."""
    if isinstance(error, InvalidToken):
        return _TOKEN_PAUSE
    return float(min(_FIRST_PAUSE * 2 ** min(attempts - 1, 20), _LONGEST_PAUSE))
