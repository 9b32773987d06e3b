"""The chat template that comes inside a GGUF, applied without showing it any text.

A template is a Jinja program by whoever made the file. It runs in a sandbox, and what it lays out
are placeholders: each part of the prompt is put in its place afterwards, so that no text, ours or
an article's, passes through Jinja, and each piece of the result is still known as trusted (the
template's own words and ours) or untrusted.

Extensions follow those of transformers' ``apply_chat_template``, for which templates are written.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Sequence
from typing import Any, NoReturn

from knowledge.errors import ModelFileError
from knowledge.types import Prompt, PromptMessage, PromptPart

_LONGEST_TEMPLATE = 200_000  # characters; the longest known are near 20,000


class _TemplateRefusalError(Exception):
    """The template itself refuses these messages (``raise_exception``)."""


class ChatTemplate:
    """A chat template, ready to lay out prompts. Thread-safe.

    Raises:
        ModelFileError: the template is not valid Jinja, or is beyond reason.
    """

    def __init__(self, source: str, *, start: str = "", end: str = "", subject: str = "") -> None:
        from jinja2 import TemplateError
        from jinja2.ext import loopcontrols
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        self._subject = subject
        self._constants = {"bos_token": start, "eos_token": end}
        if len(source) > _LONGEST_TEMPLATE:
            raise self._unusable("il est trop long")
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=[loopcontrols],
            autoescape=False,  # no HTML here, and placeholders hold no markup
        )
        environment.filters["tojson"] = _to_json
        try:
            self._template = environment.from_string(source)
        except (TemplateError, RecursionError) as error:
            raise self._unusable("il est mal écrit") from error

    def render(self, prompt: Prompt) -> tuple[PromptPart, ...]:
        """Return the whole prompt up to where the model answers, neighbours of a kind merged.

        A template without a system role gets the system text at the head of the user's message.

        Raises:
            ModelFileError: the template loses, repeats or reorders parts, or fails.
        """
        for messages in (prompt.messages, _folded(prompt.messages)):
            try:
                parts = self._laid_out(messages)
            except _TemplateRefusalError:
                continue
            if parts is not None:
                return parts
        raise self._unusable("il n’admet pas une consigne suivie d’une question")

    def _laid_out(self, messages: Sequence[PromptMessage]) -> tuple[PromptPart, ...] | None:
        mark = f"part{secrets.token_hex(8)}n"
        parts = [part for message in messages for part in message.parts]
        numbers = iter(range(len(parts)))
        shown = [
            {
                "role": message.role,
                "content": "".join(f"{mark}{next(numbers)}e" for _ in message.parts),
            }
            for message in messages
        ]
        pieces = re.split(rf"{mark}(\d+)e", self._run(shown))
        if [int(number) for number in pieces[1::2]] != list(range(len(parts))):
            return None
        laid_out = [PromptPart(pieces[0], trusted=True)]
        for part, text in zip(parts, pieces[2::2], strict=True):
            laid_out += [part, PromptPart(text, trusted=True)]
        return _merged(laid_out)

    def _run(self, messages: list[dict[str, str]]) -> str:
        try:
            return self._template.render(
                messages=messages,
                add_generation_prompt=True,
                enable_thinking=False,  # the grammar leaves no room for thoughts
                tools=None,
                raise_exception=_refuse,
                strftime_now=time.strftime,
                **self._constants,
            )
        except _TemplateRefusalError:
            raise
        except Exception as error:  # a template may fail in any way
            raise self._unusable("il échoue") from error

    def _unusable(self, why: str) -> ModelFileError:
        return ModelFileError(
            f"Le gabarit de conversation de ce modèle ne convient pas : {why}. Choisissez un autre "
            "modèle (« sourcier models list »).",
            subject=self._subject,
        )


def _refuse(_message: str) -> NoReturn:
    raise _TemplateRefusalError


def _to_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _folded(messages: Sequence[PromptMessage]) -> tuple[PromptMessage, ...]:
    """Return `messages` with the system text moved to the head of the first user's message."""
    system = [part for message in messages if message.role == "system" for part in message.parts]
    others = [message for message in messages if message.role != "system"]
    if not system or not others:
        return tuple(messages)
    first = others[0]
    joined = (*system, PromptPart("\n\n", trusted=True), *first.parts)
    return (PromptMessage(first.role, joined), *others[1:])


def _merged(parts: Sequence[PromptPart]) -> tuple[PromptPart, ...]:
    merged: list[PromptPart] = []
    for part in parts:
        if not part.text:
            continue
        if merged and merged[-1].trusted and part.trusted:
            merged[-1] = PromptPart(merged[-1].text + part.text, trusted=True)
        else:
            merged.append(part)
    return tuple(merged)
