"""Hours, days, zones and moments, written and read."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.due_times import EVERY_DAY
from bot.views.schedule_words import (
    DAY_NAMES,
    ZONES,
    BadPreferenceError,
    enumeration,
    read_days,
    read_hour,
    read_hours,
    read_zone,
    written_days,
    written_hour,
    written_hours,
    written_moment,
    written_zone,
)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # a Sunday


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("8h", time(8)),
        ("7h30", time(7, 30)),
        ("07:30", time(7, 30)),
        ("8 h", time(8)),
        ("à 18 heures", time(18)),
        ("24h", time(0)),
        ("24h30", None),
        ("25h", None),
        ("7h75", None),
        ("8", None),
        ("huit heures", None),
        ("", None),
    ],
)
def test_an_hour_is_read_as_it_is_usually_typed(typed: str, hour: time | None) -> None:
    assert read_hour(typed) == hour


@pytest.mark.parametrize("typed", ["8h 12h30 18h", "8h, 12h30, 18h", "8 h, 12 h 30 et 18 h"])
def test_several_hours_are_read_however_they_are_parted(typed: str) -> None:
    assert read_hours(typed) == {time(8), time(12, 30), time(18)}


@pytest.mark.parametrize("typed", ["", "demain", "8h et plus tard", "8h, 99h"])
def test_what_is_no_hour_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadPreferenceError, match="12h30"):
        read_hours(typed)


@given(hour=st.times().map(lambda one: one.replace(second=0, microsecond=0)))
def test_a_written_hour_is_read_back(hour: time) -> None:
    assert read_hour(written_hour(hour)) == hour
    assert read_hours(written_hours({hour, time(8)})) == {hour, time(8)}


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("tous les jours", EVERY_DAY),
        ("lun-ven", {0, 1, 2, 3, 4}),
        ("du lundi au vendredi", {0, 1, 2, 3, 4}),
        ("lundi, mercredi et samedi", {0, 2, 5}),
        ("week-end", {5, 6}),
        ("Sam - Lun", {5, 6, 0}),
        ("les mardis", {1}),
        ("en semaine", {0, 1, 2, 3, 4}),
        ("mar", {1}),
        ("budget", None),
        ("lundi-mardi-jeudi", None),
        ("lundi" + " " * 200_000 + "et \t mardi", {0, 1}),  # hung in the square of the spaces
        ("lundi" + " " * 200_000 + "x", None),
        ("ma", None),
        ("", None),
    ],
)
def test_days_are_read_as_they_are_usually_typed(typed: str, days: set[int] | None) -> None:
    assert read_days(typed) == days


@given(days=st.frozensets(st.integers(0, 6), min_size=1))
def test_written_days_are_read_back(days: frozenset[int]) -> None:
    assert read_days(written_days(days)) == days


def test_days_in_a_row_are_written_as_a_range() -> None:
    assert [
        written_days(frozenset(days)) for days in ({0}, {0, 1}, {1, 2, 3}, {5, 6}, EVERY_DAY)
    ] == [
        "le lundi",
        "le lundi et le mardi",
        "du mardi au jeudi",
        "le samedi et le dimanche",
        "tous les jours",
    ]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Paris", "Europe/Paris"),
        ("montreal", "America/Montreal"),
        ("la réunion", "Indian/Reunion"),
        ("america/new york", "America/New_York"),
        ("Europe/Paris", "Europe/Paris"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_found_by_its_city_or_its_name(typed: str, name: str) -> None:
    assert read_zone(typed).key == name


@pytest.mark.parametrize(
    "typed", ["", "Lune", "../../etc/passwd", "Europe/../Paris", "Europe", "a" * 9999]
)
def test_what_is_no_zone_is_refused(typed: str) -> None:
    with pytest.raises(BadPreferenceError, match="America/Toronto"):
        read_zone(typed)


def test_every_zone_offered_is_known_and_has_a_name() -> None:
    assert [written_zone(ZoneInfo(name)) for name in ZONES.values()] == [
        "heure de Paris",
        "heure de Bruxelles",
        "heure de Genève",
        "heure de Montréal",
        "heure d’Alger",
        "heure de Tunis",
        "heure de Casablanca",
        "heure de Dakar",
        "heure d’Abidjan",
        "heure de Kinshasa",
        "heure de La Réunion",
        "heure des Antilles",
        "heure de Cayenne",
        "heure de Nouméa",
        "heure de Tahiti",
        "temps universel",
    ]
    assert written_zone(ZoneInfo("America/New_York")) == "heure de New York"


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 11, 22, 19, 0, tzinfo=UTC), "aujourd’hui, dimanche 22 novembre, à 20 h"),
        (datetime(2026, 11, 23, 6, 30, tzinfo=UTC), "demain, lundi 23 novembre, à 7 h 30"),
        (datetime(2026, 12, 1, 7, 0, tzinfo=UTC), "mardi 1er décembre à 8 h"),
        (datetime(2027, 1, 1, 7, 0, tzinfo=UTC), "vendredi 1er janvier 2027 à 8 h"),
    ],
)
def test_a_moment_is_written_in_the_readers_own_time(moment: datetime, written: str) -> None:
    found = written_moment(moment, PARIS, now=NOW).replace("\u00a0", " ")
    assert found == f"{written} (heure de Paris)"


def test_tomorrow_is_the_readers_tomorrow() -> None:
    moment = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    noumea = written_moment(moment, ZoneInfo("Pacific/Noumea"), now=NOW).replace("\u00a0", " ")
    assert noumea == "aujourd’hui, lundi 23 novembre, à 23 h (heure de Nouméa)"


@pytest.mark.parametrize(
    ("names", "written"),
    [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")],
)
def test_names_are_enumerated_in_french(names: list[str], written: str) -> None:
    assert enumeration(names) == written


def test_the_week_begins_on_monday() -> None:
    assert DAY_NAMES[NOW.weekday()] == "dimanche"
