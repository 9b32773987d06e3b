"""Subscriptions as a file that moves house."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations import Place
from bot.digests.subscription_file import (
    House,
    MovedChat,
    MovedSubscription,
    read_house,
    write_house,
)
from bot.digests.subscriptions import Preferences, Subscription
from knowledge.digest.types import DigestStyle, Subjects
from knowledge.errors import SubscriptionError

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
PREFERENCES = Preferences(
    hours=frozenset({time(7, 30)}),
    zone=ZoneInfo("America/Montreal"),
    subjects=Subjects(words=("école",), avoid=("météo",), outlets=("Le Phare",)),
    style=DigestStyle.SYNTHESIS,
)
SUBSCRIPTION = Subscription(4, Place(-100, 9), PREFERENCES, NOW, NOW, NOW, created_by=7)
CHAT = MovedChat(-100, "supergroup", "La «rédaction»", 7)


def changed(**values: Any) -> str:
    house = json.loads(write_house([SUBSCRIPTION], [CHAT]))
    house["subscriptions"][0].update(values)
    return json.dumps(house)


def test_what_was_written_is_read_back() -> None:
    moved = MovedSubscription(Place(-100, 9), PREFERENCES, NOW, NOW, 7)
    assert read_house(write_house([SUBSCRIPTION], [CHAT])) == House((moved,), (CHAT,))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "pas du JSON"),
        ("[" * 100_000, "pas du JSON"),
        ("[]", "ne contient pas d’abonnements"),
        ('{"format": "autre"}', "ne contient pas d’abonnements"),
        ('{"format": "sourcier-subscriptions", "version": 2}', "plus récent"),
        ('{"format": "sourcier-subscriptions", "version": 1, "subscriptions": 3}', "abîmé"),
        (changed(chat="x"), "entrée 1"),
        (changed(chat=True), "entrée 1"),
        (changed(chat=0), "entrée 1"),
        (changed(chat=10**30), "entrée 1"),
        (changed(created_at="hier"), "entrée 1"),
        (changed(watermark="2026-01-01T00:00:00"), "entrée 1"),
        (changed(preferences={"hours": ["25:00"]}), "entrée 1"),
        (changed(preferences={"version": 9}), "plus récent"),
    ],
)
def test_another_file_is_refused_with_what_to_do(text: str, told: str) -> None:
    with pytest.raises(SubscriptionError, match=told):
        read_house(text)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_any_json_is_read_or_refused(value: object) -> None:
    house = {"format": "sourcier-subscriptions", "version": 1, "subscriptions": [value]}
    with pytest.raises(SubscriptionError):
        read_house(json.dumps(house))
