"""Stems of a question against stems of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.matching import EXACT, Matcher, spelling_similarity
from knowledge.text.french import stem

STEMS = st.text(alphabet="abcdeimnorst", min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("picsine", "piscine"),
        ("festivl", "festival"),
        ("budjet", "budget"),
        ("restaur", "restaurat"),
    ],
)
def test_a_typing_error_or_a_derived_word_matches_for_less(asked: str, found: str) -> None:
    assert 0.0 < spelling_similarity(asked, found) < EXACT


@pytest.mark.parametrize(
    ("asked", "found"), [("2025", "2026"), ("port", "pont"), ("maison", "raison"), ("a", "b")]
)
def test_other_words_and_numbers_do_not_match(asked: str, found: str) -> None:
    if asked == "maison":  # one letter differs, the first: the matcher does not compare them
        assert Matcher([asked]).strengths([found]) == {}
    else:
        assert spelling_similarity(asked, found) == 0.0


@given(STEMS, STEMS)
def test_similarity_is_symmetric_and_one_for_equals(one: str, other: str) -> None:
    assert spelling_similarity(one, other) == spelling_similarity(other, one)
    assert spelling_similarity(one, one) == EXACT


def test_a_synonym_matches_for_less_than_the_word() -> None:
    matcher = Matcher([stem("coût"), stem("piscine")])
    strengths = matcher.strengths([stem("euros"), stem("piscine")])
    assert strengths[1] == EXACT
    assert 0.0 < strengths[0] < EXACT


def test_the_best_match_counts() -> None:
    assert Matcher([stem("coût")]).strengths([stem("euros"), stem("coût")]) == {0: EXACT}
