"""Which questions lean on the conversation, and what they take from it: a table of both kinds."""

import pytest

from knowledge.conversation import contextualise, is_elliptical
from knowledge.search.question import AnswerType
from knowledge.types import Exchange, Question

JOBS = Exchange("Combien de postes seront supprimés à Valmorin en 2024 ?", ("jobs",))

FOLLOW_UPS = """Et à Courvigny ?
Et en 2025 ?
Et pourquoi ?
Et lui ?
Et elle ?
Et combien ?
Et combien à Courvigny ?
Et l’an dernier ?
Et le maire ?
Et pour les enfants ?
Et Hélène Carvenec ?
Mais pourquoi ?
Quand ?
Où ça ?
Combien coûtera-t-elle ?
Qui l’a décidé ?
Et quand ouvrira-t-il ?
Qu’en pense le maire ?
Comment s’appelle-t-il ?
Alors, combien a-t-elle coûté ?"""

INDEPENDENT = """Qui est le maire de Courvigny ?
Et qui est le maire de Courvigny ?
Alors, quel est le prix du billet pour Port-Lannec ?
Sinon, quand rouvre la ligne de train entre Valmorin et Port-Lannec ?
Et combien de personnes ont été évacuées à Valcombe ?
Mais pourquoi le conseil municipal de Valmorin a-t-il refusé le projet ?
Combien d’éoliennes sont prévues sur le plateau des Brandes ?
Quand la piscine ouvrira-t-elle ?
Quelle est la capitale de la France ?
Où aura lieu la réunion publique sur l’hôpital ?
Quel pesticide a pollué l’eau de Courvigny ?
Pourquoi les agriculteurs bloquent-ils la rocade ?
Combien de bébés sont nés à la maternité en 2025 ?
Qui a gagné la course en solitaire ?
Comment voter par procuration aux élections municipales ?"""


@pytest.mark.parametrize("text", FOLLOW_UPS.splitlines())
def test_it_leans_on_the_conversation(text: str) -> None:
    assert is_elliptical(text)
    assert contextualise(Question(text, (JOBS,))).is_follow_up


@pytest.mark.parametrize("text", INDEPENDENT.splitlines())
def test_it_stands_alone_and_takes_no_word(text: str) -> None:
    assert not is_elliptical(text)
    assert contextualise(Question(text, (JOBS,))).carried == ()


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("Et à Courvigny ?", ("postes", "supprimés", "2024")),
        ("Et à Valcombe-sur-Aurelle ?", ("postes", "supprimés", "2024")),
        ("Et en 2025 ?", ("postes", "supprimés", "Valmorin")),
        ("Et à Courvigny en 2025 ?", ("postes", "supprimés")),
        ("Et pourquoi ?", ("postes", "supprimés", "Valmorin", "2024")),
    ],
)
def test_a_place_or_a_time_given_anew_replaces_the_earlier_one(
    text: str, carried: tuple[str, ...]
) -> None:
    found = contextualise(Question(text, (JOBS,)))
    assert found.carried == carried
    assert found.articles == ("jobs",)


@pytest.mark.parametrize(
    ("text", "kind", "head"),
    [
        ("Et à Courvigny ?", AnswerType.NUMBER, "post"),
        ("Et en 2025 ?", AnswerType.NUMBER, "post"),
        ("Et pourquoi ?", AnswerType.REASON, None),
        ("Et quand ?", AnswerType.DATE, None),
    ],
)
def test_a_follow_up_asks_for_what_was_asked_unless_it_says_otherwise(
    text: str, kind: AnswerType, head: str | None
) -> None:
    analysis = contextualise(Question(text, (JOBS,))).analysis
    assert (analysis.type, analysis.head) == (kind, head)


def test_the_kind_of_answer_is_inherited_through_a_chain() -> None:
    place = Exchange("Et à Courvigny ?", ("jobs",))
    found = contextualise(Question("Et à Trévanne ?", (JOBS, place)))
    assert found.analysis.type is AnswerType.NUMBER
    assert not {"Courvigny", "Valmorin"} & set(found.carried)
