from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.passages import MAXIMUM, group_passages
from knowledge.types import Span


def _laid_out(*paragraphs: list[int]) -> tuple[str, list[Span]]:
    """A text of paragraphs, each of sentences of the lengths given, and its sentences."""
    text = ""
    spans = []
    for paragraph in paragraphs:
        text += "\n\n" if text else ""
        for position, length in enumerate(paragraph):
            text += " " if position else ""
            spans.append(Span(len(text), len(text) + length))
            text += "x" * (length - 1) + "."
    return text, spans


def test_no_sentence_gives_no_passage() -> None:
    assert group_passages("", ()) == ()


def test_a_short_article_is_one_passage() -> None:
    text, spans = _laid_out([100, 120], [90, 200], [150])
    assert group_passages(text, spans) == ((0, 4),)


def test_a_passage_ends_with_the_paragraph_that_makes_it_long_enough() -> None:
    text, spans = _laid_out([200, 100], [150, 100], [200, 200], [200, 100])
    assert group_passages(text, spans) == ((0, 3), (4, 7))


def test_a_paragraph_that_would_make_it_too_long_begins_the_next_passage() -> None:
    text, spans = _laid_out([200, 200], [300, 300], [300, 300])
    assert group_passages(text, spans) == ((0, 1), (2, 3), (4, 5))


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    text, spans = _laid_out([250] * 8)
    assert group_passages(text, spans) == ((0, 2), (3, 5), (6, 7))


def test_a_sentence_longer_than_the_maximum_stands_alone() -> None:
    text, spans = _laid_out([100, 3 * MAXIMUM, 100], [MAXIMUM])
    assert group_passages(text, spans) == ((0, 0), (1, 1), (2, 2), (3, 3))


def test_a_heading_begins_the_passage_of_what_follows() -> None:
    body, _ = _laid_out([300, 290])
    text = f"{body}\n\nUn chantier retardé\n\n{body}"
    heading = text.index("Un chantier")
    spans = [
        Span(0, 300),
        Span(301, 591),
        Span(heading, heading + 19),
        Span(heading + 21, heading + 321),
        Span(heading + 322, heading + 612),
    ]
    assert group_passages(text, spans) == ((0, 1), (2, 4))


def test_line_ends_may_belong_to_the_sentences() -> None:
    text, spans = _laid_out([200, 100], [150, 100], [200, 200], [200, 100])
    starts = [span.start for span in spans]
    covering = [
        Span(start, end) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
    ]
    assert group_passages(text, covering) == ((0, 3), (4, 7))


@given(st.lists(st.lists(st.integers(1, 1_200), min_size=1, max_size=8), max_size=12))
def test_passages_cover_the_sentences_in_order_within_the_maximum(
    paragraphs: list[list[int]],
) -> None:
    text, spans = _laid_out(*paragraphs)
    groups = group_passages(text, spans)
    covered = [index for first, last in groups for index in range(first, last + 1)]
    assert covered == list(range(len(spans)))
    for first, last in groups:
        assert first == last or spans[last].end - spans[first].start <= MAXIMUM


def test_a_hundred_thousand_tiny_sentences_take_little_time() -> None:
    text = "a. " * 100_000
    spans = [Span(start, start + 2) for start in range(0, len(text), 3)]
    start = time.thread_time()
    groups = group_passages(text, spans)
    assert time.thread_time() - start < 5
    assert groups[-1][1] == len(spans) - 1
