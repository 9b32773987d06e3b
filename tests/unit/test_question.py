"""What a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.question import AnswerType, analyse_question
from knowledge.text.french import stem


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Combien d’élèves vont à Courvigny ?", AnswerType.NUMBER),
        ("Quel est le coût total du chantier ?", AnswerType.NUMBER),
        ("Quel âge a la maire ?", AnswerType.NUMBER),
        ("Quand le chantier va-t-il démarrer ?", AnswerType.DATE),
        ("En quelle année a-t-elle été fondée ?", AnswerType.DATE),
        ("Qui a dessiné le projet ?", AnswerType.PERSON),
        ("Par qui la loi a-t-elle été votée ?", AnswerType.PERSON),
        ("Quel maire a démissionné ?", AnswerType.PERSON),
        ("Comment s’appelle son avocat ?", AnswerType.PERSON),
        ("Où se trouve l’usine ?", AnswerType.PLACE),
        ("Dans quelle ville est-il né ?", AnswerType.PLACE),
        ("Pourquoi la piscine a-t-elle fermé ?", AnswerType.REASON),
        ("Comment l’eau sera-t-elle chauffée ?", AnswerType.MANNER),
        ("Que signifie ACP ?", AnswerType.DEFINITION),
        ("Que réclament les grévistes ?", AnswerType.THING),
        ("Quel client l’usine a-t-elle perdu ?", AnswerType.THING),
        ("budget restauration fresque", AnswerType.OTHER),
    ],
)
def test_the_interrogative_tells_the_kind_of_answer(question: str, kind: AnswerType) -> None:
    assert analyse_question(question).type is kind


def test_the_noun_counted_is_the_head() -> None:
    assert analyse_question("Combien d'éoliennes sont prévues ?").head == stem("éoliennes")


def test_names_and_numbers_are_told_apart_and_the_first_word_is_no_name() -> None:
    analysis = analyse_question("Pourquoi Hélène Carvenec veut-elle 18,4 millions en 2026 ?")
    assert analysis.names == {stem("Hélène"), stem("Carvenec")}
    assert analysis.numbers == {"18.4", "2026"}


def test_a_question_all_in_capitals_has_no_names() -> None:
    assert analyse_question("QUI A GAGNÉ LA COUPE ?").names == frozenset()


def test_a_price_is_asked_in_money() -> None:
    assert "euros" in analyse_question("Combien coûtera la piscine ?").units


@given(st.text())
def test_any_text_is_a_question(text: str) -> None:
    analysis = analyse_question(text)
    assert len(set(analysis.stems)) == len(analysis.stems)
    assert analysis.names <= set(analysis.stems)
