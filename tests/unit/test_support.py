"""A claim keeps its wording only if its cited sentences bear it out."""

from __future__ import annotations

import json

import pytest

from knowledge.search.polarity import same_polarity
from knowledge.search.support import is_supported
from tests.shared_data import REPOSITORY

CLAIMS = [
    json.loads(line)
    for line in (REPOSITORY / "tests/data/supported_claims.jsonl")
    .read_text(encoding="utf-8")
    .split("\n")
    if line
]
GROUND = [
    "Le maire de Valmorin, Jean Dupont, a annoncé le 12 mars un budget de 1,5 million d’euros.",
    "La SNCL n’a pas commenté.",
]


@pytest.mark.parametrize(
    ("claim", "supported"),
    [
        ("Jean Dupont annonce un budget de 1 500 000 euros.", True),
        ("Cependant, le budget est annoncé.", True),
        ("Selon Jean Dupont, la SNCL n’a pas commenté.", True),
        ("L’annonce date du 12 mars.", True),
        ("Le budget est de 1,6 million d’euros.", False),
        ("Le maire a annoncé le 12 avril un budget.", False),
        ("Paul Dupont annonce un budget.", False),
        ("Le budget a été annoncé mardi.", False),
        ("The mayor of Valmorin said the budget is known.", False),
        ("…", False),
        ("", False),
    ],
)
def test_figures_dates_names_and_language_decide(claim: str, supported: bool) -> None:
    assert is_supported(claim, GROUND) is supported


def test_a_denial_needs_a_denial_in_the_ground() -> None:
    assert not is_supported("Le maire n’a annoncé aucun budget.", GROUND[:1])


def test_a_name_that_opens_a_sentence_is_still_a_name() -> None:
    assert not is_supported("Valmont annonce un budget.", GROUND)
    assert not is_supported("L’Allemagne annonce un budget.", GROUND)


@pytest.mark.parametrize(("claim", "ground", "supported"), CLAIMS)
def test_a_claim_says_no_more_and_nothing_else_than_its_sentence(
    claim: str, ground: str, supported: bool
) -> None:
    assert is_supported(claim, [ground]) is supported


def test_polarity_is_compared_with_the_cited_sentence_that_speaks_of_the_same_thing() -> None:
    cited = ["Le maire a démissionné.", "Le préfet n’a pas démissionné."]
    assert is_supported("Le maire a démissionné.", cited)
    assert not is_supported("Le préfet n’a pas commenté.", cited[:1])


@pytest.mark.parametrize("marks", [".", "…", "?!", ".\n"])
def test_a_run_of_a_hundred_thousand_stops_is_read_once(marks: str) -> None:
    run = marks * 100_000  # hung in the square of the run, followed by no space
    ground = f"Le maire n’a pas démissionné{run}x. Le budget est voté."
    assert same_polarity("Le budget est voté.", [ground])
    assert not same_polarity("Le budget n’est pas voté.", [ground])
