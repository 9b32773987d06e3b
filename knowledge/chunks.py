"""A sequence in pieces of a bounded length. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

KEYS = 500  # of one SQL statement

T = TypeVar("T")


def chunks(items: Sequence[T], size: int = KEYS) -> Iterator[Sequence[T]]:
    """Yield `items` in their order, at most `size` (1 and above) at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
