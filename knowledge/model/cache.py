"""Prompts that were read, kept as llama.cpp's state of them: pure bookkeeping.

They are kept beside the context, not in it: reading a prompt looks at every cell in use, so a
context full of old prompts makes a new one up to three times slower (30M model, measured), while
a state of 700 tokens is put back in a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

# What a kept prompt lacks of another may be read again: it is a question, not passages.
_NEGLIGIBLE_TAIL = 128

Tokens = NDArray[np.int32]


@dataclass(eq=False, slots=True)
class KeptPrompt:
    """The tokens of a prompt and llama.cpp's state after reading them."""

    tokens: Tokens
    state: NDArray[np.uint8]
    last_use: int = 0


@dataclass(slots=True)
class PromptCache:
    """Kept prompts, together at most `budget` bytes; the least recently used goes first."""

    budget: int
    _kept: list[KeptPrompt] = field(default_factory=list)
    _clock: int = 0

    @property
    def used(self) -> int:
        """How many bytes are held."""
        return sum(prompt.state.nbytes for prompt in self._kept)

    def nearest(self, tokens: Tokens) -> tuple[KeptPrompt | None, int]:
        """Return the prompt that shares the longest beginning with `tokens`, and its length."""
        best: KeptPrompt | None = None
        longest = 0
        for prompt in self._kept:
            shared = common_prefix(prompt.tokens, tokens)
            if shared > longest:
                best, longest = prompt, shared
        return best, longest

    def touch(self, prompt: KeptPrompt) -> None:
        """Note that `prompt` was of use."""
        self._clock += 1
        prompt.last_use = self._clock

    def covers(self, tokens: Tokens) -> bool:
        """Tell whether keeping `tokens` would add nothing worth its bytes; if so, note the use."""
        prompt, shared = self.nearest(tokens)
        if prompt is None or len(tokens) - shared > _NEGLIGIBLE_TAIL:
            return False
        self.touch(prompt)
        return True

    def keep(self, tokens: Tokens, state: NDArray[np.uint8]) -> None:
        """Keep a prompt in place of those it makes superfluous and of the oldest, if it fits."""
        if state.nbytes > self.budget:
            return
        self._kept = [
            prompt
            for prompt in self._kept
            if len(prompt.tokens) - common_prefix(prompt.tokens, tokens) > _NEGLIGIBLE_TAIL
        ]
        while self.used + state.nbytes > self.budget:
            self.forget(min(self._kept, key=lambda prompt: prompt.last_use))
        prompt = KeptPrompt(tokens, state)
        self.touch(prompt)
        self._kept.append(prompt)

    def forget(self, prompt: KeptPrompt) -> None:
        """Forget `prompt`."""
        self._kept.remove(prompt)


def common_prefix(first: Tokens, second: Tokens) -> int:
    """Return how many leading tokens two sequences share."""
    shortest = min(len(first), len(second))
    different = np.flatnonzero(first[:shortest] != second[:shortest])
    return int(different[0]) if len(different) else shortest
