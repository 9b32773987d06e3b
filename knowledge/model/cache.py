"""Which token sequences lie in the model's context, and what they cost: pure bookkeeping.

llama.cpp shares the cells of a prefix between sequences (``llama_memory_seq_cp``). Each cell has
an identity here, so that what is shared is counted once. Nothing in this module calls llama.cpp.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

# A kept sequence that adds no more than this to a newer one is not worth its place.
_NEGLIGIBLE_TAIL = 64

Tokens = NDArray[np.int32]


@dataclass(slots=True)
class CachedSequence:
    """A sequence in the context: its tokens read so far and the cells that hold them."""

    number: int
    tokens: Tokens
    cells: NDArray[np.int64]
    length: int = 0
    in_use: bool = True
    last_use: int = 0


@dataclass(slots=True)
class SequenceCache:
    """The sequences of one context of `cells` cells, at most `most_sequences` of them."""

    cells: int
    most_sequences: int
    _sequences: dict[int, CachedSequence] = field(default_factory=dict)
    _next_cell: int = 0
    _clock: int = 0

    def nearest(self, tokens: Tokens) -> tuple[CachedSequence | None, int]:
        """Return the sequence that shares the longest prefix with `tokens`, and its length."""
        best: CachedSequence | None = None
        longest = 0
        for sequence in self._sequences.values():
            shared = common_prefix(sequence.tokens[: sequence.length], tokens)
            if shared > longest:
                best, longest = sequence, shared
        return best, longest

    def free_number(self) -> int | None:
        """Return a sequence number that holds nothing, or None."""
        free = set(range(self.most_sequences)) - set(self._sequences)
        return min(free) if free else None

    def open(
        self, number: int, capacity: int, source: CachedSequence | None, shared: int
    ) -> CachedSequence:
        """Start the sequence `number` with the first `shared` tokens of `source`."""
        sequence = CachedSequence(
            number, np.zeros(capacity, dtype=np.int32), np.zeros(capacity, dtype=np.int64)
        )
        if source is not None:
            sequence.tokens[:shared] = source.tokens[:shared]
            sequence.cells[:shared] = source.cells[:shared]
            sequence.length = shared
            source.last_use = self._tick()
        self._sequences[number] = sequence
        return sequence

    def extend(self, sequence: CachedSequence, tokens: Sequence[int] | Tokens) -> None:
        """Record that `tokens` were read at the end of `sequence`."""
        end = sequence.length + len(tokens)
        sequence.tokens[sequence.length : end] = tokens
        sequence.cells[sequence.length : end] = np.arange(
            self._next_cell, self._next_cell + len(tokens)
        )
        self._next_cell += len(tokens)
        sequence.length = end

    def retain(self, sequence: CachedSequence, length: int) -> tuple[int, ...]:
        """Keep the first `length` tokens of a finished sequence.

        Returns the numbers of older sequences that it makes superfluous; they are forgotten.
        """
        sequence.length = min(length, sequence.length)
        sequence.in_use = False
        sequence.last_use = self._tick()
        kept = sequence.tokens[: sequence.length]
        superfluous = tuple(
            other.number
            for other in self._sequences.values()
            if other is not sequence
            and not other.in_use
            and other.length - common_prefix(other.tokens[: other.length], kept) <= _NEGLIGIBLE_TAIL
        )
        for number in superfluous:
            del self._sequences[number]
        return superfluous

    def forget(self, number: int) -> None:
        """Forget a sequence, in use or not."""
        self._sequences.pop(number, None)

    def oldest_retained(self, *, spare: CachedSequence | None = None) -> int | None:
        """Return the number of the kept sequence used longest ago, `spare` last of all."""
        kept = [sequence for sequence in self._sequences.values() if not sequence.in_use]
        if not kept:
            return None
        return min(kept, key=lambda sequence: (sequence is spare, sequence.last_use)).number

    def used(self) -> int:
        """Return how many cells hold something, shared ones counted once."""
        return distinct_cells(self._sequences.values())

    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of all sequences that hold something."""
        return tuple(self._sequences)

    def _tick(self) -> int:
        self._clock += 1
        return self._clock


def common_prefix(first: Tokens, second: Tokens) -> int:
    """Return how many leading tokens two sequences share."""
    shortest = min(len(first), len(second))
    different = np.flatnonzero(first[:shortest] != second[:shortest])
    return int(different[0]) if len(different) else shortest


def distinct_cells(sequences: Iterable[CachedSequence]) -> int:
    """Return how many different cells the sequences hold."""
    held = [sequence.cells[: sequence.length] for sequence in sequences]
    return len(np.unique(np.concatenate(held))) if held else 0
