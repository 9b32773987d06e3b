"""What is not French is not shown as a claim."""

from __future__ import annotations

import pytest

from knowledge.text.language import is_french


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("Le maire l’a dit.", True),
        ("Valmorin, 12 mars", True),
        ("Marie Dupont, maire de Valmorin", True),
        ("Le film “The Lake of Valmorin” est sorti dans les salles du pays.", True),
        ("The mayor said it is done.", False),
        ("La alcaldesa dijo que el proyecto es para los vecinos.", False),
        ("Der Bürgermeister hat das nicht gesagt.", False),
        ("Мэр сказал", False),
        ("12 %", False),
        ("", False),
    ],
)
def test_function_words_tell_the_language(text: str, french: bool) -> None:
    assert is_french(text) is french
