"""Follow-up questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.conversation import ContextualQuestion, contextualise, is_elliptical
from knowledge.text.characters import normalise
from knowledge.types import Exchange, Question

POOL = Exchange("Quand la piscine des Tanneurs ouvrira-t-elle ?", ("pool",))


@pytest.mark.parametrize(
    "text",
    [
        "Et combien coûtera-t-elle ?",
        "Qui l’a décidé ?",
        "Et à Valmorin ?",
        "Pourquoi ?",
        "Quel est son âge ?",
        "Pour quel montant ?",
        "Que lui reproche-t-on ?",
        "Comment s’appelle son avocat ?",
    ],
)
def test_a_question_without_a_subject_of_its_own_leans_on_the_conversation(text: str) -> None:
    assert is_elliptical(text)


@pytest.mark.parametrize(
    "text",
    [
        "Quand la piscine ouvrira-t-elle ?",
        "Qui est le maire de Courvigny ?",
        "Combien d’éoliennes sont prévues sur le plateau des Brandes ?",
        "Quelle est la capitale de la France ?",
    ],
)
def test_a_question_with_a_subject_stands_alone(text: str) -> None:
    assert not is_elliptical(text)


def test_a_follow_up_carries_the_words_and_the_article_of_the_question_before() -> None:
    found = contextualise(Question("Et combien coûtera-t-elle ?", (POOL,)))
    assert found == ContextualQuestion(
        "Et combien coûtera-t-elle ?", ("piscine", "Tanneurs", "ouvrira"), ("pool",)
    )
    assert found.search_text == "Et combien coûtera-t-elle ? piscine Tanneurs ouvrira"


def test_a_chain_of_follow_ups_reaches_the_question_that_named_the_subject() -> None:
    second = Exchange("Et combien coûtera-t-elle ?", ("pool",))
    found = contextualise(Question("Qui l’a décidé ?", (POOL, second)))
    assert set(found.carried) >= {"piscine", "Tanneurs"}
    assert found.articles == ("pool",)


def test_an_earlier_subject_is_left_behind_once_another_was_named() -> None:
    train = Exchange("Quand le train de Corvières recommencera-t-il à circuler ?", ("train",))
    found = contextualise(Question("Et combien faudra-t-il payer ?", (POOL, train)))
    assert "piscine" not in found.carried
    assert found.articles == ("train",)


def test_a_question_that_names_its_subject_takes_nothing() -> None:
    text = "Qui est le maire de Courvigny ?"
    assert contextualise(Question(text, (POOL,))) == ContextualQuestion(text)


def test_a_question_without_a_name_prefers_the_article_but_carries_no_word() -> None:
    text = "Quel est le prix du billet plein tarif ?"
    found = contextualise(Question(text, (POOL,)))
    assert found == ContextualQuestion(text, articles=("pool",))
    assert not found.is_follow_up


@given(st.text())
def test_without_a_history_every_question_stands_alone(text: str) -> None:
    assert contextualise(Question(text)) == ContextualQuestion(normalise(text))


def test_invisible_characters_and_decomposed_accents_hide_no_word() -> None:
    pasted = "Com\u200bbien cou\u0302te\u0301 la halle de Mor\ufeffte\u00adval\u202e ?"
    assert contextualise(Question(pasted)).text == "Combien coûté la halle de Morteval ?"
    earlier = Exchange(POOL.question.replace("piscine", "pis\u200bcine"), POOL.article_ids)
    found = contextualise(Question("Et com\u2060bien coûtera-t-elle ?", (earlier,)))
    assert found == contextualise(Question("Et combien coûtera-t-elle ?", (POOL,)))
