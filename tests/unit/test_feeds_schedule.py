"""When sources are visited again, and when an administrator is told: decisions, without a clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.feeds.schedule import (
    LONGEST_BACKOFF,
    LONGEST_RETRY_AFTER,
    after_failure,
    after_success,
    next_look,
    next_try,
    read_retry_after,
    should_tell,
)
from knowledge.feeds.types import Feed, FeedKind, FeedState

NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)
FEED = Feed(
    id="a",
    url="https://exemple.test/rss",
    kind=FeedKind.FEED,
    state=FeedState.ACTIVE,
    added_at=NOW,
    next_visit_at=NOW,
)
chances = st.floats(0, 1)


def test_a_site_may_ask_for_longer_but_neither_for_shorter_nor_for_days() -> None:
    def wait(max_age: int | None = None, ttl: int | None = None) -> timedelta:
        return after_success(HALF_HOUR, now=NOW, chance=0, max_age=max_age, ttl=ttl) - NOW

    assert wait() == HALF_HOUR
    assert wait(max_age=60, ttl=60) == HALF_HOUR
    assert wait(max_age=7200, ttl=60) == 2 * HOUR
    assert wait(ttl=10**9) == 6 * HOUR


@given(chances)
def test_visits_are_spread_by_a_tenth(chance: float) -> None:
    wait = after_success(HALF_HOUR, now=NOW, chance=chance) - NOW
    assert HALF_HOUR <= wait <= 1.1 * HALF_HOUR


@given(st.integers(1, 10_000), chances, st.timedeltas(timedelta(0), timedelta(days=999)))
def test_failures_wait_within_bounds_and_never_less_than_asked(
    failures: int, chance: float, asked: timedelta
) -> None:
    wait = after_failure(HALF_HOUR, failures, now=NOW, chance=chance, retry_after=asked) - NOW
    assert HALF_HOUR <= wait <= max(LONGEST_BACKOFF, LONGEST_RETRY_AFTER)
    assert wait >= min(asked, LONGEST_RETRY_AFTER)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(minutes=2)),
        (" 0 ", timedelta(0)),
        ("Wed, 13 May 2026 13:00:00 GMT", HOUR),
        ("Wed, 13 May 2026 11:00:00 GMT", timedelta(0)),
        ("Wed, 13 May 2026 15:00:00 +0200", HOUR),
        ("-5", None),
        ("99999999999999999999", None),
        ("bientôt", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_a_wait_is_read_in_seconds_or_as_a_date(
    value: str | None, expected: timedelta | None
) -> None:
    assert read_retry_after(value, now=NOW) == expected


@given(st.text(max_size=40))
def test_any_header_is_a_wait_or_none(value: str) -> None:
    found = read_retry_after(value, now=NOW)
    assert found is None or found >= timedelta(0)


def test_pages_are_looked_at_again_for_a_week() -> None:
    def look(looks: int, age: timedelta) -> timedelta | None:
        moment = next_look(NOW - age, seen=NOW, looks=looks, now=NOW)
        return None if moment is None else moment - NOW

    day = timedelta(days=1)
    assert [look(looks, timedelta(0)) for looks in (1, 2, 3, 4, 9)] == [
        HOUR, 6 * HOUR, day, 2 * day, 2 * day,
    ]  # fmt: skip
    assert look(4, 5 * day) == 2 * day
    assert look(4, 5 * day + HOUR) is None
    assert look(1, 400 * day) is None
    assert next_look(None, seen=NOW - 6 * day, looks=4, now=NOW) is None


def test_a_page_that_cannot_be_had_is_tried_four_times_more() -> None:
    assert [next_try(looks, now=NOW) is None for looks in range(1, 7)] == [False] * 4 + [True] * 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, False),
        ({"failures": 3, "failing_since": NOW - 23 * HOUR}, False),
        ({"failures": 3, "failing_since": NOW - 24 * HOUR}, True),
        ({"failures": 3, "failing_since": NOW - 24 * HOUR, "told_at": NOW - HOUR}, False),
        ({"failures": 1, "failing_since": NOW, "state": FeedState.STOPPED}, True),
    ],
)
def test_an_administrator_is_told_after_a_day_or_when_a_feed_stops(
    changes: dict[str, object], told: bool
) -> None:
    feed = replace(FEED, **changes)  # type: ignore[arg-type]  # fields by name
    assert should_tell(feed, now=NOW) is told


@pytest.mark.parametrize(
    "changes", [{"failures": 1}, {"failing_since": NOW}, {"url": ""}, {"id": ""}]
)
def test_a_feed_that_contradicts_itself_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"address|beginning"):
        replace(FEED, **changes)  # type: ignore[arg-type]  # fields by name
