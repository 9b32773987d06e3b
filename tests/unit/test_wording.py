"""French of the interface: typography, days in Paris, «de» before a name."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.wording import french_date, number, of_someone, spelled, typeset
from knowledge.text.days import paris_day


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 3, 14, 12, tzinfo=UTC), "14 mars 2026"),
        (datetime(2026, 2, 28, 23, 30, tzinfo=UTC), "1er mars 2026"),
        (datetime(2026, 7, 31, 22, 30, tzinfo=UTC), "1er août 2026"),
        (datetime(2026, 7, 31, 21, 30, tzinfo=UTC), "31 juillet 2026"),
        (datetime(2025, 12, 31, 22, 59, tzinfo=UTC), "31 décembre 2025"),
        (None, "date inconnue"),
    ],
)
def test_a_day_is_that_of_paris_in_french(moment: datetime | None, expected: str) -> None:
    assert french_date(moment) == expected


@given(
    st.datetimes(datetime(1996, 1, 1), datetime(2037, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
)
def test_the_day_agrees_with_the_time_zone_database(moment: datetime) -> None:
    assert paris_day(moment) == moment.astimezone(ZoneInfo("Europe/Paris")).date()


def test_the_last_moment_there_is_has_a_day() -> None:
    assert french_date(datetime.max.replace(tzinfo=UTC)) == "31 décembre 9999"
    assert french_date(datetime.min.replace(tzinfo=UTC) + timedelta(1)) == "2 janvier 1"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Paul Hamel", "de Paul Hamel"),
        ("Anne Roche", "d’Anne Roche"),
        ("Élodie Roche", "d’Élodie Roche"),
        ("Yves Roche", "d’Yves Roche"),
        ("Yann Roche", "de Yann Roche"),
        ("Hélène Roche", "d’Hélène Roche"),
        ("Hamadou Roche", "de Hamadou Roche"),
        ("le maire", "du maire"),
        ("les syndicats", "des syndicats"),
        ("la préfète", "de la préfète"),
        ("l’avocate", "de l’avocate"),
        ("une habitante", "d’une habitante"),
        ("Le Corre", "de Le Corre"),
    ],
)
def test_de_is_elided_and_contracted(name: str, expected: str) -> None:
    assert of_someone(name) == expected


def test_plain_typing_becomes_french_typography() -> None:
    assert typeset("L'aide : « Qui ? » ; oui !") == (
        "L’aide\u00a0: «\u00a0Qui\u202f?\u00a0»\u202f; oui\u202f!"
    )
    assert typeset("résumé n° {id}, {size} Mio, 20 Mio") == (
        "résumé n°\u00a0{id}, {size}\u00a0Mio, 20\u00a0Mio"
    )


def test_thousands_stand_apart() -> None:
    assert number(1000) == "1\u202f000"
    assert number(999) == "999"


def test_small_numbers_are_spelled() -> None:
    assert [spelled(value) for value in (2, 3, 9, 10, 1200)] == [
        "deux",
        "trois",
        "neuf",
        "10",
        "1\u202f200",
    ]
