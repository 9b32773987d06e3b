"""The window of a digest, in the reader's time and words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.views.window_words import render_nothing_new, window_heading
from knowledge.digest.types import Window

PARIS = ZoneInfo("Europe/Paris")
WINDOW = Window(datetime(2026, 5, 4, 6, tzinfo=UTC), datetime(2026, 5, 5, 6, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("window", "heading"),
    [
        (WINDOW, "Les nouvelles du lundi 4 mai à 8 h au mardi 5 mai 2026 à 8 h 30"),
        (
            Window(WINDOW.since, WINDOW.since + timedelta(hours=10)),
            "Les nouvelles du lundi 4 mai 2026, de 8 h à 18 h",
        ),
        (
            Window(datetime(2026, 12, 31, 7, tzinfo=UTC), datetime(2027, 1, 1, 7, tzinfo=UTC)),
            "Les nouvelles du jeudi 31 décembre 2026 à 8 h au vendredi 1er janvier 2027 à 8 h",
        ),
        (  # a whole day, of 23 hours
            Window(datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
            "Les nouvelles du dimanche 29 mars 2026",
        ),
    ],
)
def test_the_window_is_told_in_the_reader_s_time(window: Window, heading: str) -> None:
    assert window_heading(window, PARIS).replace("\u00a0", " ") == heading


def test_nothing_new_is_one_line() -> None:
    line = render_nothing_new(WINDOW, zone=PARIS).text.replace("\u00a0", " ")
    assert line == "Rien de nouveau du lundi 4 mai à 8 h au mardi 5 mai 2026 à 8 h 30."
    yesterday = Window(datetime(2026, 5, 3, 22, tzinfo=UTC), datetime(2026, 5, 4, 22, tzinfo=UTC))
    line = render_nothing_new(yesterday, zone=PARIS).text.replace("\u00a0", " ")
    assert line == "Rien de nouveau le lundi 4 mai 2026."
