"""A real base whose model writes, line by line, what a test gave it to write."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from knowledge.answer import Writer
from knowledge.model.engine import LlamaGenerator
from knowledge.model.grammar import AnswerStyle
from knowledge.model.templates import template_for
from knowledge.ports import Generator, Token
from knowledge.service import Knowledge
from knowledge.types import Prompt
from tests.scripted_models import write_scripted_model


class PacedGenerator:
    """Hands on what `generator` writes, each end of a line when the test lets it.

    As from a slower model: one that writes a page in a moment shows nothing on the way.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._lines = threading.Semaphore(0)

    def let_end(self, lines: int) -> None:
        """Let the model end so many lines more."""
        self._lines.release(lines)

    @property
    def name(self) -> str:
        return self._generator.name

    @property
    def context_tokens(self) -> int:
        return self._generator.context_tokens

    def count_tokens(self, text: str) -> int:
        return self._generator.count_tokens(text)

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
        pieces = self._generator.complete(
            prompt,
            grammar=grammar,
            max_tokens=max_tokens,
            deadline=deadline,
            should_stop=should_stop,
            temperature=temperature,
            seed=seed,
        )
        return self._paced(pieces, should_stop or (lambda: False))

    def close(self) -> None:
        self._generator.close()

    def _paced(self, pieces: Iterator[Token], should_stop: Callable[[], bool]) -> Iterator[Token]:
        for piece in pieces:
            ends_line = "\n" in piece.text or piece.finish is not None
            while ends_line and not self._lines.acquire(timeout=0.02) and not should_stop():
                pass
            yield piece  # told to stop, the generator gives up at its next piece


@contextmanager
def writing(
    base: Knowledge, folder: Path, *lines: str
) -> Iterator[tuple[Knowledge, PacedGenerator]]:
    """The base with a model that writes `lines` whatever it is asked, and its pace."""
    path = write_scripted_model(folder / "script.gguf", "\n".join(lines))
    with LlamaGenerator(path, context_tokens=4096, threads=1) as generator:
        paced = PacedGenerator(generator)
        yield replace(base, writer=Writer(paced, template_for(AnswerStyle.WRITTEN))), paced
