"""One wire story in many texts, found without comparing every pair of them."""

from __future__ import annotations

from knowledge.digest.duplicates import same_stories
from knowledge.digest.shingles import Shingles, shingles


def story(number: int, start: int, end: int) -> Shingles:
    """Return the runs of a part of one of many stories, whose words all differ."""
    return shingles(f"mot{number}x{word}" for word in range(start, end))


def test_a_third_of_a_story_is_found_within_the_whole_among_many() -> None:
    wholes = [story(number, 0, 300) for number in range(40)]
    thirds = [story(number, 100, 200) for number in range(40)]
    assert list(same_stories(wholes + thirds)) == [(place, place + 40) for place in range(40)]


def test_texts_that_are_only_alike_are_candidates_and_no_more() -> None:
    assert list(same_stories([story(0, 0, 300), story(0, 150, 450)])) == []
    assert list(same_stories([])) == []
