from __future__ import annotations

import pytest

from knowledge.text.abbreviations import sentence_continues


def continues(before: str, after: str) -> bool:
    """Ask about the full stop between the two; `after` begins with what follows the space."""
    return sentence_continues(f"{before}. {after}", len(before), len(before) + 2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("avec M", "Le Drian"),
        ("le Dr", "Alami"),
        ("av", "J.-C."),
        ("cf", "Annexe"),
        ("art", "12"),
        ("art", "L. 121-3"),
        ("vol", "II"),
        ("le 3 sept", "2024"),
        ("J", "Dupont"),
        ("J.-P", "Martin"),
        ("J.R.R", "Tolkien"),
        ("F", "Le Roux"),
        ("la S.N.C.F", "Voyageurs"),
        ("Bolt Inc", "Europe"),
        ("le 12", "03. 2024"),
        ("le 12. 03", "2024"),
    ],
)
def test_these_full_stops_belong_to_an_abbreviation(before: str, after: str) -> None:
    assert continues(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("de son art", "Picasso"),
        ("ils étaient sept", "Jean"),
        ("vitamine C", "Le médecin"),
        ("de l’U.E", "Il"),
        ("50 av. J.-C", "Le temple"),
        ("Bolt Inc", "Il"),
        ("en 2020", "150 salariés"),
        ("ils sont 12", "2024 sera"),
        ("300 hab", "Paris"),
        ("pommes, etc", "Jean"),
        ("une caméra 3D", "Jean"),
        ("constitutionnellement", "Paris"),
        ("", "Paris"),
    ],
)
def test_these_full_stops_end_a_sentence(before: str, after: str) -> None:
    assert not continues(before, after)
