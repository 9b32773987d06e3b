"""Hours, days and zones as readers type them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.due_times import EVERY_DAY
from bot.views.schedule_reading import (
    BadPreferenceError,
    read_days,
    read_hour,
    read_hours,
    read_zone,
    take_hours,
)
from bot.views.schedule_words import (
    OTHER_CITIES,
    ZONES,
    written_days,
    written_hour,
    written_hours,
)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("8h", time(8)),
        ("7h30", time(7, 30)),
        ("07:30", time(7, 30)),
        ("8 h", time(8)),
        ("à 18 heures", time(18)),
        ("24h", time(0)),
        ("8 heures 30", time(8, 30)),
        ("8h et demie", time(8, 30)),
        ("8 h et quart", time(8, 15)),
        ("7h du matin", time(7)),
        ("7h30 du soir", time(19, 30)),
        ("3h de l’après-midi", time(15)),
        ("midi", time(12)),
        ("à midi et demi", time(12, 30)),
        ("minuit", time(0)),
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


@pytest.mark.parametrize(
    "typed",
    [
        "8h 12h30 18h",
        "8h, 12h30, 18h",
        "8 h, 12 h 30 et 18 h",
        "8/12:30/18",
        "8 heures, midi et demi et 18 heures",
        "à 8 h, puis à 12 h 30 et à 18 h",
    ],
)
def test_several_hours_are_read_however_they_are_parted(typed: str) -> None:
    assert read_hours(typed) == {time(8), time(12, 30), time(18)}


@pytest.mark.parametrize("typed", ["", "demain", "8h et plus tard", "8h, 99h", "8h, 25h", "8 99"])
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
        ("tous les lundis", {0}),
        ("chaque mardi et chaque jeudi", {1, 3}),
        ("le week-end", {5, 6}),
        ("tous les matins", EVERY_DAY),
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


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Paris", "Europe/Paris"),
        ("montreal", "America/Montreal"),
        ("la réunion", "Indian/Reunion"),
        ("america/new york", "America/New_York"),
        ("Europe/Paris", "Europe/Paris"),
        ("heure de Paris", "Europe/Paris"),
        ("à l’heure d’Abidjan", "Africa/Abidjan"),
        ("Toronto", "America/Toronto"),
        ("new york", "America/New_York"),
        ("port-au-prince", "America/Port-au-Prince"),
        ("Luxembourg", "Europe/Luxembourg"),
        ("Réunion", "Indian/Reunion"),
        ("Londres", "Europe/London"),
        ("Lausanne", "Europe/Zurich"),
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


@pytest.mark.parametrize(
    ("typed", "hours", "rest"),
    [
        ("8h budget 18h", {time(8), time(18)}, ", budget ,"),
        ("18h 10 articles", {time(18)}, ", 10 articles"),
        ("les 35 heures", set(), "les 35 heures"),
        ("Midi Libre, midi", {time(12)}, "Midi Libre, ,"),
        ("", set(), ""),
        ("24 heures du Mans", set(), "24 heures du Mans"),
        ("24h du Mans, 8h", {time(8)}, "24h du Mans, ,"),
        ("8h 24 heures du Mans", {time(8)}, ", 24 heures du Mans"),
        ("les 12 Heures de Sebring 7h30", {time(7, 30)}, "les 12 Heures de Sebring ,"),
        ("12 heures d’Estoril", set(), "12 heures d’Estoril"),
        ("3 heures de colle", set(), "3 heures de colle"),
        ("le 20 heures", set(), "le 20 heures"),
        ("le 19h30 de la RTS à 21h", {time(21)}, "le 19h30 de la RTS ,"),
        ("journal de 20 h", set(), "journal de 20 h"),
        ("les dernières 24 heures", set(), "les dernières 24 heures"),
        ("police 24h/24", set(), "police 24h/24"),
        ("24 heures sur 24", set(), "24 heures sur 24"),
        ("les 25 heures", set(), "les 25 heures"),
        ("8h/24h", {time(8), time(0)}, ",/,"),
        ("8h/24 h", {time(8), time(0)}, ",/,"),
        ("20 heures", {time(20)}, ","),
        ("8h du lundi au vendredi", {time(8)}, ", du lundi au vendredi"),
        ("8 heures du lun. au ven.", {time(8)}, ", du lun. au ven."),
        ("8h de lun-ven", {time(8)}, ", de lun-ven"),
        ("12 heures de Marseille", set(), "12 heures de Marseille"),
        ("18h de lundi à jeudi", {time(18)}, ", de lundi à jeudi"),
        ("8 heures du matin", {time(8)}, ","),
        ("8h du mat", {time(8)}, ", du mat"),
        ("3h de l’après midi", {time(15)}, ","),
        ("foot à 20 heures de préférence", {time(20)}, "foot , de préférence"),
        ("vers les 8 heures", {time(8)}, ","),
        ("à partir de 8h", {time(8)}, ","),
        ("dès 8h", {time(8)}, ","),
        ("de 8h à 18h", {time(8), time(18)}, "de , ,"),
        ("tous les jours 8h", {time(8)}, "tous les jours ,"),
        ("tous les jours le midi", {time(12)}, "tous les jours le ,"),
        ("8h 10 nouvelles", {time(8)}, ", 10 nouvelles"),
    ],
)
def test_hours_are_taken_out_of_what_else_is_said(typed: str, hours: set[time], rest: str) -> None:
    assert take_hours(typed) == (frozenset(hours), rest)


@pytest.mark.parametrize("typed", ["25h", "24h30", "budget à 8h60"])
def test_a_mistaken_hour_is_no_word(typed: str) -> None:
    with pytest.raises(BadPreferenceError, match="12h30"):
        take_hours(typed)


def test_every_city_that_is_written_is_read_back() -> None:
    assert {city: read_zone(city).key for city in (ZONES | OTHER_CITIES)} == ZONES | OTHER_CITIES
