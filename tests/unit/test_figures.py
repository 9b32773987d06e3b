"""Figures are compared by value, not by spelling."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.figures import Figure, figures, states_figures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,5 million d’euros", {(Fraction(1_500_000), "€")}),
        ("200\u202f000 personnes", {(Fraction(200_000), "")}),
        ("vingt-cinq ans", {(Fraction(25), "")}),
        ("quatre-vingt-dix-sept jours", {(Fraction(97), "")}),
        ("deux mille vingt-six", {(Fraction(2026), "")}),
        ("soixante et onze voix", {(Fraction(71), "")}),
        ("trois cent mille arbres", {(Fraction(300_000), "")}),
        ("le 12 mars 2024", {(Fraction(12), ""), (Fraction(2024), "")}),
        ("cinq à six mètres", {(Fraction(5), ""), (Fraction(6), "")}),
        ("20 pour cent, soit 20 points", {(Fraction(20), "%"), (Fraction(20), "")}),
        ("un homme, une femme", set()),
        ("aucun chiffre", set()),
        ("9" * 400, set()),
    ],
)
def test_figures_are_read_by_value_and_unit(text: str, expected: set[tuple[Fraction, str]]) -> None:
    assert figures(text) == {Figure(*pair) for pair in expected}


@pytest.mark.parametrize(
    ("claim", "ground", "stated"),
    [
        ("1 500 000 euros", "1,5 million d’euros", True),
        ("3 millions", "3 millions d’euros", True),
        ("3 millions de dollars", "3 millions d’euros", False),
        ("3 milliards", "3 millions", False),
        ("25 %", "25 euros", False),
        ("vingt-cinq", "25", True),
        ("rien", "25", True),
    ],
)
def test_a_claim_states_only_figures_of_its_ground(claim: str, ground: str, stated: bool) -> None:
    assert states_figures(claim, ground) is stated


@given(st.text(max_size=200))
def test_any_text_states_its_own_figures(text: str) -> None:
    assert states_figures(text, text)
