"""Reciprocal rank fusion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.fusion import fuse

RANKINGS = st.dictionaries(
    st.sampled_from(["dense", "lexical", "title"]),
    st.lists(st.sampled_from("abcdefgh"), unique=True),
)


def test_scores_are_weights_over_k_plus_rank() -> None:
    fused = fuse(
        {"lexical": ["a", "b"], "dense": ["b", "c"]}, weights={"lexical": 1.0, "dense": 0.5}, k=60
    )
    assert fused == (("b", 1 / 62 + 0.5 / 61), ("a", 1 / 61), ("c", 0.5 / 62))


def test_ties_go_by_id_whatever_the_order_of_retrievers() -> None:
    one = fuse({"x": ["b"], "y": ["a"]}, weights={})
    assert one == fuse({"y": ["a"], "x": ["b"]}, weights={})
    assert [found for found, _ in one] == ["a", "b"]


@given(RANKINGS)
def test_every_id_comes_once_and_scores_never_rise(rankings: dict[str, list[str]]) -> None:
    fused = fuse(rankings, weights={"dense": 0.3})
    assert {found for found, _ in fused} == {one for ids in rankings.values() for one in ids}
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)
    assert len(fused) == len({found for found, _ in fused})


@pytest.mark.parametrize(("weights", "k"), [({"x": -1.0}, 60), ({}, 0)])
def test_a_negative_weight_or_k_below_one_is_refused(weights: dict[str, float], k: int) -> None:
    with pytest.raises(ValueError, match="weight"):
        fuse({"x": ["a"]}, weights=weights, k=k)
