"""What is polite and asks nothing."""

import pytest

from bot.courtesies import Courtesy, courtesy


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Merci !", Courtesy.THANKS),
        ("merci beaucoup pour votre réponse\u202f!", Courtesy.THANKS),
        ("OK, merci 🙏", Courtesy.THANKS),
        ("Bonjour, merci", Courtesy.THANKS),
        ("bonjour", Courtesy.GREETING),
        ("Bonsoir à tous", Courtesy.GREETING),
        ("Au revoir !", Courtesy.FAREWELL),
        ("Bonne journée", Courtesy.FAREWELL),
        ("À bientôt", Courtesy.FAREWELL),
        ("D’accord.", Courtesy.AGREEMENT),
        ("ok", Courtesy.AGREEMENT),
        ("👍", Courtesy.AGREEMENT),
        ("👍🏽 ❤\ufe0f", Courtesy.AGREEMENT),
        ("Aide", Courtesy.INQUIRY),
        ("Aidez-moi !", Courtesy.INQUIRY),
        ("Qui es-tu\u202f?", Courtesy.INQUIRY),
        ("À quoi servez-vous ?", Courtesy.INQUIRY),
        ("Bonjour, que sais-tu faire ?", Courtesy.INQUIRY),
        ("Salut, qui es-tu ?", Courtesy.INQUIRY),
        ("salut ça va ?", Courtesy.GREETING),
        ("Comment allez-vous ?", Courtesy.GREETING),
    ],
)
def test_a_courtesy_is_told(text: str, kind: Courtesy) -> None:
    assert courtesy(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, quand la piscine rouvre-t-elle ?",
        "Merci de me dire quand la piscine rouvre",
        "merci ?",
        "Qui es-tu allé voir ?",
        "Ça va fermer ?",
        "Bonjour ?",
        "aide au logement",
        "Qui a dit merci",
        "la nuit du 4 août",
        "et la réponse",
        "pour tous",
        "😀",
        "!",
        "",
        "merci " * 11,
    ],
)
def test_what_may_be_a_question_is_none(text: str) -> None:
    assert courtesy(text) is None
