"""A bot at a known hour, its subscriptions, and people, a group and a channel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.subscriptions import SubscriptionStore
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.interface.subscribing.panels import NOW
from tests.telegram_server import GroupHandle, TelegramServer, UserHandle


@pytest.fixture
def bot(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> Iterator[RunningBot]:
    with RunningBot(server, knowledge, tmp_path, now=lambda: NOW) as running:
        yield running


@pytest.fixture
def store(bot: RunningBot) -> SubscriptionStore:
    return SubscriptionStore(bot.application.services.database)


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    """An administrator of the group and the channel."""
    return server.user("Alice")


@pytest.fixture
def bob(server: TelegramServer) -> UserHandle:
    return server.user("Bob")


@pytest.fixture
def group(server: TelegramServer, alice: UserHandle, bob: UserHandle) -> GroupHandle:
    group = server.group("La rédaction")
    group.add(alice, status="administrator")
    group.add(bob)
    group.seat_bot()
    return group


@pytest.fixture
def channel(server: TelegramServer, alice: UserHandle) -> GroupHandle:
    """A channel to which the bot is still to be added."""
    channel = server.group("Info Ville", kind="channel")
    channel.add(alice, status="administrator")
    return channel
