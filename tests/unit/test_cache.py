import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model.cache import CachedSequence, SequenceCache, Tokens, common_prefix

texts = st.lists(st.integers(0, 3), min_size=1, max_size=30)


def tokens(*values: int) -> Tokens:
    return np.array(values, dtype=np.int32)


def read(
    cache: SequenceCache, text: Tokens, source: CachedSequence | None = None, shared: int = 0
) -> CachedSequence:
    number = cache.free_number()
    assert number is not None
    sequence = cache.open(number, len(text) + 10, source, shared)
    cache.extend(sequence, text[shared:])
    return sequence


@given(first=texts, second=texts)
def test_a_common_prefix_is_the_longest(first: list[int], second: list[int]) -> None:
    length = common_prefix(tokens(*first), tokens(*second))

    assert first[:length] == second[:length]
    assert length in (len(first), len(second)) or first[length] != second[length]


@given(stories=st.lists(texts, min_size=1, max_size=8))
def test_shared_cells_are_counted_once(stories: list[list[int]]) -> None:
    cache = SequenceCache(cells=1000, most_sequences=8)
    prefixes: set[tuple[int, ...]] = set()
    for story in stories:
        text = tokens(*story)
        read(cache, text, *cache.nearest(text))
        prefixes |= {tuple(story[: end + 1]) for end in range(len(story))}

    assert cache.used() == len(prefixes)  # a trie of everything read


def test_the_least_recently_used_sequence_goes_first_and_the_source_last() -> None:
    cache = SequenceCache(cells=1000, most_sequences=4)
    old, middle, new = (read(cache, np.full(100, value, dtype=np.int32)) for value in (1, 2, 3))
    for sequence in (old, middle, new):
        cache.retain(sequence, 100)
    cache.open(3, 10, old, 5)  # uses `old` again

    assert cache.oldest_retained() == middle.number
    assert cache.oldest_retained(spare=middle) == new.number


def test_a_sequence_in_use_is_never_offered_for_eviction() -> None:
    cache = SequenceCache(cells=1000, most_sequences=2)
    read(cache, tokens(1, 2, 3))

    assert cache.oldest_retained() is None


def test_a_question_on_the_same_passages_replaces_the_one_before() -> None:
    cache = SequenceCache(cells=1000, most_sequences=4)
    passages = np.arange(500, dtype=np.int32)
    first = read(cache, np.concatenate([passages, tokens(7, 8)]))
    cache.retain(first, 502)
    second_text = np.concatenate([passages, tokens(9)])
    second = read(cache, second_text, *cache.nearest(second_text))

    assert cache.retain(second, 501) == (first.number,)
    assert cache.used() == 501


def test_what_was_forgotten_is_not_found_again() -> None:
    cache = SequenceCache(cells=10, most_sequences=1)
    sequence = read(cache, tokens(1, 2, 3))
    assert cache.free_number() is None
    cache.forget(sequence.number)

    assert cache.nearest(tokens(1, 2, 3)) == (None, 0)
    assert cache.used() == 0
