"""A dictionary that keeps what was set last: what is remembered in memory has a bound. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class LastKept(MutableMapping[Key, Value]):
    """At most `most` values, in the order they were last set; one more forgets the first.

    Reading a value does not keep it longer. For use in one thread.

    Raises:
        ValueError: `most` is less than one.
    """

    def __init__(self, most: int) -> None:
        if most < 1:
            raise ValueError("at least one value is kept")
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def __getitem__(self, key: Key) -> Value:
        return self._kept[key]

    def __setitem__(self, key: Key, value: Value) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def __delitem__(self, key: Key) -> None:
        del self._kept[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)
