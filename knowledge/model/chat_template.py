"""The chat template that comes inside a GGUF, applied without showing it any text.

A template is a Jinja program by whoever made the file. It runs once, when the model is loaded, in
a process of its own with bounded time and memory (:mod:`knowledge.model.template_process`). What
it lays out are placeholders: each message of a prompt is put in its place afterwards, so that no
text, ours or an article's, passes through Jinja, and each piece of the result is still known as
trusted (the template's own words and ours) or untrusted.

Extensions follow those of transformers' ``apply_chat_template``, for which templates are written.
"""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.errors import ModelFileError
from knowledge.types import Prompt, PromptMessage, PromptPart

_LONGEST_TEMPLATE = 200_000  # characters; the longest known are near 20,000
_RUN_SECONDS = 15.0  # by the clock, on a busy machine; the processor time is bounded in there
_SHAPES = (("system", "user"), ("user",))
# What a template may ask of strftime: no widths, which could make a text of any size.
_DATE_FORMAT = re.compile(r"(?:%[aAbBcdHIjmMpSuUwWxXyYZ%]|[^%]){1,64}")


@dataclass(frozen=True, slots=True)
class _Layout:
    """What stands around the messages of one shape: one text more than there are messages.

    Each text alternates between the template's own words and formats of dates, words first.
    """

    around: tuple[tuple[str, ...], ...]

    def filled(self, messages: Sequence[PromptMessage]) -> tuple[PromptPart, ...]:
        """Return the prompt of `messages`, neighbours that are trusted merged."""
        parts = [_own(self.around[0])]
        for message, after in zip(messages, self.around[1:], strict=True):
            parts += [*message.parts, _own(after)]
        return _merged(parts)


class ChatTemplate:
    """A chat template, ready to lay out prompts. Immutable.

    `start` and `end` are the model's tokens around a text, `subject` is what errors name.

    Raises:
        ModelFileError: the template is not valid Jinja, is beyond reason in length, time or
            memory, or loses, repeats or reorders messages.
    """

    def __init__(self, source: str, *, start: str = "", end: str = "", subject: str = "") -> None:
        self._subject = subject
        if len(source) > _LONGEST_TEMPLATE:
            raise self._unusable("il est trop long")
        mark = f"part{secrets.token_hex(8)}n"
        texts = self._run(
            {
                "source": source,
                "constants": {"bos_token": start, "eos_token": end},
                "date_mark": f"{mark}d",
                "conversations": [_placeholders(shape, mark) for shape in _SHAPES],
            }
        )
        shown = zip(_SHAPES, texts, strict=True)
        layouts = ((shape, _layout(text, shape, mark)) for shape, text in shown)
        self._layouts = {shape: layout for shape, layout in layouts if layout is not None}
        if not self._layouts:
            raise self._unusable("il n’admet pas une consigne suivie d’une question")

    def render(self, prompt: Prompt) -> tuple[PromptPart, ...]:
        """Return the whole prompt up to where the model answers, neighbours of a kind merged.

        A template without a system role gets the system text at the head of the user's message.

        Raises:
            ModelFileError: the template has no place for such messages.
        """
        for messages in (prompt.messages, _folded(prompt.messages)):
            layout = self._layouts.get(tuple(message.role for message in messages))
            if layout is not None:
                return layout.filled(messages)
        raise self._unusable("il n’admet pas une consigne suivie d’une question")

    def _run(self, asked: dict[str, Any]) -> list[str | None]:
        """Return what the template makes of each conversation, None where it refuses."""
        script = Path(__file__).with_name("template_process.py")
        try:
            done = subprocess.run(  # noqa: S603 - our interpreter and our script
                [sys.executable, "-P", str(script)],
                input=json.dumps(asked).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_RUN_SECONDS,
                check=True,
            )
            answered = json.loads(done.stdout)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise self._unusable("il demande trop de temps ou de mémoire") from error
        if "error" in answered:
            raise self._unusable("il est mal écrit")
        texts: list[str | None] = answered["texts"]
        return texts

    def _unusable(self, why: str) -> ModelFileError:
        return ModelFileError(
            f"Le gabarit de conversation de ce modèle ne convient pas : {why}. Choisissez un autre "
            "modèle (« sourcier models list »).",
            subject=self._subject,
        )


def _placeholders(shape: tuple[str, ...], mark: str) -> list[dict[str, str]]:
    return [{"role": role, "content": f"{mark}{n}e"} for n, role in enumerate(shape)]


def _layout(text: str | None, shape: tuple[str, ...], mark: str) -> _Layout | None:
    """Return the layout that `text` shows; None if a message is not in its place exactly once."""
    if text is None:
        return None
    pieces = re.split(rf"{mark}(\d{{1,3}})e", text)
    if [int(number) for number in pieces[1::2]] != list(range(len(shape))):
        return None
    around = []
    for piece in pieces[::2]:
        words = re.split(rf"{mark}d((?:[0-9a-f]{{2}})*)e", piece)
        words[1::2] = [bytes.fromhex(form).decode("utf-8", "replace") for form in words[1::2]]
        if not all(map(_DATE_FORMAT.fullmatch, words[1::2])):
            return None
        around.append(tuple(words))
    return _Layout(tuple(around))


def _own(words: tuple[str, ...]) -> PromptPart:
    """Return the template's words with the dates it asks for, as of now: a bot runs for months."""
    shown = (time.strftime(text) if number % 2 else text for number, text in enumerate(words))
    return PromptPart("".join(shown), trusted=True)


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
