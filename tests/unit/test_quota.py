"""Sliding windows: how many, until when, and how much memory they cost."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota import OnceInAWhile, Quota, Refusal, Window

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


def test_the_minute_slides_and_the_refusal_says_when_it_has_room() -> None:
    quota = Quota(per_minute=2, per_day=100)
    assert quota.admit(7, NOON) is None
    assert quota.admit(7, NOON + seconds(20)) is None
    refused = quota.admit(7, NOON + seconds(30))
    assert refused == Refusal(Window.MINUTE, 2, NOON + seconds(60))
    assert quota.admit(7, NOON + seconds(60)) is None
    again = quota.admit(7, NOON + seconds(61))
    assert again == Refusal(Window.MINUTE, 2, NOON + seconds(80))


def test_the_day_slides_and_outlasts_the_minute() -> None:
    quota = Quota(per_minute=2, per_day=3)
    for hour in range(3):
        assert quota.admit(7, NOON + timedelta(hours=hour)) is None
    refused = quota.admit(7, NOON + timedelta(hours=2, minutes=5))
    assert refused == Refusal(Window.DAY, 3, NOON + timedelta(days=1))
    assert quota.admit(7, NOON + timedelta(days=1)) is None


def test_what_is_refused_does_not_count() -> None:
    quota = Quota(per_minute=1, per_day=2)
    assert quota.admit(7, NOON) is None
    for second in range(1, 59):
        assert quota.admit(7, NOON + seconds(second)) is not None
    assert quota.admit(7, NOON + seconds(60)) is None


def test_subjects_are_counted_apart_and_the_exempt_not_at_all() -> None:
    quota = Quota(per_minute=1, per_day=1, exempt=frozenset({1}))
    assert quota.admit(7, NOON) is None
    assert quota.admit(-7, NOON) is None
    assert quota.admit(7, NOON) is not None
    assert [quota.admit(1, NOON) for _ in range(50)] == [None] * 50
    assert len(quota) == 2


def test_those_seen_last_are_remembered_and_no_more_than_allowed() -> None:
    quota = Quota(per_minute=1, per_day=1, most_subjects=3)
    for subject in (1, 2, 3, 1, 4):  # 2 was seen longest ago
        quota.admit(subject, NOON)
    assert len(quota) == 3
    assert quota.admit(1, NOON) is not None
    assert quota.admit(2, NOON) is None


@given(
    st.lists(st.integers(0, 7200), min_size=1, max_size=60).map(sorted),
    st.integers(1, 4),
    st.integers(1, 12),
)
def test_no_window_ever_admits_more_and_the_hour_told_is_the_first_that_does(
    moments: list[int], per_minute: int, per_day: int
) -> None:
    quota = Quota(per_minute=per_minute, per_day=per_day)
    admitted: list[int] = []
    for moment in moments:
        now = NOON + seconds(moment)
        refusal = quota.admit(7, now)
        if refusal is None:
            admitted.append(moment)
        else:
            room = (refusal.retry_at - NOON).total_seconds()
            assert room > moment
            for window, limit in ((60, per_minute), (86400, per_day)):
                assert sum(room - window < each for each in admitted) < limit
    assert len(admitted) <= per_day
    for first, later in zip(admitted, admitted[per_minute:], strict=False):
        assert later - first >= 60


def test_a_clock_that_is_put_back_refuses_nobody_for_longer_than_the_window() -> None:
    quota = Quota(per_minute=2, per_day=3)
    for hour in (50, 51):
        assert quota.admit(7, NOON + timedelta(hours=hour)) is None
    assert quota.admit(7, NOON) == Refusal(Window.MINUTE, 2, NOON + seconds(60))
    assert quota.admit(7, NOON + seconds(60)) is None
    refused = quota.admit(7, NOON + seconds(61))
    assert refused == Refusal(Window.DAY, 3, NOON + timedelta(days=1))


def test_a_quota_that_admits_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Quota(per_minute=0, per_day=1)


def test_a_thing_is_told_once_in_a_while() -> None:
    told = OnceInAWhile(timedelta(minutes=10), most_subjects=2)
    assert told.due(7, NOON)
    assert not told.due(7, NOON + timedelta(minutes=9))
    assert told.due(7, NOON + timedelta(minutes=10))
    told.forget(7)
    assert told.due(7, NOON + timedelta(minutes=10))
    for subject in (8, 9, 10):
        assert told.due(subject, NOON)
    assert len(told) == 2


def test_a_clock_that_is_put_back_silences_nobody_for_long() -> None:
    told = OnceInAWhile(timedelta(minutes=10))
    assert told.due(7, NOON + timedelta(days=1))
    assert told.due(7, NOON)
    assert not told.due(7, NOON + timedelta(minutes=9))
