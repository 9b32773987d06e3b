"""Typing errors of a question, put right by the sentences found; names and French words stay."""

import pytest

from knowledge.conversation import ContextualQuestion
from knowledge.search.reading import read_sentence
from knowledge.search.typing_errors import mended

READINGS = [
    read_sentence(sentence)
    for sentence in (
        "À Valcombe, 412 personnes ont été évacuées vers la piscine.",
        "Le seigle a un rendement faible, dit Martine Delorme.",
        "Les spectateurs ont quitté le stade pendant le match.",
        "Le poisson est vendu à la criée par un pêcheur solitaire.",
    )
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Combien de personnnes à Valcombe ?", "Combien de personnes à Valcombe ?"),
        ("Quel est le rendemnt du seigle ?", "Quel est le rendement du seigle ?"),
        ("Combien de spectaeurs ?", "Combien de spectateurs ?"),
        ("Où est la pisicne ?", "Où est la piscine ?"),
        ("Combein de personnnes ?", "combien de personnes ?"),
    ],
)
def test_a_mistyped_word_is_read_as_the_one_that_was_found(typed: str, meant: str) -> None:
    assert mended(ContextualQuestion(typed), READINGS).text == meant


@pytest.mark.parametrize(
    "question",
    [
        "Combien de personnes à Valcombe ?",
        "Que dit Martin Delorne à Valcombes ?",  # names of others
        "Qui vend le poison ?",  # a word of its own
        "Combien de spectateur ?",  # the same word
        "La criée est-elle solidaire ?",  # another letter makes another word
        "Où est le zigouigoui ?",  # like nothing that was found
        "",
    ],
)
def test_names_french_words_and_words_like_no_other_stay(question: str) -> None:
    asked = ContextualQuestion(question, carried=("seigle",))
    assert mended(asked, READINGS) is asked
