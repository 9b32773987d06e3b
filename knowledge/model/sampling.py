"""Choosing the next token: by likelihood or by lot, within a grammar.

A grammar looks at every candidate it is given (4 ms for 16,000, measured), so it is asked about
the one token that the model prefers, and only when it refuses about more of them, in the order of
preference: the result is exactly that of masking the whole vocabulary first.

To draw by lot is to prefer by likelihood plus Gumbel noise (Gumbel 1954; Maddison, Tarlow, Minka
2014), so both cases are one search for the first admitted candidate.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import GrammarError
from knowledge.model.native import native

_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
# What is at most this much as likely as the likeliest is never drawn (min-p sampling).
_MINIMUM_RATIO = 0.05
_FIRST_GROUP = 32


class GrammarState:
    """How far an answer has come in its grammar. Used by one thread at a time.

    Raises:
        GrammarError: llama.cpp cannot read the grammar. A sampler made of it would end the
            process, so this is found out first.
    """

    def __init__(self, grammar: str, vocabulary: Any) -> None:
        library = native()
        pointer = None
        if grammar.strip() and "\0" not in grammar:  # an empty one would admit everything
            pointer = library.llama_sampler_init_grammar(vocabulary, grammar.encode(), b"root")
        if not pointer:
            raise GrammarError(
                "llama.cpp refuse la grammaire de la réponse : c’est un défaut de Sourcier."
            )
        self._pointer: Any = pointer
        self._free = weakref.finalize(self, library.llama_sampler_free, pointer)
        self._one = np.zeros(1, dtype=_CANDIDATE)
        self._one_array = _candidate_array(self._one)

    def admits(self, token: int) -> bool:
        """Tell whether `token` may come next."""
        self._one["id"] = token
        self._one["logit"] = 0.0
        self._one_array.size = 1
        native().llama_sampler_apply(self._pointer, ctypes.byref(self._one_array))
        return bool(self._one["logit"][0] == 0.0)

    def admitted(self, tokens: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell of each of `tokens` whether it may come next."""
        candidates = np.zeros(len(tokens), dtype=_CANDIDATE)
        candidates["id"] = tokens
        native().llama_sampler_apply(self._pointer, ctypes.byref(_candidate_array(candidates)))
        result: NDArray[np.bool_] = candidates["logit"] == 0.0
        return result

    def accept(self, token: int) -> None:
        """Go on with `token`, which must have been admitted and not end the answer."""
        native().llama_sampler_accept(self._pointer, token)

    def close(self) -> None:
        """Free the state; it may be called again."""
        self._free()


class Chooser:
    """Chooses tokens for one answer. Deterministic for a seed. Used by one thread at a time."""

    def __init__(self, *, temperature: float, seed: int, grammar: GrammarState | None) -> None:
        self._temperature = temperature
        self._random = np.random.default_rng(seed)
        self._grammar = grammar

    def choose(self, logits: NDArray[np.float32]) -> int:
        """Return the next token, which the grammar admits.

        Raises:
            GrammarError: the grammar admits nothing that the vocabulary can write.
        """
        if self._temperature <= 0.0:
            best = int(logits.argmax())
            if self._grammar is None or self._grammar.admits(best):
                return best
            return self._first_admitted(_by_preference(logits))
        return self._first_admitted(self._drawn(logits))

    def accept(self, token: int) -> None:
        """Go on with `token` (not one that ends the answer)."""
        if self._grammar is not None:
            self._grammar.accept(token)

    def close(self) -> None:
        """Free the grammar's state."""
        if self._grammar is not None:
            self._grammar.close()

    def _first_admitted(self, groups: Iterator[NDArray[np.intp]]) -> int:
        for group in groups:
            if self._grammar is None or self._grammar.admits(int(group[0])):
                return int(group[0])
            admitted = np.flatnonzero(self._grammar.admitted(group))
            if len(admitted):
                return int(group[admitted[0]])
        raise GrammarError("La grammaire de la réponse mène à une impasse : défaut de Sourcier.")

    def _drawn(self, logits: NDArray[np.float32]) -> Iterator[NDArray[np.intp]]:
        """Yield groups of candidates in the order they are drawn.

        First the likely ones; if the grammar refuses them all, the likely ones of the rest.
        """
        scaled = logits.astype(np.float64) / self._temperature
        while True:
            likeliest = scaled.max()
            if likeliest == -np.inf:
                return
            likely = np.flatnonzero(scaled >= likeliest + np.log(_MINIMUM_RATIO))
            drawn = scaled[likely] + self._random.gumbel(size=len(likely))
            yield likely[np.argsort(-drawn, kind="stable")]
            scaled[likely] = -np.inf


def _by_preference(logits: NDArray[np.float32]) -> Iterator[NDArray[np.intp]]:
    """Yield all tokens, the preferred first, in groups that grow: most often one is enough."""
    start, size = 0, _FIRST_GROUP
    while start < len(logits):
        end = min(start + size, len(logits))
        if end < len(logits):
            best = np.argpartition(-logits, end - 1)[:end]
        else:
            best = np.arange(len(logits))
        yield best[np.argsort(-logits[best], kind="stable")][start:]
        start, size = end, size * 16


def _candidate_array(candidates: NDArray[Any]) -> Any:
    library = native()
    return library.llama_token_data_array(
        data=candidates.ctypes.data_as(library.llama_token_data_p),
        size=len(candidates),
        selected=-1,
        sorted=False,
    )
