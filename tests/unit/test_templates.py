from importlib import resources

import pytest

from knowledge.errors import ModelError
from knowledge.model.grammar import ABSTENTION, AnswerStyle
from knowledge.model.templates import load_template, parse_template, template_for

DECLARED = {"version": "t.v1", "style": "redige", "variables": ["articles", "date", "question"]}
TEXT = "=== system\nConsigne.\n=== user\n{{articles}} {{date}} {{question}}\n"


def test_every_shipped_template_loads_and_names_the_abstention() -> None:
    names = {
        file.name.removesuffix(".txt")
        for file in resources.files("prompts").iterdir()
        if file.name.endswith(".txt")
    }

    assert {"answer.v1", "answer-citations.v1"} <= names
    for name in names:
        template = load_template(name)
        assert template.version == name
        assert ABSTENTION in template.system


@pytest.mark.parametrize("style", AnswerStyle)
def test_each_style_has_a_template(style: AnswerStyle) -> None:
    assert template_for(style).style is style


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (TEXT.replace("{{date}}", ""), {}),
        (TEXT.replace("{{date}}", "{{date}} {{date}}"), {}),
        (TEXT.replace("{{date}}", "{{heure}}"), {"variables": ["articles", "heure", "question"]}),
        (TEXT.replace("Consigne.", "{{date}}"), {}),
        (TEXT.replace("=== system", "=== systeme"), {}),
        ("=== user\n{{articles}} {{date}} {{question}}", {}),
        ("Avant\n" + TEXT, {}),
        ("=== system\nC\n=== user\n{{question}} {{date}} {{articles}}", {}),
        (TEXT, {"variables": ["articles"]}),
        (TEXT, {"version": "t.v2"}),
        (TEXT, {"style": "libre"}),
    ],
)
def test_a_template_that_differs_from_its_declaration_is_refused(
    text: str, changes: dict[str, object]
) -> None:
    with pytest.raises(ModelError, match="gabarit"):
        parse_template("t.v1", text, DECLARED | changes)


@pytest.mark.parametrize("name", ["answer.v999", "../settings", ""])
def test_an_unknown_template_is_an_error(name: str) -> None:
    with pytest.raises(ModelError, match="gabarit"):
        load_template(name)


def test_a_sound_template_is_cut_at_its_variables() -> None:
    template = parse_template("t.v1", TEXT, DECLARED)

    assert template.user_pieces() == ("", "articles", " ", "date", " ", "question", "")
