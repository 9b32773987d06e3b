"""Figures that differ on one thing are shown side by side; what only looks like it is not."""

from datetime import timedelta

import pytest

from knowledge.digest.contrasts import contrasts
from knowledge.evaluation.digests import shipped_articles
from tests.news import NOW, draft, read

MARCH = "Samedi, {} ont défilé à Brax contre la fermeture de l’école."
EARLY = NOW - timedelta(hours=5)


def _told(*sentences: str) -> list[tuple[str, ...]]:
    articles = [
        read(
            draft(
                f"{text} La pluie est venue.",
                f"Titre {place}",
                published=EARLY + place * (NOW - EARLY) / 9,
            )
        )
        for place, text in enumerate(sentences)
    ]
    return [
        tuple(
            citation.highlight.of(citation.article.text) if citation.highlight else ""
            for citation in contrast.citations
        )
        for contrast in contrasts(articles)
    ]


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("800 personnes", "2 000 manifestants", [("800", "2 000")]),
        ("2 000 manifestants", "800 personnes", [("2 000", "800")]),  # the older first
        ("huit cents personnes", "2 000 personnes", [("huit cents", "2 000")]),
        ("800 personnes", "800 personnes", []),
        ("huit cents personnes", "800 manifestants", []),
        ("plus de 800 personnes", "850 personnes", []),
        ("moins de 800 personnes", "850 personnes", [("800", "850")]),
        ("environ 800 personnes", "850 personnes", []),
        ("800 personnes", "40 tracteurs", []),
        ("800 personnes", "12 blessés", []),
    ],
)
def test_two_counts_of_one_thing(one: str, other: str, shown: list[tuple[str, ...]]) -> None:
    assert _told(MARCH.format(one), MARCH.format(other)) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Environ 900 foyers sont privés d’eau potable.", "2 700 foyers manquent d’électricité."),
        ("Brax est une commune de 6 200 habitants.", "À Brax, 300 habitants ont fui la crue."),
        ("Le festival de Brax a fini le 3 mai.", "Le festival de Brax a fini le 4 mai."),
        ("Le maire de Brax a 54 ans.", "Le maire de Brax a 45 ans."),
    ],
)
def test_figures_of_two_things_dates_and_ages_are_no_contrast(one: str, other: str) -> None:
    assert _told(one, other) == []


def test_an_article_that_gives_both_figures_says_so_itself() -> None:
    both = MARCH.format("800 personnes") + " Les organisateurs ont compté 2 000 manifestants."
    assert _told(both, MARCH.format("2 000 personnes")) == []


def test_the_shipped_articles_on_one_event_differ_on_one_figure_each() -> None:
    named = {name[:3]: one for name, one in shipped_articles().items()}
    found = {
        pair: [
            sorted(
                one.highlight.of(one.article.text) for one in contrast.citations if one.highlight
            )
            for contrast in contrasts([named[name] for name in pair.split()])
        ]
        for pair in ("a07 a08", "b01 b02")
    }
    assert found == {
        "a07 a08": [["1\u202f800", "3\u00a0500"]],
        "b01 b02": [["340", "412"]],
    }
