"""Days are those of Paris, and are written in French."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.text.days import written_day


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 3, 13, 22, 30, tzinfo=UTC), "13 mars 2026"),
        (datetime(2026, 3, 13, 23, 0, tzinfo=UTC), "14 mars 2026"),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), "1er août 2026"),
    ],
)
def test_a_late_evening_in_utc_is_the_next_day_in_paris(moment: datetime, text: str) -> None:
    assert written_day(moment) == text
