"""Which sentence carries the news, and which do not stand alone."""

import pytest

from knowledge.digest.news import best_of, news_candidates
from knowledge.digest.openings import opens_unresolved
from tests.news import POOL, TRAIN, draft, read

NEWS = "Le conseil municipal de Valmorin a voté lundi 4 mai la reconstruction de la piscine."
TITLE = "Valmorin vote la reconstruction de la piscine"


@pytest.mark.parametrize(
    "text",
    [
        "Il a annoncé sa démission.",
        "« Elle viendra », dit-on.",
        "Cette décision a surpris.",
        "C’est une première.",
        "Par ailleurs, la mairie fermera.",
        "Cependant, rien ne change.",
        "Celui-ci a refusé.",
        "Son président démissionne.",
        "De son côté, la région attend.",
        "Mais la pluie est venue.",
        "Ces mesures s’appliquent lundi.",
    ],
)
def test_a_sentence_that_leans_on_the_one_before_is_unresolved(text: str) -> None:
    assert opens_unresolved(text)


@pytest.mark.parametrize(
    "text",
    [
        "Il est tombé 94 millimètres de pluie.",
        "Il faut réserver.",
        "Il y a deux ans, le maire promettait un stade.",
        "La mairie fermera.",
        "Elbeuf vote le budget.",
        "Maison Dupont ferme ses portes.",
        "Cergy attend son train.",
        "Quatre mois plus tard, le chantier commence.",
    ],
)
def test_an_impersonal_il_and_plain_subjects_stand_alone(text: str) -> None:
    assert not opens_unresolved(text)


@pytest.mark.parametrize(
    "opening",
    [
        "La séance fut longue.",
        "Qui l’aurait cru ?",
        "Les élus au travail (photo AFP)",
        "Lire aussi : le budget de la ville voté mardi 5 mai par les élus de Valmorin.",
        "« Nous avons voté la reconstruction de la piscine de Valmorin », a dit la maire lundi.",
        "Il a voté lundi 4 mai la reconstruction de la piscine de Valmorin par 27 voix.",
    ],
)
def test_the_news_is_told_by_what_happened_not_by_an_opening_line(opening: str) -> None:
    text = f"{opening}\n\n{NEWS} Les débats ont duré cinq heures. Le public était nombreux."
    assert news_candidates(read(draft(text, TITLE)))[0].sentence.text == NEWS


def test_an_unresolved_sentence_is_taken_where_nothing_else_tells() -> None:
    only = "Il a démissionné lundi 4 mai de la mairie de Valmorin."
    found = news_candidates(
        read(draft(f"{only} Pourquoi ? Qui sait ?", "Valmorin : le maire part"))
    )
    assert found[0].sentence.text == only


def test_what_was_told_gives_way_to_another_sentence_nearly_as_good() -> None:
    flood = "Mardi 5 mai, la Serne a inondé 230 maisons de Valmorin."
    candidates = news_candidates(read(draft(f"{NEWS} {flood}", "Valmorin inondée vote sa piscine")))
    assert [one.sentence.text for one in candidates] == [NEWS, flood]
    assert best_of(candidates, [candidates[0].reading]) == candidates[1]
    assert best_of(candidates, [read(draft(TRAIN)).readings[0]]) == candidates[0]


def test_every_sentence_is_a_candidate_and_an_empty_article_an_error() -> None:
    assert len(news_candidates(read(draft(POOL)))) == 5
    with pytest.raises(ValueError, match="tells nothing"):
        best_of(())
