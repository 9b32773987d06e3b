"""What Telegram's refusals mean, by its own words; what means nothing known is a defect."""

from __future__ import annotations

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.sending.refusals import Delivery, meaning


@pytest.mark.parametrize(
    ("said", "delivery"),
    [
        ("Message is not modified: specified new message content is the same", "DELIVERED"),
        ("Message to edit not found", "MISSING"),
        ("Message can't be edited", "MISSING"),
        ("MESSAGE_ID_INVALID", "MISSING"),
        ("Message thread not found", "NO_TOPIC"),
        ("TOPIC_CLOSED", "NO_TOPIC"),
        ("TOPIC_DELETED", "NO_TOPIC"),
        ("Chat not found", "UNWANTED"),
        ("PEER_ID_INVALID", "UNWANTED"),
        ("CHAT_WRITE_FORBIDDEN", "UNWANTED"),
        ("CHAT_RESTRICTED", "UNWANTED"),
        ("Have no rights to send a message", "UNWANTED"),
        ("Not enough rights to send text messages to the chat", "UNWANTED"),
        ("Need administrator rights in the channel chat", "UNWANTED"),
    ],
)
def test_a_refusal_means_what_telegram_says(said: str, delivery: str) -> None:
    assert meaning(BadRequest(said)) is Delivery[delivery]


def test_who_blocked_the_bot_does_not_want_the_message_and_an_outage_leaves_a_doubt() -> None:
    assert meaning(Forbidden("Forbidden: bot was blocked by the user")) is Delivery.UNWANTED
    assert meaning(NetworkError("httpx.ReadError")) is Delivery.UNCERTAIN


@pytest.mark.parametrize("error", [BadRequest("Can't parse entities"), BadRequest("")])
def test_a_refusal_of_the_message_itself_is_a_defect_of_ours(error: TelegramError) -> None:
    with pytest.raises(BadRequest):
        meaning(error)
