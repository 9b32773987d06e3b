"""The sender alone: what becomes of messages when Telegram is away, busy or unwilling."""

import asyncio
import time
from itertools import pairwise

import pytest
from telegram.error import BadRequest

from bot.conversations import Place
from bot.sending.pacing import Traffic
from bot.sending.sender import Delivery, Sender, Sent
from bot.views.messages import Entity, EntityType, Message
from tests.interface.sending import KEYBOARD, known_place, send, sent_to, with_sender
from tests.telegram_server import TelegramServer


def test_parts_arrive_in_order_and_not_in_a_burst(server: TelegramServer) -> None:
    alice = server.user("Alice")
    alice.start()
    parts = [f"partie {number}" for number in range(5)]
    started = time.monotonic()
    assert send(server, Place(alice.private_chat().id), parts) is Delivery.DELIVERED
    received = alice.private_chat().wait_for_messages(5)
    assert [message.text for message in received] == parts
    pauses = [after.sent_at - before.sent_at for before, after in pairwise(received)]
    assert min(pauses[:2]) < 0.9  # not one a second; the least, as a busy machine delays some
    assert received[4].sent_at - started >= 1.9
    assert server.refusals == []


def test_a_message_is_given_up_when_telegram_stays_away(server: TelegramServer) -> None:
    place = known_place(server)
    server.refuse_connections()
    started = time.monotonic()
    assert send(server, place, ["un", "deux"], patience=1.0) is Delivery.GIVEN_UP
    assert time.monotonic() - started < 30


def test_a_wait_longer_than_the_patience_is_not_begun(server: TelegramServer) -> None:
    place = known_place(server)
    server.faults.add(method="sendMessage", retry_after=3600)
    started = time.monotonic()
    assert send(server, place, ["un"], patience=600.0) is Delivery.GIVEN_UP
    assert time.monotonic() - started < 60


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


def test_a_message_is_what_was_asked_for(server: TelegramServer) -> None:
    alice = server.user("Alice")
    question = alice.start()
    place = Place(alice.private_chat().id)
    message = Message("Voir ici", (Entity(EntityType.BOLD, 0, 4),), KEYBOARD)
    sent = sent_to(server, place, message, reply_to=question.message_id, silent=True)
    [received] = alice.private_chat().wait_for_messages()
    assert sent == Sent(Delivery.DELIVERED, (received.message_id,), place)
    assert received.text == "Voir ici"
    assert received.entities == ({"type": "bold", "offset": 0, "length": 4},)
    assert received.reply_markup == {
        "inline_keyboard": [
            [
                {"text": "Contexte", "callback_data": "ctx:1"},
                {"text": "La page", "url": "https://gazette.example/"},
            ]
        ]
    }
    assert received.reply_to is question
    assert received.disable_notification


def test_the_id_of_a_message_in_doubt_is_not_known(server: TelegramServer) -> None:
    place = known_place(server)
    server.faults.add(method="sendMessage", drop="after")
    messages = [Message("un"), Message("deux")]
    sent = with_sender(server, lambda sender: sender.send(place, messages, traffic=Traffic.BULK))
    known, *_ = sent.message_ids
    assert (sent.delivery, known, len(sent.message_ids)) == (Delivery.UNCERTAIN, None, 2)
    assert len(server.calls_of("sendMessage")) == 2  # of bulk traffic nobody is told


def test_a_group_that_migrates_is_followed_and_everybody_concerned_is_told(
    server: TelegramServer,
) -> None:
    alice, group = server.user("Alice"), server.group("Un groupe", kind="group")
    group.add(alice)
    group.seat_bot("member")
    question = alice.say("/question Quand ?", chat=group)
    new = group.migrate()
    told: list[tuple[int, int]] = []

    async def use(sender: Sender) -> list[Sent]:
        async def hook(before: int, after: int) -> None:
            told.append((before, after))

        sender.on_migrated(hook)
        place = Place(group.id)
        first = await sender.send(place, [Message("un")], reply_to=question.message_id)
        second = await sender.send(place, [Message("deux")])
        assert await sender.edit(place, 1, Message("trois")) is Delivery.MISSING
        return [first, second]

    sent = with_sender(server, use)
    received = new.bot_messages
    assert [message.text for message in received] == ["un", "deux"]
    assert [message.reply_to for message in received] == [None, None]
    assert told == [(group.id, new.id)]
    assert sent == [
        Sent(Delivery.DELIVERED, (message.message_id,), Place(new.id)) for message in received
    ]
    assert len(server.calls_of("sendMessage")) == 3  # the second went to the new id at once


def test_a_chat_that_must_wait_delays_no_other(server: TelegramServer) -> None:
    first = known_place(server)
    bob = server.user("Bob")
    bob.start()
    second = Place(bob.private_chat().id)
    server.faults.add(method="sendMessage", chat=first.chat_id, retry_after=4)

    async def use(sender: Sender) -> bool:
        held = asyncio.create_task(sender.send(first, [Message("un")]))
        await asyncio.to_thread(server.wait_for_answers, "sendMessage")
        await sender.send(second, [Message("deux")])
        was_held = not held.done()
        assert (await held).delivery is Delivery.DELIVERED
        return was_held

    assert with_sender(server, use)


def test_a_given_up_message_says_how_long_the_chat_must_be_left_alone(
    server: TelegramServer,
) -> None:
    place = known_place(server)
    server.faults.add(method="sendMessage", retry_after=3600)
    sent = with_sender(server, lambda sender: sender.send(place, [Message("un")], patience=0.0))
    assert sent.delivery is Delivery.GIVEN_UP
    assert 3500 < sent.wait <= 3601


@pytest.mark.parametrize(
    ("description", "fared"),
    [
        ("Bad Request: message thread not found", Delivery.NO_TOPIC),
        ("Bad Request: TOPIC_CLOSED", Delivery.NO_TOPIC),
        ("Bad Request: CHAT_WRITE_FORBIDDEN", Delivery.UNWANTED),
        (
            "Bad Request: not enough rights to send text messages to the chat",
            Delivery.UNWANTED,
        ),
        ("Bad Request: need administrator rights in the channel chat", Delivery.UNWANTED),
    ],
)
def test_a_place_where_the_bot_may_not_write_is_no_error(
    description: str, fared: Delivery, server: TelegramServer
) -> None:
    place = known_place(server)
    server.faults.add(method="sendMessage", error=400, description=description)
    assert send(server, place, ["un"]) is fared


def test_a_press_is_answered_even_if_telegram_was_busy_or_lost_the_answer(
    server: TelegramServer,
) -> None:
    alice = server.user("Alice")
    alice.start()
    place = Place(alice.private_chat().id)
    sent_to(server, place, Message("un", keyboard=KEYBOARD))
    [message] = alice.private_chat().wait_for_messages()
    query = alice.press(message, "Contexte")
    server.faults.add(method="answerCallbackQuery", retry_after=1)
    assert with_sender(server, lambda sender: sender.answer_callback(query.id, "Voilà"))
    assert alice.wait_for_answer(query) == {"text": "Voilà", "show_alert": False}
    assert not with_sender(server, lambda sender: sender.answer_callback(query.id, "Encore"))
