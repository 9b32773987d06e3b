"""Chats, subscriptions and the outbox in SQLite: order, idempotence, suspension, moving house."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.conversations import Place
from bot.digests.parcels import Claimed, DigestPart, Parcel, digest_parcels
from bot.digests.subscriptions import (
    SETTLING,
    Preferences,
    Subscription,
    SubscriptionState,
    Suspension,
    due_digest,
)
from bot.store.chats import ChatState, ChatStore
from bot.store.outbox import OutboxStore, SentTo
from bot.store.settling import Deferred, Delivered, Dropped
from bot.store.subscriptions import Planned, SubscriptionStore
from bot.views.messages import Button, Entity, EntityType, Message
from knowledge.store import open_database
from knowledge.store.delivery_schema import chats as chat_table
from knowledge.store.engine import Database

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # 08:00 in Paris
TOMORROW = DUE + timedelta(days=1)
PRIVATE, GROUP, SUPERGROUP = Place(77), Place(-5), Place(-1005)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "base.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def outbox(database: Database) -> OutboxStore:
    return OutboxStore(database)


@pytest.fixture
def chats(database: Database) -> ChatStore:
    return ChatStore(database)


@pytest.fixture
def subscriptions(database: Database) -> SubscriptionStore:
    return SubscriptionStore(database)


def subscribed(
    subscriptions: SubscriptionStore, place: Place = PRIVATE, **preferences: object
) -> Subscription:
    wanted = replace(Preferences(), **preferences)  # type: ignore[arg-type] # by field name
    return subscriptions.create(place, wanted, created_by=1, now=NOW)


def plan(
    subscriptions: SubscriptionStore, subscription: Subscription, parts: int, now: datetime = DUE
) -> int:
    """Put out the digest that is due, and return how many parcels are new."""
    due = due_digest(subscription, now=now)
    assert due is not None
    made = [DigestPart(Message(f"Partie {number}")) for number in range(1, parts + 1)]
    parcels = digest_parcels(due, made, mode="extract")
    planned = Planned(
        subscription.id, subscription.due_at, due.window_end, due.next_due_at, parcels
    )
    return subscriptions.plan([planned], now=now)


def take(outbox: OutboxStore, now: datetime = DUE, most: int = 10) -> tuple[Claimed, ...]:
    return outbox.claim([each.number for each in outbox.ready(most=most, skip=(), now=now)])


def drain(outbox: OutboxStore, now: datetime = DUE) -> list[str]:
    """Deliver everything that may go; return the texts in order."""
    texts = []
    while claimed := take(outbox, now):
        texts += [each.parcel.message.text for each in claimed]
        outbox.settle([Delivered(each, 1000 + each.id, now) for each in claimed])
    return texts


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


def test_a_digest_is_due_once_and_moves_the_watermark_with_its_last_part(
    outbox: OutboxStore, subscriptions: SubscriptionStore
) -> None:
    subscription = subscribed(subscriptions)
    [due] = subscriptions.due(now=DUE, most=5)
    assert due == subscription
    assert plan(subscriptions, due, parts=2) == 2
    assert plan(subscriptions, due, parts=2) == 0  # the same again, as after a kill
    assert subscriptions.due(now=DUE, most=5) == ()
    [claimed] = take(outbox)
    outbox.settle([Delivered(claimed, 1, DUE)])
    half = subscriptions.get(subscription.id)
    assert half == replace(subscription, due_at=TOMORROW)
    drain(outbox)
    assert subscriptions.get(subscription.id) == replace(half, watermark=DUE - SETTLING)


def test_one_whose_digest_has_not_left_waits_then_one_digest_catches_up(
    outbox: OutboxStore, subscriptions: SubscriptionStore
) -> None:
    plan(subscriptions, subscribed(subscriptions), parts=1)
    much_later = DUE + timedelta(days=4, hours=1)
    assert subscriptions.due(now=much_later, most=5) == ()
    drain(outbox)
    [due] = subscriptions.due(now=much_later, most=5)
    plan(subscriptions, due, parts=1, now=much_later)
    drain(outbox, much_later)
    found = subscriptions.get(due.id)
    assert found is not None
    assert found.watermark == DUE + timedelta(days=4) - SETTLING
    assert found.due_at == DUE + timedelta(days=5)


def test_nothing_new_moves_the_watermark_without_a_message(
    outbox: OutboxStore, subscriptions: SubscriptionStore
) -> None:
    subscription = subscribed(subscriptions)
    assert plan(subscriptions, subscription, parts=0) == 0
    assert drain(outbox) == []
    assert subscriptions.get(subscription.id) == replace(
        subscription, watermark=DUE - SETTLING, due_at=TOMORROW
    )


def test_a_blocked_chat_keeps_the_rest_of_its_digest_until_the_next_is_due(
    outbox: OutboxStore, subscriptions: SubscriptionStore, chats: ChatStore
) -> None:
    subscription = subscribed(subscriptions)
    plan(subscriptions, subscription, parts=3)
    [claimed] = take(outbox)
    outbox.settle([Delivered(claimed, 1, DUE)])
    assert chats.gone(77, now=DUE) == 1
    assert drain(outbox) == []
    suspended = subscriptions.get(subscription.id)
    assert suspended is not None
    assert (suspended.state, suspended.reason) == (
        SubscriptionState.SUSPENDED,
        Suspension.BLOCKED,
    )
    assert suspended.watermark == subscription.watermark
    assert chats.present(77, now=DUE + timedelta(hours=1)) == 1
    assert drain(outbox, DUE + timedelta(hours=1)) == ["Partie 2", "Partie 3"]


def test_back_after_the_next_was_due_one_digest_catches_up(
    outbox: OutboxStore, subscriptions: SubscriptionStore, chats: ChatStore
) -> None:
    subscription = subscribed(subscriptions)
    plan(subscriptions, subscription, parts=2)
    chats.gone(77, now=DUE)
    back = DUE + timedelta(days=3, hours=2)
    chats.present(77, now=back)
    assert drain(outbox, back) == []
    [due] = subscriptions.due(now=back, most=5)
    assert due.watermark == subscription.watermark
    plan(subscriptions, due, parts=1, now=back)
    assert drain(outbox, back) == ["Partie 1"]
    assert subscriptions.due(now=back, most=5) == ()


def test_refusals_count_until_something_is_delivered(outbox: OutboxStore, chats: ChatStore) -> None:
    assert [chats.refused(-5, now=NOW), chats.refused(-5, now=NOW)] == [1, 2]
    outbox.put([Parcel("1", GROUP, Message("1"))], now=NOW)
    drain(outbox)
    assert chats.refused(-5, now=NOW) == 1


def test_a_supergroup_takes_over_everything_of_its_group(
    database: Database, outbox: OutboxStore, subscriptions: SubscriptionStore, chats: ChatStore
) -> None:
    chats.note(-5, "group", "Mairie", added_by=9, now=NOW)
    subscription = subscribed(subscriptions, GROUP)
    plan(subscriptions, subscription, parts=2)
    outbox.put([Parcel("réponse", GROUP, Message("réponse"), reply_to=4)], now=NOW)
    for _ in range(2):  # told by Telegram twice: in both chats
        chats.migrated(-5, -1005, now=DUE)
    assert subscriptions.of_chat(-5) == ()
    [moved] = subscriptions.of_chat(-1005)
    assert moved.place == SUPERGROUP
    found = []
    while claimed := take(outbox):
        found += [(each.parcel.place, each.parcel.reply_to) for each in claimed]
        outbox.settle([Delivered(each, each.id, DUE) for each in claimed])
    assert found == [(SUPERGROUP, None)] * 3  # old numbers name other messages there
    new = chats.get(-1005)
    assert new is not None
    assert (new.title, new.added_by, new.state) == ("Mairie", 9, ChatState.PRESENT)
    with database.reading() as connection:
        [old] = connection.execute(select(chat_table).where(chat_table.c.id == -5))
    assert (old.state, old.migrated_to) == ("migrated", -1005)


def test_a_closed_topic_suspends_its_own_subscriptions_and_is_told_once(
    outbox: OutboxStore, subscriptions: SubscriptionStore, chats: ChatStore
) -> None:
    topic, other = Place(-1005, 3), Place(-1005, 4)
    closed, open_one = subscribed(subscriptions, topic), subscribed(subscriptions, other)
    plan(subscriptions, closed, parts=2)
    plan(subscriptions, open_one, parts=1)
    notice = Parcel("notice", SUPERGROUP, Message("Sujet fermé"))
    assert chats.topic_closed(-1005, 3, now=DUE, notice=notice) == 1
    assert chats.topic_closed(-1005, 3, now=DUE, notice=notice) == 0
    assert drain(outbox) == ["Partie 1", "Sujet fermé"]
    assert chats.present(-1005, now=DUE) == 0  # the topic is still closed
    assert chats.topic_reopened(-1005, 3, now=DUE) == 1
    assert drain(outbox) == ["Partie 1", "Partie 2"]


def test_a_cancelled_subscription_sends_nothing_more(
    outbox: OutboxStore, subscriptions: SubscriptionStore
) -> None:
    subscription = subscribed(subscriptions)
    plan(subscriptions, subscription, parts=2)
    assert subscriptions.cancel(subscription.id, now=DUE)
    assert not subscriptions.cancel(subscription.id, now=DUE)
    assert drain(outbox) == []
    assert subscriptions.get(subscription.id) is None
    assert subscriptions.due(now=TOMORROW, most=5) == ()


def test_one_cancelled_while_it_is_being_sent_is_not_tried_again(
    outbox: OutboxStore, subscriptions: SubscriptionStore
) -> None:
    subscription = subscribed(subscriptions)
    plan(subscriptions, subscription, parts=2)
    [in_flight] = take(outbox)
    subscriptions.cancel(subscription.id, now=DUE)
    outbox.settle([Deferred(in_flight, DUE)])
    assert drain(outbox) == []
    assert outbox.open_count() == 0


def test_one_changed_while_its_digest_was_built_gets_it_and_keeps_its_new_due_time(
    outbox: OutboxStore, subscriptions: SubscriptionStore
) -> None:
    found = subscribed(subscriptions)
    noon_too = Preferences(hours=frozenset({time(8), time(12)}))
    changed = subscriptions.change(found.id, noon_too, now=DUE + timedelta(seconds=5))
    assert changed is not None
    assert changed.due_at == DUE + timedelta(hours=4)
    assert plan(subscriptions, found, parts=1) == 1  # as it was found before the change
    assert drain(outbox) == ["Partie 1"]
    assert subscriptions.get(found.id) == replace(changed, watermark=DUE - SETTLING)


def test_new_preferences_give_a_new_due_time(subscriptions: SubscriptionStore) -> None:
    subscription = subscribed(subscriptions)
    evening = Preferences(hours=frozenset({time(18, 30)}), silent=True)
    changed = subscriptions.change(subscription.id, evening, now=NOW)
    assert changed == replace(
        subscription, preferences=evening, due_at=datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    )
