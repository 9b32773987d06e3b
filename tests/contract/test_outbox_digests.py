"""Chats, subscriptions and their digests in SQLite: due once, suspended, taken along, cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from bot.conversations import Place
from bot.digests.parcels import Parcel
from bot.digests.subscriptions import (
    SETTLING,
    Preferences,
    SubscriptionState,
    Suspension,
)
from bot.store.chats import ChatState, ChatStore
from bot.store.outbox import OutboxStore
from bot.store.settling import Deferred, Delivered
from bot.store.subscriptions import SubscriptionStore
from bot.views.messages import Message
from knowledge.store.delivery_schema import chats as chat_table
from knowledge.store.engine import Database
from tests.outboxes import (
    DUE,
    GROUP,
    NOW,
    SUPERGROUP,
    TOMORROW,
    drain,
    fixture_chats,  # noqa: F401 - fixture
    fixture_database,  # noqa: F401 - fixture
    fixture_outbox,  # noqa: F401 - fixture
    fixture_subscriptions,  # noqa: F401 - fixture
    plan,
    subscribed,
    take,
)


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
