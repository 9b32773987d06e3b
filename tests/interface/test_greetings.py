"""A group is greeted once, however the bot came there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import texts as common
from bot.conversations import Place
from bot.digests.subscriptions import Preferences
from bot.store.chats import ChatStore
from bot.store.subscriptions import SubscriptionStore
from bot.texts import subscriptions as texts
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import GroupHandle, TelegramServer, UserHandle

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


@pytest.fixture
def bot(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> Iterator[RunningBot]:
    with RunningBot(server, knowledge, tmp_path, now=lambda: NOW) as running:
        yield running


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice")


@pytest.fixture
def group(server: TelegramServer, alice: UserHandle) -> GroupHandle:
    group = server.group("La rédaction")
    group.add(alice)
    return group


def test_a_link_that_adds_and_starts_the_bot_brings_one_greeting(
    alice: UserHandle, group: GroupHandle, bot: RunningBot
) -> None:
    alice.add_bot(group, "abonner")
    [greeting] = group.wait_for_messages(quiet=0.5)
    assert greeting.text == texts.GREETING_GROUP
    alice.say("/start", chat=group)  # typed later, it is answered
    [answer] = group.wait_for_messages()
    assert answer.text == common.START_IN_GROUP


def test_the_command_of_the_link_may_come_first(
    server: TelegramServer, alice: UserHandle, group: GroupHandle, bot: RunningBot
) -> None:
    group.seat_bot()
    command = alice.say(f"/start@{server.state.bot.username} abonner", chat=group)
    [greeting] = group.wait_for_messages()
    assert (greeting.reply_to, greeting.text) == (command, texts.GREETING_GROUP)
    group.set_bot_status("left", by=alice)
    group.set_bot_status("member", by=alice)
    assert group.stays_silent(0.5)


def test_the_command_of_the_link_may_come_after_the_greeting(
    server: TelegramServer, alice: UserHandle, group: GroupHandle, bot: RunningBot
) -> None:
    group.set_bot_status("member", by=alice)
    [greeting] = group.wait_for_messages()
    assert (greeting.reply_to, greeting.text) == (None, texts.GREETING_GROUP)
    alice.say(f"/start@{server.state.bot.username} abonner", chat=group)
    assert group.stays_silent(0.7)


def test_a_group_that_may_yet_be_approved_is_greeted(
    server: TelegramServer,
    alice: UserHandle,
    group: GroupHandle,
    knowledge: ScriptedKnowledge,
    tmp_path: Path,
) -> None:
    chief = frozenset({server.user("Chef").id})
    with RunningBot(
        server, knowledge, tmp_path, now=lambda: NOW, access="jumelage", administrators=chief
    ):
        group.set_bot_status("member", by=alice)
        [greeting] = group.wait_for_messages()
    assert greeting.text == texts.GREETING_GROUP


def test_a_bot_that_is_back_within_the_minute_says_that_digests_resume(
    alice: UserHandle, group: GroupHandle, bot: RunningBot
) -> None:
    database = bot.application.services.database
    group.set_bot_status("member", by=alice)
    group.wait_for_messages()
    SubscriptionStore(database).create(Place(group.id), Preferences(), created_by=None, now=NOW)
    ChatStore(database).gone(group.id, now=NOW)
    group.set_bot_status("left", by=alice)
    group.set_bot_status("member", by=alice)
    [back] = group.wait_for_messages()
    assert back.text.startswith("Me revoici")
