"""When to come back, in French and in the reader's hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.views.moments import come_back, duration

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 4, 30, 20, 0, tzinfo=UTC)  # ten in the evening in Paris


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (timedelta(seconds=-5), "dans 1 seconde"),
        (timedelta(seconds=0.2), "dans 1 seconde"),
        (timedelta(seconds=39.5), "dans 40 secondes"),
        (timedelta(seconds=59.5), "dans 1 minute"),
        (timedelta(seconds=61), "dans 2 minutes"),
        (timedelta(minutes=59), "dans 59 minutes"),
        (timedelta(minutes=60), "à 23 h 00"),
        (timedelta(hours=2, minutes=12), "demain à 0 h 12"),
        (timedelta(hours=1, seconds=59 * 60 + 1), "demain à 0 h 00"),
        (timedelta(days=1, hours=3), "le 2 mai à 1 h 00"),
    ],
)
def test_the_time_is_told_as_people_say_it_and_never_too_early(after: timedelta, told: str) -> None:
    words = come_back(NOW + after, now=NOW, zone=PARIS)
    assert words.replace("\u00a0", " ") == told
    assert " h " not in words  # the hour does not break from its minutes


def test_the_first_of_a_month_is_written_as_such() -> None:
    told = come_back(NOW + timedelta(days=30, hours=3), now=NOW, zone=PARIS)
    assert told.replace("\u00a0", " ") == "le 31 mai à 1 h 00"
    told = come_back(datetime(2026, 8, 1, 10, tzinfo=UTC), now=NOW, zone=PARIS)
    assert told.replace("\u00a0", " ") == "le 1er août à 12 h 00"


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=1, minutes=5), "1 h 05"),
        (timedelta(days=1, hours=4), "1 jour 4 h"),
        (timedelta(days=3, hours=23, minutes=59), "3 jours 23 h"),
        (timedelta(seconds=-1), "0 min"),
    ],
)
def test_a_length_of_time_has_two_units(length: timedelta, told: str) -> None:
    assert duration(length).replace("\u00a0", " ") == told
