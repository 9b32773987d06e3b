from __future__ import annotations

from benchmarks.sentences import Case, boundaries, load_cases, render, score, split_ours

CASES = [
    Case("group.one", "Un. Deux. Trois.", ["Un.", "Deux.", "Trois."]),
    Case("group.two", "Quatre.", ["Quatre."]),
]


def test_boundaries_ignore_where_white_space_goes() -> None:
    assert (
        boundaries(["Un.", "De ux.", "Trois."])
        == boundaries(["Un. ", "Deux.\u200b", "x"])
        == {3, 8}
    )


def test_a_splitter_that_finds_half_is_scored_so() -> None:
    result = score("half", lambda text: text.split(" ", 1), CASES)
    assert (result.cases, result.right) == (2, 1)
    assert (result.precision, result.recall) == (1.0, 0.5)
    assert result.failures == ("group.one: ['Un.', 'Deux. Trois.']",)


def test_a_splitter_that_cuts_everywhere_loses_precision() -> None:
    result = score("letters", lambda text: list(text.replace(" ", "")), CASES)
    assert result.right == 0
    assert result.recall == 1.0
    assert result.precision == 2 / 19


def test_ours_gets_the_whole_table_right() -> None:
    cases = load_cases()
    result = score("ours", split_ours, cases)
    assert (result.right, result.failures) == (len(cases), ())
    assert "ours" in render([result])
