"""Dates in French prose, and periods of publication in questions."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.dates import find_dates, publication_bounds

NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("réuni jeudi 5 février à l’hôtel de ville", "jeudi 5 février"),
        ("le 1er mai 2026, une fête", "1er mai 2026"),
        ("fermée depuis novembre 2023", "novembre 2023"),
        ("annoncée au printemps 2029", "printemps 2029"),
        ("au XIXe siècle", "XIXe siècle"),
        ("né en 1848 à Bari", "1848"),
        ("dans les années 1960", "années 1960"),
        ("mardi, à 4 h 20", "mardi"),
    ],
)
def test_the_first_date_is_found_where_it_stands(text: str, found: str) -> None:
    assert find_dates(text)[0].span.of(text) == found


@pytest.mark.parametrize("text", ["1 900 élèves", "2000 habitants", "une somme de 1500 euros"])
def test_amounts_are_no_years(text: str) -> None:
    assert find_dates(text) == ()


def test_a_date_says_its_year_month_and_day() -> None:
    (mention,) = find_dates("le 12 août 2024")
    assert (mention.year, mention.month, mention.day) == (2024, 8, 12)


@given(st.text(max_size=80))
def test_spans_lie_within_the_text_in_order(text: str) -> None:
    spans = [mention.span for mention in find_dates(text)]
    assert spans == sorted(spans)
    assert all(span.of(text).strip() for span in spans)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("Quoi de neuf hier ?", (2026, 3, 17), (2026, 3, 17)),
        ("Les articles de cette semaine", (2026, 3, 16), (2026, 3, 22)),
        ("Que disent les articles de la semaine dernière ?", (2026, 3, 9), (2026, 3, 15)),
        ("Les articles publiés le mois dernier", (2026, 2, 1), (2026, 2, 28)),
        ("les articles parus en janvier 2026", (2026, 1, 1), (2026, 1, 31)),
    ],
)
def test_a_question_about_what_was_published_has_a_period(
    question: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    bounds = publication_bounds(question, now=NOW)
    assert bounds is not None
    assert bounds[0] == datetime(*first, tzinfo=UTC)
    assert (bounds[1].year, bounds[1].month, bounds[1].day) == last


@pytest.mark.parametrize(
    "question",
    [
        "Qui a gagné hier ?",
        "Que s’est-il décidé en mars 2026 ?",
        "Les articles sur la piscine",
        "Les articles parus le 31 février 2026",
    ],
)
def test_a_question_about_an_event_is_not_limited_by_date(question: str) -> None:
    assert publication_bounds(question, now=NOW) is None
