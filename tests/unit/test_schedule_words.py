"""Hours, days, zones and moments as they are written."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.digests.due_times import EVERY_DAY
from bot.views.schedule_words import (
    DAY_NAMES,
    ZONES,
    enumeration,
    written_days,
    written_moment,
    written_zone,
)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # a Sunday


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
    assert written_zone(ZoneInfo("Europe/Amsterdam")) == "heure d’Amsterdam"
    assert written_zone(ZoneInfo("Europe/London")) == "heure de Londres"


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
