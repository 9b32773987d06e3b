"""The sender alone: edits and drafts, dropped, delayed or made again as each deserves."""

import asyncio
import time

from bot.conversations import Place
from bot.sending.sender import Delivery, Sender
from bot.views.messages import Entity, EntityType, Message
from tests.interface.sending import KEYBOARD, edited, first_message, known_place, with_sender
from tests.telegram_server import TelegramServer


def test_an_edit_replaces_text_marks_and_buttons(server: TelegramServer) -> None:
    place, received = first_message(server)
    after = Message("après", (Entity(EntityType.ITALIC, 0, 5),), KEYBOARD)
    fared = with_sender(server, lambda sender: sender.edit(place, received.message_id, after))
    assert fared is Delivery.DELIVERED
    assert (received.text, received.entities) == (
        "après",
        ({"type": "italic", "offset": 0, "length": 5},),
    )
    assert len(received.buttons()) == 2
    assert edited(server, place, received, "enfin") is Delivery.DELIVERED
    assert received.reply_markup is None


def test_an_edit_that_changes_nothing_is_done(server: TelegramServer) -> None:
    place, received = first_message(server)
    assert edited(server, place, received, "avant") is Delivery.DELIVERED
    assert received.revisions == []


def test_an_edit_whose_answer_was_lost_is_made_again(server: TelegramServer) -> None:
    place, received = first_message(server)
    server.faults.add(method="editMessageText", drop="after")
    assert edited(server, place, received, "après") is Delivery.DELIVERED
    assert received.text == "après"
    assert len(received.revisions) == 1
    assert len(server.calls_of("editMessageText")) == 2


def test_an_edit_waits_as_long_as_telegram_asks(server: TelegramServer) -> None:
    place, received = first_message(server)
    server.faults.add(method="editMessageText", retry_after=1)
    started = time.monotonic()
    assert edited(server, place, received, "après") is Delivery.DELIVERED
    assert time.monotonic() - started >= 1.0
    assert received.text == "après"


def test_a_message_that_is_gone_or_not_ours_cannot_be_edited(server: TelegramServer) -> None:
    place, received = first_message(server)
    received.deleted = True
    assert edited(server, place, received, "après") is Delivery.MISSING
    server.faults.add(
        method="editMessageText", error=400, description="Bad Request: message can't be edited"
    )
    assert edited(server, place, received, "après") is Delivery.MISSING


def test_a_reader_who_blocked_the_bot_gets_no_edit(server: TelegramServer) -> None:
    place, received = first_message(server)
    server.faults.add(
        method="editMessageText", error=403, description="Forbidden: bot was blocked by the user"
    )
    assert edited(server, place, received, "après") is Delivery.UNWANTED


def test_an_edit_is_given_up_when_telegram_stays_away(server: TelegramServer) -> None:
    place, received = first_message(server)
    server.refuse_connections()
    assert edited(server, place, received, "après", patience=1.0) is Delivery.GIVEN_UP


def test_a_passing_edit_is_dropped_rather_than_delayed(server: TelegramServer) -> None:
    place, received = first_message(server)

    async def use(sender: Sender) -> list[Delivery]:
        async def edit(text: str) -> Delivery:
            return await sender.edit(place, received.message_id, Message(text), passing=True)

        fared = await asyncio.gather(edit("un"), edit("deux"))
        await asyncio.sleep(1.1)
        server.faults.add(method="editMessageText", retry_after=600)
        return [*fared, await edit("trois"), await edit("quatre")]

    started = time.monotonic()
    assert with_sender(server, use) == [
        Delivery.DELIVERED,
        Delivery.GIVEN_UP,
        Delivery.GIVEN_UP,
        Delivery.GIVEN_UP,
    ]
    assert time.monotonic() - started < 60  # what was asked is not waited for
    assert received.text == "un"
    assert len(server.calls_of("editMessageText")) == 2


def test_drafts_are_shown_spaced_and_stop_when_telegram_asks_to_wait(
    server: TelegramServer,
) -> None:
    place = known_place(server)

    async def use(sender: Sender) -> list[bool]:
        first = await asyncio.gather(sender.draft(place, 7, "Je"), sender.draft(place, 7, "Je lis"))
        await asyncio.sleep(0.7)
        server.faults.add(method="sendMessageDraft", retry_after=600)
        refused = await sender.draft(place, 7, "Je lis trois")
        await asyncio.sleep(0.7)
        return [*first, refused, await sender.draft(place, 7, "Je lis trois articles")]

    assert with_sender(server, use) == [True, False, False, False]
    assert len(server.calls_of("sendMessageDraft")) == 2


def test_a_group_gets_no_draft(server: TelegramServer) -> None:
    assert not with_sender(server, lambda sender: sender.draft(Place(-100), 7, "Je lis"))
    assert server.calls_of("sendMessageDraft") == []
