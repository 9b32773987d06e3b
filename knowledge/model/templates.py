"""Prompt templates: versioned files of the package ``prompts``, checked when they are loaded.

``<name>.txt`` has two sections, ``=== system`` and ``=== user``, with variables in double braces;
``<name>.toml`` declares its version, its style and those variables.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from knowledge.errors import ModelError
from knowledge.model.grammar import AnswerStyle

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")
_SECTION = re.compile(r"^=== (\w+)\n", re.MULTILINE)
_ROLES = ("system", "user")
_KNOWN_VARIABLES = frozenset({"articles", "date", "question"})


@dataclass(frozen=True, slots=True)
class PromptTemplate:
    """A released prompt. `system` has no variable, so that every prompt starts alike."""

    version: str
    style: AnswerStyle
    system: str
    user: str

    def user_pieces(self) -> tuple[str, ...]:
        """Return the user's text cut at its variables: text, name, text, name, … text."""
        return tuple(_VARIABLE.split(self.user))


def load_template(version: str) -> PromptTemplate:
    """Return the template shipped under that name, such as ``answer.v1``.

    Raises:
        ModelError: there is none, or its file and its declaration disagree.
    """
    folder = resources.files("prompts")
    try:
        text = (folder / f"{version}.txt").read_text(encoding="utf-8")
        declared = tomllib.loads((folder / f"{version}.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _defective(version, "fichier absent ou illisible") from error
    return parse_template(version, text, declared)


def template_for(style: AnswerStyle | str) -> PromptTemplate:
    """Return the current template of that style."""
    current = {AnswerStyle.WRITTEN: "answer.v1", AnswerStyle.CITATIONS: "answer-citations.v1"}
    return load_template(current[AnswerStyle(style)])


def parse_template(version: str, text: str, declared: dict[str, Any]) -> PromptTemplate:
    """Return the template that `text` and its declaration describe.

    Raises:
        ModelError: they disagree, or name a variable that nothing fills.
    """
    pieces = _SECTION.split(text)
    if pieces[0].strip() or tuple(pieces[1::2]) != _ROLES:
        raise _defective(version, "il faut les sections system puis user")
    system, user = (piece.strip() for piece in pieces[2::2])
    used = _VARIABLE.findall(user)
    if _VARIABLE.search(system):
        raise _defective(version, "la section system ne peut pas avoir de variable")
    if sorted(used) != sorted(declared.get("variables", [])):
        raise _defective(version, "les variables déclarées ne sont pas celles du texte")
    if set(used) != _KNOWN_VARIABLES or used[0] != "articles" or "question" not in used[-1:]:
        raise _defective(version, "les articles viennent en premier et la question en dernier")
    if declared.get("version") != version or declared.get("style") not in set(AnswerStyle):
        raise _defective(version, "version ou style inattendu")
    return PromptTemplate(version, AnswerStyle(declared["style"]), system, user)


def _defective(version: str, why: str) -> ModelError:
    return ModelError(f"Le gabarit {version} est inutilisable : {why}.", subject=version)
