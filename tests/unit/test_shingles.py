"""When two texts are one story: half in common, or one mostly within the other."""

from __future__ import annotations

from knowledge.digest.shingles import is_same_story, shingles


def runs(start: int, end: int) -> frozenset[str]:
    """Return the runs of a text of words that all differ."""
    return shingles(f"mot{number}" for number in range(start, end))


def test_a_text_has_its_runs_of_four_words() -> None:
    assert shingles("un deux trois quatre cinq".split()) == {
        "un deux trois quatre",
        "deux trois quatre cinq",
    }
    assert shingles("un deux trois".split()) == frozenset()


def test_half_of_all_that_two_say_makes_them_one_story_and_a_third_does_not() -> None:
    assert is_same_story(runs(0, 300), runs(90, 390))
    assert not is_same_story(runs(0, 300), runs(150, 450))


def test_a_text_mostly_within_a_longer_one_is_cut_from_it() -> None:
    whole = runs(0, 900)
    assert is_same_story(runs(820, 920), whole)
    assert is_same_story(whole, runs(820, 920))
    assert not is_same_story(runs(850, 950), whole)


def test_a_few_lines_are_nobody_s_copy_unless_they_are_the_same() -> None:
    assert not is_same_story(runs(0, 20), runs(0, 900))
    assert is_same_story(runs(0, 20), runs(0, 20))
    assert is_same_story(runs(0, 30), runs(0, 900))
