"""What is remembered in memory has a bound, and what was set last outlives the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.last_kept import LastKept


def test_what_was_set_first_is_forgotten_first() -> None:
    kept = LastKept[str, int](2)
    kept["a"], kept["b"], kept["c"] = 1, 2, 3
    assert list(kept.items()) == [("b", 2), ("c", 3)]
    assert "a" not in kept


def test_setting_again_keeps_and_reading_does_not() -> None:
    kept = LastKept[str, int](2)
    kept["a"], kept["b"] = 1, 2
    kept["a"] = 3
    assert (kept["b"], kept.get("b"), kept.setdefault("b", 9)) == (2, 2, 2)
    kept["c"] = 4
    assert list(kept.items()) == [("a", 3), ("c", 4)]


def test_what_is_taken_out_leaves_room() -> None:
    kept = LastKept[str, int](2)
    kept["a"], kept["b"] = 1, 2
    assert (kept.pop("a", 0), kept.pop("x", 0)) == (1, 0)
    kept["c"] = 3
    assert list(kept) == ["b", "c"]


def test_nothing_kept_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        LastKept[str, int](0)


@given(most=st.integers(1, 4), keys=st.lists(st.integers(0, 6), max_size=30))
def test_the_last_keys_set_are_there_and_no_other(most: int, keys: list[int]) -> None:
    kept = LastKept[int, int](most)
    for moment, key in enumerate(keys):
        kept[key] = moment
    last = sorted(
        {key: moment for moment, key in enumerate(keys)}.items(), key=lambda each: each[1]
    )
    assert list(kept.items()) == last[-most:]
