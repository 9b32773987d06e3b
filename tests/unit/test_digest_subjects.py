"""Which articles a reader's words, outlets and feeds choose."""

import pytest

from knowledge.digest.subjects import Wanted
from knowledge.digest.types import Copy, Subjects
from tests.news import POOL, WINDOW, draft, read

ARTICLE = read(
    draft(POOL + " À l’Est, l’eau potable manque ; le prix de l’eau des villes monte."),
    copies=(Copy("Ouest Presse", None, None),),
    feeds="un deux",
)


@pytest.mark.parametrize(
    ("subjects", "wanted"),
    [
        (Subjects(), True),
        (Subjects(words=("élus",)), True),
        (Subjects(words=("ELU",)), True),
        (Subjects(words=("l'élu municipal", "reconstructions")), True),
        (Subjects(words=("conseils municipaux",)), True),
        (Subjects(words=("conseil Tanneurs",)), False),  # not together
        (Subjects(words=("prix des eaux",)), True),
        (Subjects(words=("football",)), False),
        (Subjects(words=("est",)), True),  # a stop word alone is looked for as it is
        (Subjects(words=("nul",)), False),
        (Subjects(words=("piscine",), avoid=("chèque en blanc",)), False),
        (Subjects(avoid=("football",)), True),
        (Subjects(outlets=("la gazette",)), True),
        (Subjects(outlets=("Ouest Presse",)), True),  # of the same text
        (Subjects(outlets=("Le Courrier",)), False),
        (Subjects(feeds=("deux",)), True),
        (Subjects(feeds=("trois",)), False),
        (Subjects(words=("piscine",), feeds=("trois",)), False),
    ],
)
def test_an_article_is_wanted_by_stems_outlets_and_feeds(subjects: Subjects, wanted: bool) -> None:
    assert Wanted(subjects, WINDOW).includes(ARTICLE) is wanted
