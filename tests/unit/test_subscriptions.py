"""Which digest is due, and that no clock makes one leave twice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations import Place
from bot.digests.preferences_json import preferences_json, read_preferences
from bot.digests.subscriptions import (
    SETTLING,
    Preferences,
    Subscription,
    SubscriptionState,
    Suspension,
    changed_due_at,
    digest_key,
    due_digest,
    first_due_at,
    mended,
    skipped_due_at,
)
from knowledge.digest.types import DigestRequest, DigestStyle, Subjects, Window
from knowledge.errors import SubscriptionError

DUE = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # 08:00 in Paris
CREATED = DUE - timedelta(hours=20)

words = st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=4).map(tuple)
preferences = st.builds(
    Preferences,
    hours=st.frozensets(
        st.builds(time, st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=12
    ),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from(("Europe/Paris", "America/Cayenne", "Pacific/Noumea")).map(ZoneInfo),
    subjects=st.builds(Subjects, words, words, words, words),
    most_items=st.integers(1, 20),
    silent=st.booleans(),
    style=st.sampled_from(DigestStyle),
    say_when_empty=st.booleans(),
    corrections=st.booleans(),
)


def subscription(**values: object) -> Subscription:
    known = Subscription(7, Place(1), Preferences(), CREATED, DUE - timedelta(days=1), DUE)
    return replace(known, **values)  # type: ignore[arg-type] # by field name


@given(preferences)
def test_preferences_survive_the_trip_through_json(chosen: Preferences) -> None:
    assert read_preferences(json.loads(json.dumps(preferences_json(chosen)))) == chosen


def test_what_is_absent_takes_its_default() -> None:
    assert read_preferences({}) == Preferences()


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"hours": []},
        {"hours": ["25:00"]},
        {"hours": "08:00"},
        {"days": [7]},
        {"days": [True]},
        {"zone": "Mars/Olympus"},
        {"zone": "../../etc/passwd"},
        {"subjects": {"colour": []}},
        {"most_items": 21},
        {"most_items": "7"},
        {"style": "roman"},
        {"silent": 1},
        {"unknown": 1},
        {"version": 2},
        {"hours": ["08:00"] * 101},
    ],
)
def test_anything_else_is_refused_in_french(value: object) -> None:
    with pytest.raises(SubscriptionError, match="réglages"):
        read_preferences(value)


def test_a_due_digest_asks_for_what_came_since_the_last_one() -> None:
    wanted = Preferences(subjects=Subjects(words=("eau",)), most_items=3)
    due = due_digest(subscription(preferences=wanted), now=DUE + timedelta(seconds=30))
    assert due is not None
    window = Window(DUE - timedelta(days=1), DUE - SETTLING)
    assert due.request == DigestRequest(window, wanted.subjects, most_items=3)
    assert due.next_due_at == DUE + timedelta(days=1)


def test_it_is_not_due_before_its_time_nor_while_suspended() -> None:
    assert due_digest(subscription(), now=DUE - timedelta(microseconds=1)) is None
    suspended = subscription(state=SubscriptionState.SUSPENDED, reason=Suspension.BLOCKED)
    assert due_digest(suspended, now=DUE) is None


def test_after_a_long_stop_one_digest_tells_of_a_week_at_most() -> None:
    now = DUE + timedelta(days=20, hours=3)
    due = due_digest(subscription(), now=now)
    assert due is not None
    assert due.window_end == DUE + timedelta(days=20) - SETTLING
    assert due.request.window.since == due.window_end - timedelta(days=7)
    assert due.next_due_at == DUE + timedelta(days=21)


def test_a_window_that_was_told_is_not_told_again() -> None:
    told = subscription(watermark=DUE - SETTLING)
    assert due_digest(told, now=DUE) is None
    assert skipped_due_at(told, now=DUE) == DUE + timedelta(days=1)


def test_a_change_of_hours_never_comes_before_what_was_told() -> None:
    told = subscription(watermark=DUE - SETTLING, due_at=DUE + timedelta(days=1))
    earlier = Preferences(hours=frozenset({time(7, 30)}))
    set_back = DUE - timedelta(hours=2)
    assert changed_due_at(told, earlier, now=set_back) == DUE + timedelta(hours=23, minutes=30)
    assert first_due_at(earlier, now=set_back) == DUE - timedelta(minutes=30)


def test_keys_name_subscription_window_and_part() -> None:
    assert digest_key(7, DUE, 2) == "digest:7:20260302T070000000000:2"


def test_a_clock_that_was_a_year_ahead_is_mended_and_one_an_hour_ahead_is_not() -> None:
    year = subscription(watermark=DUE + timedelta(days=365), due_at=DUE + timedelta(days=366))
    assert mended(year, now=DUE) == subscription(watermark=DUE, due_at=DUE + timedelta(days=1))
    hour = subscription(watermark=DUE + timedelta(hours=1), due_at=DUE + timedelta(days=1))
    assert mended(hour, now=DUE) is None


@given(st.lists(st.integers(-3 * 3600, 40 * 3600), min_size=1, max_size=40))
def test_windows_follow_one_another_whatever_the_clock_does(steps: list[int]) -> None:
    """The clock jumps on and back by up to three hours; each window begins where one ended."""
    now, current = DUE, subscription()
    ends = [current.watermark]
    for step in steps:
        now += timedelta(seconds=step)
        due = due_digest(current, now=now)
        if due is None:
            continue
        assert due.request.window.since == max(ends[-1], due.window_end - timedelta(days=7))
        assert due.window_end > ends[-1]
        assert due.next_due_at > max(now, current.due_at)
        ends.append(due.window_end)
        current = replace(current, watermark=due.window_end, due_at=due.next_due_at)
    keys = [digest_key(current.id, end, 1) for end in ends]
    assert len(set(keys)) == len(keys)
