"""What a benchmark measured is printed whole, as JSON or a line a figure."""

import json

import pytest

from benchmarks.figures import print_figures, rows
from benchmarks.memory import resident_mib

FIGURES = {
    "seconds": 1.23456,
    "reached": True,
    "typing": {"p50_ms": 12.0, "shown": None},
    "rounds": [{"ratio": 0.5}, {"ratio": 2}],
    "samples": [1.0, 2.0, 3.0],
}


def test_nested_names_are_joined_and_a_list_of_figures_is_counted() -> None:
    assert rows(FIGURES) == [
        ("seconds", "1.235"),
        ("reached", "True"),
        ("typing.p50_ms", "12"),
        ("typing.shown", "None"),
        ("rounds.0.ratio", "0.5"),
        ("rounds.1.ratio", "2"),
        ("samples", "3 listed in the JSON"),
    ]


def test_figures_are_one_json_object_or_lines(capsys: pytest.CaptureFixture[str]) -> None:
    print_figures(FIGURES, as_json=True)
    assert json.loads(capsys.readouterr().out) == FIGURES
    print_figures({"outil": "é", "n": 1}, as_json=False)
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["outil", "é"],
        ["n", "1"],
    ]


def test_the_memory_of_a_process_is_read_in_mebibytes() -> None:
    assert 5.0 < resident_mib() < 50_000.0
    with pytest.raises(OSError, match="No such file"):
        resident_mib(2**30)
