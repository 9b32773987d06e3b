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
        ("vingt-cinq ans", {(Fraction(25), "an")}),
        ("quatre-vingt-dix-sept jours", {(Fraction(97), "jour")}),
        ("deux mille vingt-six", {(Fraction(2026), "")}),
        ("soixante et onze voix", {(Fraction(71), "")}),
        ("trois cent mille arbres", {(Fraction(300_000), "")}),
        ("le 12 mars 2024", {(Fraction(12), ""), (Fraction(2024), "")}),
        ("cinq à six mètres", {(Fraction(5), ""), (Fraction(6), "m")}),
        ("20 pour cent, soit 20 points", {(Fraction(20), "%"), (Fraction(20), "pt")}),
        ("un homme, une femme", set()),
        ("entre deux et trois millions", {(Fraction(2), ""), (Fraction(3_000_000), "")}),
        ("1,5 Md€ et 3 k€", {(Fraction(1_500_000_000), "€"), (Fraction(3000), "€")}),
        ("−5 degrés", {(Fraction(-5), "°")}),
        ("3-2", {(Fraction(3), ""), (Fraction(2), "")}),
        ("deux tiers, la moitié", {(Fraction(2, 3), "part"), (Fraction(1, 2), "part")}),
        ("le deuxième, le 19e et le XXe", {(Fraction(n), "e") for n in (2, 19, 20)}),
        ("une dizaine, trois centaines", {(Fraction(10), ""), (Fraction(300), "")}),
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
        ("plus de 25", "moins de 25", False),
        ("25 ans", "25 jours", False),
        ("3-2", "2-3", False),
        ("une personne", "deux morts", False),
    ],
)
def test_a_claim_states_only_figures_of_its_ground(claim: str, ground: str, stated: bool) -> None:
    assert states_figures(claim, ground) is stated


@given(st.text(max_size=200))
def test_any_text_states_its_own_figures(text: str) -> None:
    assert states_figures(text, text)
