"""Furniture of pages: judged in no time, whatever the line is."""

import time

import pytest

from knowledge.text.residue import is_residue

UNITS = [
    "publie le 3 mars, ",
    "maj hier,",
    "maj hier ",
    "hier,",
    "#a ",
    "lire ",
    "photo : ",
    "a b ",
]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("head", ["", "publie le ", "maj ", "lire aussi : "])
def test_a_repeated_phrase_takes_no_time(head: str, unit: str) -> None:
    line = (head + unit * 320)[:310] + "!x\u0001"
    begin = time.thread_time()
    is_residue(line)
    assert time.thread_time() - begin < 10


@pytest.mark.parametrize(
    "line",
    [
        "Publié le 3 mars 2026 à 14h05, mis à jour le 4 mars 2026 à 8h",
        "Publié : 03/03/2026 | Modifié : 04/03/2026 par Anne Roy",
        "Article mis en ligne hier à 12:30 (actualisé aujourd'hui)",
    ],
)
def test_dates_of_a_page_are_furniture(line: str) -> None:
    assert is_residue(line)
