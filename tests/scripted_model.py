"""A model that says what a test gave it to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from knowledge.ports import FinishReason, Token
from knowledge.types import (
    Prompt,
)


class ScriptedGenerator:
    """Says what it was given to say, and remembers what it was asked."""

    name = "scripted"

    def __init__(
        self,
        text: str = "",
        *,
        finish: FinishReason = FinishReason.STOP,
        failure: Exception | None = None,
        context_tokens: int = 4096,
    ) -> None:
        self.text, self.finish, self.failure = text, finish, failure
        self.context_tokens = context_tokens
        self.prompts: list[Prompt] = []
        self.written = 0  # characters

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def complete(
        self,
        prompt: Prompt,
        *,
        grammar: str | None,
        max_tokens: int,
        deadline: float | None = None,
        should_stop: Callable[[], bool] | None = None,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> Iterator[Token]:
        self.prompts.append(prompt)
        if self.failure is not None:
            raise self.failure
        for letter in self.text:
            self.written += 1
            yield Token(letter)
        yield Token("", self.finish)

    def close(self) -> None:
        pass
