"""The sender alone: what becomes of messages when Telegram is away, busy or unwilling."""

import asyncio
import time

import pytest
from telegram.error import BadRequest
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.conversations import Place
from bot.messages import Message
from bot.sender import Delivery, Sender
from tests.telegram_server import TelegramServer


def send(
    server: TelegramServer, place: Place, texts: list[str], *, patience: float = 10.0
) -> Delivery:
    request = HTTPXRequest(httpx_kwargs={"trust_env": False})

    async def sending() -> Delivery:
        bot = ExtBot(server.state.token, server.base_url, request=request)
        try:
            await request.initialize()
            sender = Sender(bot, patience=patience)
            return (await sender.send(place, [Message(text) for text in texts])).delivery
        finally:
            await request.shutdown()

    return asyncio.run(sending())


def known_place(server: TelegramServer) -> Place:
    alice = server.user("Alice")
    alice.start()
    return Place(alice.private_chat().id)


def test_parts_arrive_in_order_and_not_in_a_burst(server: TelegramServer) -> None:
    alice = server.user("Alice")
    alice.start()
    parts = [f"partie {number}" for number in range(5)]
    assert send(server, Place(alice.private_chat().id), parts) is Delivery.DELIVERED
    received = alice.private_chat().wait_for_messages(5)
    assert [message.text for message in received] == parts
    assert received[2].sent_at - received[0].sent_at < 1.0
    assert received[4].sent_at - received[0].sent_at >= 1.9
    assert server.refusals == []


def test_a_message_is_given_up_when_telegram_stays_away(server: TelegramServer) -> None:
    place = known_place(server)
    server.refuse_connections()
    started = time.monotonic()
    assert send(server, place, ["un", "deux"], patience=1.0) is Delivery.GIVEN_UP
    assert time.monotonic() - started < 3.0


def test_a_wait_longer_than_the_patience_is_not_begun(server: TelegramServer) -> None:
    place = known_place(server)
    server.faults.add(method="sendMessage", retry_after=3600)
    started = time.monotonic()
    assert send(server, place, ["un"]) is Delivery.GIVEN_UP
    assert time.monotonic() - started < 3.0


@pytest.mark.parametrize("known", [True, False])
def test_who_cannot_be_written_to_is_left_alone(known: bool, server: TelegramServer) -> None:
    alice = server.user("Alice")
    place = Place(999)
    if known:
        alice.start()
        alice.block_bot()
        place = Place(alice.private_chat().id)
    assert send(server, place, ["un", "deux"]) is Delivery.UNWANTED
    assert len(server.calls_of("sendMessage")) == 1


def test_after_a_doubt_the_rest_follows_and_the_reader_is_told(server: TelegramServer) -> None:
    alice = server.user("Alice")
    alice.start()
    server.faults.add(method="sendMessage", drop="after")
    assert send(server, Place(alice.private_chat().id), ["un", "deux"]) is Delivery.UNCERTAIN
    *parts, note = alice.private_chat().wait_for_messages(3)
    assert [message.text for message in parts] == ["un", "deux"]
    assert "coupée pendant l’envoi" in note.text


def test_what_telegram_refuses_for_good_is_our_defect(server: TelegramServer) -> None:
    place = known_place(server)
    server.faults.add(method="sendMessage", error=400, description="Bad Request: ODD")
    with pytest.raises(BadRequest):
        send(server, place, ["un"])
