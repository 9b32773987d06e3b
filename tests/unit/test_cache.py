import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from knowledge.model.cache import PromptCache, Tokens, common_prefix

texts = st.lists(st.integers(0, 3), min_size=1, max_size=30)


def tokens(*values: int) -> Tokens:
    return np.array(values, dtype=np.int32)


def prompt(first: int, length: int = 500) -> Tokens:
    return np.arange(first, first + length, dtype=np.int32)


def state(size: int = 100) -> NDArray[np.uint8]:
    return np.zeros(size, dtype=np.uint8)


@given(first=texts, second=texts)
def test_a_common_prefix_is_the_longest(first: list[int], second: list[int]) -> None:
    length = common_prefix(tokens(*first), tokens(*second))

    assert first[:length] == second[:length]
    assert length in (len(first), len(second)) or first[length] != second[length]


@given(sizes=st.lists(st.integers(1, 150), max_size=30))
def test_the_budget_is_never_exceeded(sizes: list[int]) -> None:
    cache = PromptCache(budget=200)
    for index, size in enumerate(sizes):
        cache.keep(prompt(index * 1000), state(size))

        assert cache.used <= 200


def test_the_longest_common_beginning_is_found() -> None:
    cache = PromptCache(budget=1000)
    cache.keep(prompt(0), state())
    cache.keep(np.concatenate([prompt(0, 300), prompt(9000, 300)]), state())

    found, length = cache.nearest(np.concatenate([prompt(0, 300), prompt(9000, 10)]))
    assert found is not None
    assert (length, len(found.tokens)) == (310, 600)
    assert cache.nearest(prompt(5000)) == (None, 0)


def test_the_least_recently_used_prompt_goes_first() -> None:
    cache = PromptCache(budget=300)
    for start in (0, 1000, 2000):
        cache.keep(prompt(start), state())
    assert cache.covers(prompt(0))  # used again
    cache.keep(prompt(3000), state())

    assert [cache.nearest(prompt(start))[1] for start in (0, 1000, 2000, 3000)] == [
        500,
        0,
        500,
        500,
    ]


def test_another_question_on_the_same_passages_is_not_kept_beside_the_first() -> None:
    cache = PromptCache(budget=1000)
    cache.keep(np.concatenate([prompt(0), prompt(7000, 20)]), state())

    assert cache.covers(np.concatenate([prompt(0), prompt(8000, 30)]))
    assert not cache.covers(np.concatenate([prompt(0), prompt(8000, 400)]))


def test_a_longer_prompt_replaces_its_own_beginning() -> None:
    cache = PromptCache(budget=1000)
    cache.keep(prompt(0), state(100))
    cache.keep(prompt(0, 900), state(200))

    assert cache.used == 200


def test_a_prompt_beyond_the_budget_is_not_kept() -> None:
    cache = PromptCache(budget=50)
    cache.keep(prompt(0), state(51))

    assert cache.used == 0
