"""Publication dates: what is understood, and what stays unknown rather than guessed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.sources.dates import read_date

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-02-06", datetime(2026, 2, 6, tzinfo=UTC)),
        ("2026-02-06T07:30:00+01:00", datetime(2026, 2, 6, 6, 30, tzinfo=UTC)),
        ("2026-02-06T07:30:00.1234567Z", datetime(2026, 2, 6, 7, 30, 0, 123456, tzinfo=UTC)),
        ("2026-02-06 07:30", datetime(2026, 2, 6, 7, 30, tzinfo=UTC)),
        ("2026-02-06 07:30:00 +0100", datetime(2026, 2, 6, 6, 30, tzinfo=UTC)),
        ("2026-02-06 07:30:00 UTC", datetime(2026, 2, 6, 7, 30, tzinfo=UTC)),
        ("20260206", datetime(2026, 2, 6, tzinfo=UTC)),
        ("Fri, 06 Feb 2026 07:30:00 +0100", datetime(2026, 2, 6, 6, 30, tzinfo=UTC)),
        ("6 février 2026", datetime(2026, 2, 6, tzinfo=UTC)),
        ("vendredi 6 février 2026 à 7h30", datetime(2026, 2, 6, 7, 30, tzinfo=UTC)),
        ("1er août 2025", datetime(2025, 8, 1, tzinfo=UTC)),
        ("12 mai 2026", datetime(2026, 5, 12, tzinfo=UTC)),
        ("mar. 12 mai 2026 08:30", datetime(2026, 5, 12, 8, 30, tzinfo=UTC)),
        ("Mar, 12 Mai 2026 08:30:00 +0200", datetime(2026, 5, 12, 6, 30, tzinfo=UTC)),
        ("le jeudi 6 févr. 2025, 18 h 05", datetime(2025, 2, 6, 18, 5, tzinfo=UTC)),
        ("6 Aout 2026 07:30 GMT", datetime(2026, 8, 6, 7, 30, tzinfo=UTC)),
        ("6 Feb 2026 07:30:00 -0000", datetime(2026, 2, 6, 7, 30, tzinfo=UTC)),
        ("25/03/2024", datetime(2024, 3, 25, tzinfo=UTC)),
        ("05/05/2024", datetime(2024, 5, 5, tzinfo=UTC)),
        (" 2026-02-06\n", datetime(2026, 2, 6, tzinfo=UTC)),
    ],
)
def test_a_date_that_is_stated_is_read(value: str, expected: datetime) -> None:
    assert read_date(value, now=NOW) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "hier",
        "2026",
        "février 2026",
        "03/04/2024",
        "30/02/2024",
        "31 février 2024",
        "2026-02-30",
        "1970-01-01",
        "1970-01-01T00:00:00Z",
        "0001-01-01",
        "1599-12-31",
        "2026-11-24",
        "9999-12-31T23:59:59-12:00",
        "1767225600",
        "6 février 2026, mis à jour le 7",
        "2026-02-06" + "0" * 100,
    ],
)
def test_what_is_not_certain_stays_unknown(value: str) -> None:
    assert read_date(value, now=NOW) is None


@given(st.text(max_size=90) | st.text(alphabet="0123456789-:T+Z/ ,.", max_size=40))
def test_any_text_is_a_past_moment_in_utc_or_unknown(value: str) -> None:
    moment = read_date(value, now=NOW)
    assert moment is None or (moment.tzinfo is UTC and moment.year <= NOW.year)
