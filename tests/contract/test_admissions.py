"""Subscriptions of those who may no longer use the bot, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.access import AccessMode, AccessRules, AccessState
from bot.conversations import Place
from bot.digests.admission import Admissions, is_admitted
from bot.digests.subscriptions import Preferences, Subscription, Suspension
from bot.store.access import AccessStore
from bot.store.admissions import AdmissionStore, Subscriber
from bot.store.chats import ChatStore
from bot.store.subscriptions import SubscriptionStore
from knowledge.store import open_database
from knowledge.store.engine import Database

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
READER, CHIEF, OTHER, GROUP, CHANNEL = 77, 1, 8, -5, -1009
PAIRING = AccessRules(AccessMode.PAIRING, frozenset({CHIEF}))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "base.sqlite3")
    yield opened
    opened.close()


def admissions(database: Database, rules: AccessRules) -> Admissions:
    return Admissions(
        rules,
        store=AdmissionStore(database),
        subscriptions=SubscriptionStore(database),
        changed=lambda: None,
    )


def subscribed(database: Database, chat: int) -> Subscription:
    store = SubscriptionStore(database)
    return store.create(Place(chat), Preferences(), created_by=OTHER, now=NOW)


def admit(database: Database, chat: int) -> None:
    store = AccessStore(database)
    store.ask(chat, "La rédaction", make_code=lambda: "ACDEFGHJ", now=NOW)
    store.decide("ACDEFGHJ", AccessState.APPROVED, by=CHIEF, now=NOW)


@pytest.mark.parametrize("chat", [READER, GROUP])
def test_access_that_is_taken_back_suspends_until_it_is_given_again(
    database: Database, chat: int
) -> None:
    store, review = SubscriptionStore(database), admissions(database, PAIRING).review
    made = subscribed(database, chat)
    admit(database, chat)
    assert review() == 0
    assert store.get(made.id) == made
    AccessStore(database).forget(chat)
    assert review() == 0
    suspended = store.get(made.id)
    assert suspended is not None
    assert suspended.reason is Suspension.ACCESS
    ChatStore(database).present(chat, now=NOW)  # as a chat that unblocks the bot
    assert store.get(made.id) == suspended
    admit(database, chat)
    assert review() == 1
    assert store.get(made.id) == made


def test_what_is_suspended_for_another_reason_stays_so(database: Database) -> None:
    made = subscribed(database, GROUP)
    ChatStore(database).gone(GROUP, now=NOW)
    admit(database, GROUP)
    assert admissions(database, PAIRING).review() == 0
    found = SubscriptionStore(database).get(made.id)
    assert found is not None
    assert found.reason is Suspension.REMOVED


def test_a_bot_that_is_opened_to_all_resumes_everything(database: Database) -> None:
    made = subscribed(database, READER)
    admissions(database, PAIRING).review()
    assert admissions(database, AccessRules()).review() == 1
    assert SubscriptionStore(database).get(made.id) == made


@pytest.mark.parametrize(
    ("chat", "created_by", "kind", "added_by", "admitted"),
    [
        (READER, READER, "private", None, True),
        (OTHER, OTHER, "private", None, False),
        (CHIEF, CHIEF, "private", None, True),
        (GROUP, READER, "group", READER, False),  # let in in private, not with a group
        (GROUP, CHIEF, "group", None, True),
        (GROUP, None, "group", None, False),
        (CHANNEL, READER, "channel", None, True),  # chosen from the reader's private chat
        (CHANNEL, None, "channel", READER, True),  # a post, where the reader added the bot
        (CHANNEL, OTHER, "channel", OTHER, False),
    ],
)
def test_who_is_let_in(
    chat: int, created_by: int | None, kind: str, added_by: int | None, *, admitted: bool
) -> None:
    subscriber = Subscriber(1, chat, created_by, suspended=False, kind=kind, added_by=added_by)
    states = {READER: AccessState.APPROVED, OTHER: AccessState.REFUSED}
    assert is_admitted(subscriber, PAIRING, states) is admitted


def test_a_group_that_migrates_takes_its_access_along(database: Database) -> None:
    access = AccessStore(database)
    access.ask(-5, "La rédaction", make_code=lambda: "CODE0001", now=NOW)
    access.decide("CODE0001", AccessState.APPROVED, by=9, now=NOW)
    for _ in range(2):  # both sides of a migration tell of it
        ChatStore(database).migrated(-5, -1005, now=NOW)
    assert (access.state(-5), access.state(-1005)) == (None, AccessState.APPROVED)
