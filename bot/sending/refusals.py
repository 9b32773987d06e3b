"""What an error of Telegram's means for the request that met it."""

from __future__ import annotations

import logging
import warnings
from enum import Enum, auto

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.warnings import PTBDeprecationWarning

logger = logging.getLogger(__name__)

_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Delivery(Enum):
    """What became of a message or an edit."""

    DELIVERED = auto()
    UNCERTAIN = auto()  # Telegram may have it; never of an edit, which is repeated
    GIVEN_UP = auto()  # Telegram stayed out of reach, or asks for a longer wait than there is
    UNWANTED = auto()  # the reader blocked the bot, the chat is gone, or it may not write there
    NO_TOPIC = auto()  # the topic is closed or deleted; the chat is there
    MISSING = auto()  # the message to edit is gone, or can no longer be edited: send anew


# By what a refusal says, in lower case; the Bot API server's own words, and Telegram's codes.
_MEANINGS = (
    ("message is not modified", Delivery.DELIVERED),
    ("message to edit not found", Delivery.MISSING),
    ("message can't be edited", Delivery.MISSING),
    ("message_id_invalid", Delivery.MISSING),
    ("message thread not found", Delivery.NO_TOPIC),
    ("topic_closed", Delivery.NO_TOPIC),
    ("topic_deleted", Delivery.NO_TOPIC),
    ("chat not found", Delivery.UNWANTED),
    ("peer_id_invalid", Delivery.UNWANTED),
    ("chat_write_forbidden", Delivery.UNWANTED),
    ("chat_restricted", Delivery.UNWANTED),
    ("have no rights to send", Delivery.UNWANTED),
    ("not enough rights to send", Delivery.UNWANTED),
    ("need administrator rights", Delivery.UNWANTED),
)


def retry_seconds(error: RetryAfter) -> float:
    """Return how long Telegram asks to wait, and a little more."""
    with warnings.catch_warnings():  # the attribute's type is about to change; both are read
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        asked = error.retry_after
    return 0.1 + (asked if isinstance(asked, int) else asked.total_seconds())


def wait_before_retry(
    error: TelegramError, pause: float, *, repeatable: bool = False
) -> float | None:
    """Return the seconds to wait before the same request, or None if it must not be made again.

    `repeatable`: having been executed already does no harm.
    """
    if isinstance(error, RetryAfter):
        return retry_seconds(error)
    if isinstance(error, BadRequest) or not isinstance(error, NetworkError):
        return None
    cause = error.__cause__
    if repeatable or isinstance(cause, _UNSENT):
        return pause
    if isinstance(cause, httpx.HTTPError) or "gateway timeout" in error.message.lower():
        return None
    return pause  # an answer of 5xx: not executed


def meaning(error: TelegramError) -> Delivery:
    """Return what an error that is not retried means. Raises what is a defect of ours."""
    if isinstance(error, Forbidden):
        return Delivery.UNWANTED
    if isinstance(error, BadRequest):
        said = error.message.lower()
        for words, delivery in _MEANINGS:
            if words in said:
                return delivery
    if isinstance(error, (BadRequest, ChatMigrated, InvalidToken)):
        raise error
    logger.warning("Envoi incertain (%s) : le message n’est pas répété.", type(error).__name__)
    return Delivery.UNCERTAIN
