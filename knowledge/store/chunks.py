"""Many keys, a bounded number of them in each statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

CHUNK = 500  # keys of one statement

T = TypeVar("T")


def chunks(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield `keys` in their order, at most :data:`CHUNK` at a time."""
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
