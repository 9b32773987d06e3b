"""The outbox in SQLite: what goes in comes out as it was, once, in order."""

from __future__ import annotations

from datetime import timedelta

from bot.conversations import Place
from bot.digests.parcels import Claimed, Parcel
from bot.store.outbox import OutboxStore, SentTo
from bot.store.settling import Deferred, Delivered, Dropped
from bot.views.messages import Button, Entity, EntityType, Message
from tests.outboxes import (
    DUE,
    NOW,
    PRIVATE,
    drain,
    fixture_database,  # noqa: F401 - fixture
    fixture_outbox,  # noqa: F401 - fixture
    take,
)


def test_a_parcel_comes_out_as_it_was_put_in(outbox: OutboxStore) -> None:
    message = Message(
        "« Citée »",
        (Entity(EntityType.BLOCKQUOTE, 0, 9), Entity(EntityType.TEXT_LINK, 2, 5, "https://a.fr/")),
        ((Button("Voir", data="voir:1"), Button("Site", url="https://a.fr/")),),
    )
    parcel = Parcel("clef", Place(-1005, 12), message, silent=True, reply_to=3, mode="model")
    assert outbox.put([parcel], now=NOW) == 1
    [claimed] = take(outbox)
    assert claimed == Claimed(claimed.id, 1, parcel)


def test_the_same_key_is_stored_once(outbox: OutboxStore) -> None:
    parcel = Parcel("clef", PRIVATE, Message("Bonjour"))
    assert [outbox.put([parcel], now=NOW), outbox.put([parcel], now=NOW)] == [1, 0]
    assert drain(outbox) == ["Bonjour"]
    assert outbox.put([parcel], now=NOW) == 0


def test_a_chat_gets_one_at_a_time_and_in_order(outbox: OutboxStore) -> None:
    outbox.put(
        [Parcel(f"{chat} {n}", Place(chat), Message(f"{n}")) for n in (1, 2) for chat in (7, 8)],
        now=NOW,
    )
    first = take(outbox)
    assert [(each.parcel.place.chat_id, each.parcel.message.text) for each in first] == [
        (7, "1"),
        (8, "1"),
    ]
    assert take(outbox) == ()
    outbox.settle([Delivered(first[0], 1, DUE)])
    assert [each.parcel.message.text for each in take(outbox)] == ["2"]


def test_one_that_waits_for_its_time_holds_its_chat_and_no_other(outbox: OutboxStore) -> None:
    outbox.put([Parcel(f"{n}", Place(7), Message(f"{n}")) for n in (1, 2)], now=NOW)
    [claimed] = take(outbox)
    later = DUE + timedelta(minutes=5)
    outbox.settle([Deferred(claimed, later)])
    outbox.put([Parcel("autre", Place(8), Message("autre"))], now=NOW)
    assert drain(outbox) == ["autre"]
    assert outbox.next_attempt_at() == later
    assert drain(outbox, later) == ["1", "2"]


def test_what_was_in_flight_at_a_kill_is_sent_again_first(outbox: OutboxStore) -> None:
    outbox.put([Parcel(f"{n}", PRIVATE, Message(f"{n}")) for n in (1, 2)], now=NOW)
    take(outbox)
    assert outbox.take_back() == (77,)
    assert drain(outbox) == ["1", "2"]


def test_a_claim_that_another_overtook_is_left_out(outbox: OutboxStore) -> None:
    outbox.put([Parcel("1", PRIVATE, Message("1"))], now=NOW)
    numbers = [each.number for each in outbox.ready(most=5, skip=(), now=DUE)]
    assert len(outbox.claim(numbers)) == 1
    assert outbox.claim(numbers) == ()


def test_deliveries_are_remembered_for_the_limiter(outbox: OutboxStore) -> None:
    outbox.put([Parcel("1", PRIVATE, Message("1"))], now=NOW)
    drain(outbox)
    assert outbox.sent_since(DUE) == (SentTo(77, DUE),)
    assert outbox.sent_since(DUE + timedelta(seconds=1)) == ()


def test_settled_parcels_are_pruned(outbox: OutboxStore) -> None:
    outbox.put([Parcel(f"{n}", PRIVATE, Message(f"{n}")) for n in (1, 2)], now=NOW)
    [claimed] = take(outbox)
    outbox.settle([Dropped(claimed, DUE)])
    assert outbox.prune(before=DUE + timedelta(seconds=1)) == 1
    assert outbox.open_count() == 1
