"""A llama.cpp context with several sequences: the only place that reads and forgets tokens.

Not re-entrant: two calls at once end the process. The engine's thread alone uses it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import ContextTooSmallError, ModelError
from knowledge.model.native import native
from knowledge.model.weights import ModelWeights


@dataclass(frozen=True, slots=True)
class Piece:
    """Tokens to read at `position` of the sequence `number`; `ask` wants the logits after them."""

    number: int
    position: int
    tokens: NDArray[np.int32]
    ask: bool


class NoRoomError(Exception):
    """No cells are free for a batch; nothing was read. Forget something and try again."""


class ModelContext:
    """The key-value cache of a model, shared by up to `sequences` sequences.

    Raises:
        ContextTooSmallError: there is not memory enough for such a context.
    """

    def __init__(
        self, weights: ModelWeights, *, cells: int, sequences: int, batch: int, threads: int
    ) -> None:
        library = native()
        self._library = library
        parameters = library.llama_context_default_params()
        parameters.n_ctx = cells
        parameters.n_batch = batch + sequences  # a piece of prompt, and a token of each answer
        parameters.n_ubatch = batch
        parameters.n_seq_max = sequences
        parameters.n_threads = parameters.n_threads_batch = threads
        # One pool of cells for all sequences: prefixes are shared, not copied.
        parameters.kv_unified = True
        parameters.swa_full = True  # else a window model cannot go back to a prefix
        # Logits then do not depend on where in the cache a prompt lies.
        parameters.flash_attn_type = library.LLAMA_FLASH_ATTN_TYPE_DISABLED
        pointer = library.llama_init_from_model(weights.pointer, parameters)
        if not pointer:
            raise ContextTooSmallError(
                "La mémoire ne suffit pas au contexte de ce modèle : diminuez "
                "SOURCIER_CONTEXT_TOKENS ou choisissez un modèle plus petit.",
                subject=str(weights.path),
            )
        self._pointer: Any = pointer
        self._memory = library.llama_get_memory(pointer)
        self._vocabulary_size = weights.vocabulary_size
        self.cells = int(library.llama_n_ctx(pointer))
        self._batch = _Batch(library, batch + sequences)

    def read(self, pieces: Sequence[Piece]) -> dict[int, NDArray[np.float32]]:
        """Read `pieces` in one batch; return the logits after each that asks, by its number.

        The arrays are llama.cpp's own: valid until the next call.

        Raises:
            NoRoomError: too few cells are free; the context is as before.
            ModelError: llama.cpp failed; the sequences of `pieces` must be forgotten.
        """
        outputs = self._batch.fill(pieces)
        code = self._library.llama_decode(self._pointer, self._batch.structure)
        if code == 1:
            raise NoRoomError
        if code != 0:
            raise ModelError(f"llama.cpp a échoué en lisant le texte (code {code}).")
        return {number: self._logits(row) for number, row in outputs.items()}

    def share(self, source: int, target: int, length: int) -> None:
        """Let `target` hold the first `length` tokens of `source`, without copying them."""
        self._library.llama_memory_seq_cp(self._memory, source, target, 0, length)

    def keep(self, number: int, length: int) -> bool:
        """Forget the tokens of `number` after the first `length`; False: it cannot be done."""
        return bool(self._library.llama_memory_seq_rm(self._memory, number, length, -1))

    def forget(self, number: int) -> None:
        """Forget the whole sequence."""
        self._library.llama_memory_seq_rm(self._memory, number, -1, -1)

    def state(self, number: int) -> NDArray[np.uint8] | None:
        """Return a copy of what the context holds of `number`, or None if it cannot be had."""
        size = self._library.llama_state_seq_get_size(self._pointer, number)
        state = np.empty(size, dtype=np.uint8)
        pointer = state.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        written = self._library.llama_state_seq_get_data(self._pointer, pointer, size, number)
        return state if written == size and size > 0 else None

    def restore(self, number: int, state: NDArray[np.uint8], length: int) -> bool:
        """Let `number`, which holds nothing, hold the first `length` tokens of `state`.

        False: there is no room for it; then it still holds nothing.
        """
        pointer = state.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        read = self._library.llama_state_seq_set_data(self._pointer, pointer, len(state), number)
        if read == len(state) and self.keep(number, length):
            return True
        self.forget(number)
        return False

    def close(self) -> None:
        """Free the context, before its weights."""
        pointer, self._pointer = self._pointer, None
        if pointer:
            self._library.llama_free(pointer)

    def _logits(self, row: int) -> NDArray[np.float32]:
        pointer = self._library.llama_get_logits_ith(self._pointer, row)
        return np.ctypeslib.as_array(pointer, shape=(self._vocabulary_size,))


class _Batch:
    """A ``llama_batch`` over numpy's memory, so that filling it is a few slice assignments."""

    def __init__(self, library: Any, size: int) -> None:
        self._tokens = np.zeros(size, dtype=np.int32)
        self._positions = np.zeros(size, dtype=np.int32)
        self._counts = np.ones(size, dtype=np.int32)
        self._numbers = np.zeros(size, dtype=np.int32)
        step = self._numbers.itemsize
        self._pointers = self._numbers.ctypes.data + step * np.arange(size, dtype=np.uint64)
        self._asked = np.zeros(size, dtype=np.int8)
        numbers = ctypes.POINTER(library.llama_seq_id)
        self.structure = library.llama_batch(
            n_tokens=0,
            token=self._tokens.ctypes.data_as(ctypes.POINTER(library.llama_token)),
            embd=None,
            pos=self._positions.ctypes.data_as(ctypes.POINTER(library.llama_pos)),
            n_seq_id=self._counts.ctypes.data_as(ctypes.POINTER(ctypes.c_int32)),
            seq_id=self._pointers.ctypes.data_as(ctypes.POINTER(numbers)),
            logits=self._asked.ctypes.data_as(ctypes.POINTER(ctypes.c_int8)),
        )

    def fill(self, pieces: Sequence[Piece]) -> dict[int, int]:
        """Lay `pieces` one after the other; return the row that answers each that asks."""
        rows: dict[int, int] = {}
        start = 0
        for piece in pieces:
            end = start + len(piece.tokens)
            self._tokens[start:end] = piece.tokens
            self._positions[start:end] = np.arange(
                piece.position, piece.position + len(piece.tokens)
            )
            self._numbers[start:end] = piece.number
            self._asked[start:end] = 0
            if piece.ask:
                self._asked[end - 1] = 1
                rows[piece.number] = end - 1
            start = end
        self.structure.n_tokens = start
        return rows
