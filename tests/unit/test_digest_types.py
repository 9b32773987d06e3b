"""What is asked for is normalised and bounded; what is told keeps its promises."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.digest.types import (
    Contrast,
    Digest,
    DigestItem,
    DigestRequest,
    Subjects,
    Window,
    WindowBasis,
)
from tests.answers import POOL_COST, article, cite
from tests.news import NOW, WINDOW


def test_the_same_wishes_are_equal_however_they_were_typed() -> None:
    typed = Subjects(words=("  Piscine ", "eau  potable", "piscine", ""), outlets=("B", "A"))
    assert typed == Subjects(words=("eau potable", "Piscine"), outlets=("A", "B"))
    assert not typed.everything
    assert Subjects(words=(" ",)).everything


@pytest.mark.parametrize("words", [tuple(map(str, range(31))), ("x" * 81,)])
def test_wishes_are_bounded(words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="at most"):
        Subjects(words=words)


def test_a_window_is_never_longer_than_a_week() -> None:
    long = Window(NOW - timedelta(days=30), NOW)
    assert long.since == NOW - timedelta(days=7)
    assert Window(NOW - timedelta(days=2), NOW).since == NOW - timedelta(days=2)


@pytest.mark.parametrize(
    ("since", "until"),
    [(NOW, NOW), (datetime(2026, 5, 1), NOW)],  # noqa: DTZ001 - the case
)
def test_a_window_ends_after_it_begins_in_utc(since: datetime, until: datetime) -> None:
    with pytest.raises(ValueError, match=r"window|UTC"):
        Window(since, until)


def test_what_a_window_has_goes_by_its_basis() -> None:
    window = replace(WINDOW, basis=WindowBasis.PUBLICATION)
    within, before, end = NOW, WINDOW.since - timedelta(seconds=1), WINDOW.until
    assert [WINDOW.has(before, moment) for moment in (within, before, end)] == [True, False, False]
    assert [window.has(moment, before) for moment in (within, before, end)] == [True, False, False]
    assert [window.has(None, moment) for moment in (within, before, end)] == [True, False, False]


@pytest.mark.parametrize("most", [0, 21])
def test_a_digest_has_one_to_twenty_items(most: int) -> None:
    with pytest.raises(ValueError, match="items"):
        DigestRequest(WINDOW, most_items=most)


def test_nothing_new_is_no_digest_and_an_item_says_something() -> None:
    with pytest.raises(ValueError, match="nothing new"):
        Digest((), WINDOW)
    with pytest.raises(ValueError, match="says something"):
        DigestItem(article(), ())


def test_a_contrast_is_between_articles() -> None:
    citation = cite(article(published=datetime(2026, 5, 1, tzinfo=UTC)), POOL_COST)
    with pytest.raises(ValueError, match="between articles"):
        Contrast((citation, citation))
