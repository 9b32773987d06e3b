"""Due times: exact in summer time and out of it, once a day whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.due_times import EVERY_DAY, Timetable, last_due, next_due

PARIS = ZoneInfo("Europe/Paris")
ZONES = tuple(
    map(
        ZoneInfo,
        (
            "Europe/Paris",
            "America/New_York",
            "Pacific/Apia",  # skipped 30 December 2011
            "Australia/Lord_Howe",  # half an hour of summer time
            "Asia/Kathmandu",
            "America/Sao_Paulo",  # changed at midnight
            "UTC",
        ),
    )
)

hours = st.frozensets(
    st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59))), min_size=1, max_size=4
)
timetables = st.builds(
    Timetable,
    hours,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.sampled_from(ZONES),
)
moments = st.datetimes(
    datetime(2011, 1, 1),  # noqa: DTZ001 - hypothesis takes bounds without zone
    datetime(2031, 1, 1),  # noqa: DTZ001 - same
    timezones=st.just(UTC),
)


def at(hour: str, zone: ZoneInfo = PARIS, days: frozenset[int] = EVERY_DAY) -> Timetable:
    return Timetable(frozenset({time.fromisoformat(hour)}), days, zone)


def sequence(timetable: Timetable, after: datetime, count: int) -> list[datetime]:
    found: list[datetime] = []
    for _ in range(count):
        found.append(next_due(timetable, after=found[-1] if found else after))
    return found


def test_the_hour_is_that_of_the_zone_in_winter_and_in_summer() -> None:
    winter, summer = datetime(2026, 1, 5, 12, tzinfo=UTC), datetime(2026, 7, 6, 12, tzinfo=UTC)
    assert next_due(at("08:00"), after=winter) == datetime(2026, 1, 6, 7, tzinfo=UTC)
    assert next_due(at("08:00"), after=summer) == datetime(2026, 7, 7, 6, tzinfo=UTC)


def test_an_hour_that_does_not_exist_gives_one_digest_an_hour_later_on_the_clock() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)
    local = [due.astimezone(PARIS) for due in sequence(at("02:30"), before, 2)]
    assert [due.replace(tzinfo=None) for due in local] == [
        datetime(2026, 3, 29, 3, 30),  # noqa: DTZ001 - a wall clock
        datetime(2026, 3, 30, 2, 30),  # noqa: DTZ001 - a wall clock
    ]


def test_a_skipped_hour_that_falls_on_another_chosen_hour_gives_one_digest() -> None:
    timetable = Timetable(frozenset({time(2, 30), time(3, 30)}), EVERY_DAY, PARIS)
    found = sequence(timetable, datetime(2026, 3, 28, 12, tzinfo=UTC), 2)
    assert found == [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 3, 30, 0, 30, tzinfo=UTC),
    ]


def test_an_hour_that_exists_twice_counts_once_and_the_first_time() -> None:
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert sequence(at("02:30"), before, 2) == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]


def test_between_the_two_the_second_is_not_due() -> None:
    between = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # 02:00 for the second time
    assert next_due(at("02:30"), after=between) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_only_the_days_chosen_in_the_zone_count() -> None:
    monday_in_auckland = at("00:30", ZoneInfo("Pacific/Auckland"), frozenset({0}))
    saturday = datetime(2026, 7, 4, tzinfo=UTC)
    # Still Sunday in UTC.
    assert next_due(monday_in_auckland, after=saturday) == datetime(2026, 7, 5, 12, 30, tzinfo=UTC)


@given(timetables, moments)
def test_the_next_is_strictly_after_and_the_last_is_not(
    timetable: Timetable, moment: datetime
) -> None:
    following, previous = next_due(timetable, after=moment), last_due(timetable, until=moment)
    assert previous <= moment < following
    # Nothing lies between them.
    assert next_due(timetable, after=previous) == following
    assert last_due(timetable, until=following) == following
    assert last_due(timetable, until=following - timedelta(microseconds=1)) == previous


@given(timetables, moments)
def test_each_chosen_day_has_each_hour_once(timetable: Timetable, moment: datetime) -> None:
    found = sequence(timetable, moment, 30)
    assert all(first < second for first, second in pairwise(found))
    expected: set[datetime] = set()
    day: date = found[0].astimezone(timetable.zone).date() - timedelta(days=2)
    while day <= found[-1].astimezone(timetable.zone).date() + timedelta(days=2):
        if day.weekday() in timetable.days:
            for hour in timetable.hours:
                wall = datetime.combine(day, hour, tzinfo=timetable.zone)
                expected.add(wall.astimezone(UTC))
        day += timedelta(days=1)
    assert set(found) == {due for due in expected if found[0] <= due <= found[-1]}


@pytest.mark.parametrize(
    ("hours", "days"),
    [
        (frozenset(), EVERY_DAY),
        (frozenset({time(8)}), frozenset()),
        (frozenset({time(8)}), frozenset({7})),
        (frozenset({time(8, tzinfo=UTC)}), EVERY_DAY),
        (frozenset({time(8, 0, 1)}), EVERY_DAY),
    ],
)
def test_a_timetable_without_hours_or_days_is_refused(
    hours: frozenset[time], days: frozenset[int]
) -> None:
    with pytest.raises(ValueError, match=r"hours|days"):
        Timetable(hours, days, PARIS)
