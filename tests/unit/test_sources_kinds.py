"""What a document is, by its first bytes, in no time whatever they are."""

import time

import pytest

from knowledge.sources.kinds import Kind, kind_of
from knowledge.types import RawDocument


def kind(text: str) -> Kind:
    return kind_of(RawDocument(text.encode(), "file:/a.txt"))


@pytest.mark.parametrize("unit", ["<!---->", "<!-- -->", "<!---->\n", "<!--", " ", "<?xml>", "<p "])
@pytest.mark.parametrize("end", ["", "x", "<"])
def test_a_hostile_head_takes_no_time(unit: str, end: str) -> None:
    begin = time.thread_time()
    for length in (500, 2_000, 100_000):
        kind(unit * (length // len(unit)) + end)
    assert time.thread_time() - begin < 3


def test_comments_before_a_page_are_passed_over() -> None:
    assert (
        kind('<?xml version="1.0"?>\n<!-- a -->\n<!-- b > c --> <!DOCTYPE html><p>a') is Kind.HTML
    )
    assert kind("un texte <html>") is Kind.TEXT
