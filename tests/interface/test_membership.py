"""The bot added, muted, removed and back; groups that migrate and topics that close."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversations import Place
from bot.digests.subscriptions import Preferences, Suspension
from bot.store.chats import Chat, ChatState, ChatStore
from bot.store.subscriptions import SubscriptionStore
from bot.texts import deliveries
from bot.texts import subscriptions as texts
from knowledge.store import open_database
from tests.interface.comparing import shown
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import GroupHandle, TelegramServer, UserHandle
from tests.waiting import wait_until_equal

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
RESUMED = texts.RESUMED.format(next="demain, lundi 23 novembre, à 8\u00a0h (heure de Paris)")


@pytest.fixture
def bot(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> Iterator[RunningBot]:
    with RunningBot(server, knowledge, tmp_path, now=lambda: NOW) as running:
        yield running


@pytest.fixture
def subscriptions(bot: RunningBot) -> SubscriptionStore:
    return SubscriptionStore(bot.application.services.database)


@pytest.fixture
def chats(bot: RunningBot) -> ChatStore:
    return ChatStore(bot.application.services.database)


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice")


def subscribed(store: SubscriptionStore, place: Place) -> Callable[[], Suspension | str | None]:
    """Subscribe a place, and return what tells whether it is suspended, and why."""
    made = store.create(place, Preferences(), created_by=None, now=NOW)

    def reason() -> Suspension | str | None:
        found = store.get(made.id)
        return "cancelled" if found is None else found.reason

    return reason


def test_a_group_is_greeted_once_when_the_bot_is_added(
    server: TelegramServer, alice: UserHandle, chats: ChatStore
) -> None:
    group = server.group("La rédaction")
    group.add(alice)
    group.set_bot_status("member", by=alice)
    [greeting] = group.wait_for_messages()
    assert shown(greeting) == (texts.GREETING_GROUP, [])
    assert chats.get(group.id) == Chat(
        group.id, "supergroup", "La rédaction", ChatState.PRESENT, added_by=alice.id
    )
    group.set_bot_status("administrator", by=alice)  # promoted: nothing new to say
    assert group.stays_silent(0.5)


def test_a_group_that_is_not_on_the_list_is_not_greeted(
    server: TelegramServer, knowledge: ScriptedKnowledge, alice: UserHandle, tmp_path: Path
) -> None:
    group, listed = server.group("Ailleurs"), server.group("Chez nous")
    for each in (group, listed):
        each.add(alice)
    allowed = frozenset({listed.id})
    with RunningBot(server, knowledge, tmp_path, access="liste", allowed=allowed):
        group.set_bot_status("member", by=alice)
        listed.set_bot_status("member", by=alice)
        [greeting] = listed.wait_for_messages()
        assert shown(greeting) == (texts.GREETING_GROUP, [])
        assert group.bot_messages == []


def test_a_group_whose_access_was_taken_back_gets_no_more_digests(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    group = server.group("La rédaction")
    group.seat_bot()
    database = open_database(tmp_path / "sourcier.sqlite3")
    store = SubscriptionStore(database)
    wanted = replace(Preferences(), say_when_empty=True)
    store.create(Place(group.id), wanted, created_by=None, now=NOW - timedelta(days=1))
    with RunningBot(server, knowledge, tmp_path, now=lambda: NOW, access="liste"):
        wait_until_equal(lambda: [each.reason for each in store.all()], [Suspension.ACCESS])
        assert group.stays_silent(1.0)
    allowed = frozenset({group.id})
    with RunningBot(server, knowledge, tmp_path, now=lambda: NOW, access="liste", allowed=allowed):
        [message] = group.wait_for_messages()
    assert message.text.startswith("Rien de nouveau")
    assert [each.reason for each in store.all()] == [None]
    database.close()


def test_the_group_is_told_once_of_a_deleted_topic_and_gets_its_digest_nowhere_else(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    group = server.group("La rédaction")
    group.seat_bot()
    topic = group.add_topic("Culture")
    database = open_database(tmp_path / "sourcier.sqlite3")
    store = SubscriptionStore(database)
    wanted = replace(Preferences(), say_when_empty=True)
    for _ in range(2):  # two subscriptions, one notice
        place = Place(group.id, topic.thread_id)
        store.create(place, wanted, created_by=None, now=NOW - timedelta(days=1))
    group.delete_topic(topic)
    for _ in range(2):  # nor again at the next start
        with RunningBot(server, knowledge, tmp_path, now=lambda: NOW):
            if not group.bot_messages:
                group.wait_for_messages()
            assert group.stays_silent(1.0)
    [notice] = group.bot_messages
    assert (notice.text, notice.thread_id) == (deliveries.TOPIC_CLOSED, None)
    assert [each.reason for each in store.all()] == [Suspension.TOPIC] * 2
    database.close()


def test_a_bot_that_is_removed_suspends_and_resumes_when_it_is_back(
    server: TelegramServer, alice: UserHandle, subscriptions: SubscriptionStore, chats: ChatStore
) -> None:
    group = server.group("La rédaction")
    group.add(alice)
    group.seat_bot()
    reason = subscribed(subscriptions, Place(group.id))
    group.set_bot_status("kicked", by=alice)
    wait_until_equal(reason, Suspension.REMOVED)
    group.set_bot_status("member", by=alice)
    [back] = group.wait_for_messages()
    assert shown(back) == (RESUMED, [])
    assert reason() is None


def test_a_bot_that_may_not_write_suspends_until_it_may(
    server: TelegramServer, alice: UserHandle, subscriptions: SubscriptionStore
) -> None:
    group = server.group("La rédaction")
    group.add(alice)
    group.seat_bot()
    reason = subscribed(subscriptions, Place(group.id))
    group.restrict_bot(by=alice)
    wait_until_equal(reason, Suspension.MUTED)
    group.set_bot_status("member", by=alice)
    [back] = group.wait_for_messages()
    assert shown(back) == (RESUMED, [])
    assert reason() is None


def test_a_channel_that_takes_the_right_to_post_suspends(
    server: TelegramServer, alice: UserHandle, subscriptions: SubscriptionStore
) -> None:
    channel = server.group("Info Ville", kind="channel")
    channel.add(alice, status="administrator")
    channel.seat_bot("administrator")
    reason = subscribed(subscriptions, Place(channel.id))
    channel.set_bot_status("administrator", by=alice, rights=())
    wait_until_equal(reason, Suspension.MUTED)
    channel.set_bot_status("administrator", by=alice)
    channel.wait_for_messages()
    assert reason() is None


def test_a_reader_who_blocks_the_bot_gets_the_digests_again_after_unblocking(
    alice: UserHandle, subscriptions: SubscriptionStore
) -> None:
    alice.say("/aide")
    alice.private_chat().wait_for_messages()
    reason = subscribed(subscriptions, Place(alice.id))
    alice.block_bot()
    wait_until_equal(reason, Suspension.BLOCKED)
    alice.unblock_bot()
    [back] = alice.private_chat().wait_for_messages()
    assert shown(back) == (RESUMED, [])
    assert reason() is None


def test_a_reader_who_starts_the_bot_gets_what_could_not_be_sent_before(
    alice: UserHandle, subscriptions: SubscriptionStore, chats: ChatStore
) -> None:
    reason = subscribed(subscriptions, Place(alice.id))
    chats.gone(alice.id, now=NOW)  # as after a house move: no bot may write to her first
    assert reason() is Suspension.BLOCKED
    alice.start()
    wait_until_equal(reason, None)


def test_a_group_that_lets_its_members_write_again_resumes_when_it_speaks_to_the_bot(
    server: TelegramServer, alice: UserHandle, subscriptions: SubscriptionStore, chats: ChatStore
) -> None:
    group = server.group("La rédaction")
    group.add(alice)
    group.seat_bot()
    reason = subscribed(subscriptions, Place(group.id))
    chats.muted(group.id, now=NOW)
    alice.say("Bonjour à tous", chat=group)  # not to the bot
    assert group.stays_silent(0.5)
    assert reason() is Suspension.MUTED
    alice.say("/aide", chat=group)
    wait_until_equal(reason, None)


def test_a_group_that_becomes_a_supergroup_keeps_its_subscriptions(
    server: TelegramServer, alice: UserHandle, subscriptions: SubscriptionStore, chats: ChatStore
) -> None:
    group = server.group("La rédaction", kind="group")
    group.add(alice, status="administrator")
    group.seat_bot()
    subscribed(subscriptions, Place(group.id))
    new = group.migrate()
    wait_until_equal(lambda: [each.place for each in subscriptions.all()], [Place(new.id)])
    alice.say("/abonnements", chat=new)
    [settings] = new.wait_for_messages()
    assert settings.text.startswith("Résumé n°\u00a01, pour ce groupe")


def test_a_closed_topic_suspends_its_own_subscriptions_until_it_reopens(
    server: TelegramServer, alice: UserHandle, subscriptions: SubscriptionStore
) -> None:
    group = server.group("La rédaction")
    group.add(alice, status="administrator")
    group.seat_bot()
    topic = group.add_topic("Culture")
    in_topic = subscribed(subscriptions, Place(group.id, topic.thread_id))
    in_general = subscribed(subscriptions, Place(group.id))
    group.close_topic(topic, by=alice)
    wait_until_equal(in_topic, Suspension.TOPIC)
    assert in_general() is None
    group.reopen_topic(topic, by=alice)
    wait_until_equal(in_topic, None)


@pytest.mark.parametrize("status", ["left", "kicked"])
def test_nothing_is_sent_to_a_group_the_bot_has_left(
    server: TelegramServer, alice: UserHandle, bot: RunningBot, chats: ChatStore, status: str
) -> None:
    group: GroupHandle = server.group("La rédaction")
    group.add(alice)
    group.seat_bot()
    group.set_bot_status("left" if status == "left" else "kicked", by=alice)
    wait_until_equal(lambda: (chats.get(group.id) or Chat(0, "", "")).state, ChatState.GONE)
    assert server.calls_of("sendMessage") == []
