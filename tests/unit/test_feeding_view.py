"""Pages of the base's articles: eight a page, numbered throughout, the words kept by buttons."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.texts import feeding as texts
from bot.views.feeding_view import PAGE, Page, render_page, searchable
from bot.views.messages import Message
from knowledge.holdings import ArticleEntry, Listing

MARCH = datetime(2026, 3, 2, tzinfo=UTC)


def page(total: int, number: int = 0, words: str = "") -> Page:
    """Return that page of a base with so many articles."""
    first = number * PAGE
    entries = tuple(
        ArticleEntry(f"{n:020}", f"Titre {n}", None, MARCH, None, 2)
        for n in range(first + 1, min(total, first + PAGE) + 1)
    )
    return Page(Listing(entries, total), number, words)


def shown(message: Message) -> tuple[list[str], list[list[tuple[str, str | None]]]]:
    """Return the lines up to the first comma, and the words and data of the buttons."""
    lines = [line.split(",")[0] for line in message.text.replace("\u00a0", " ").split("\n") if line]
    return lines, [[(each.text, each.data) for each in row] for row in message.keyboard]


HINT = texts.REMOVE_HINT.replace("\u00a0", " ")


def titles(first: int, last: int) -> list[str]:
    return [f"{number}. Titre {number}" for number in range(first, last + 1)]


def test_eight_articles_are_one_page_and_a_ninth_begins_another() -> None:
    assert shown(render_page(page(8))) == (["Articles de la base : 8", *titles(1, 8), HINT], [])
    assert shown(render_page(page(9))) == (
        ["Articles de la base : 9", "Page 1 sur 2", *titles(1, 8), HINT],
        [[("▶", "articles:1:")]],
    )


def test_a_page_in_the_middle_turns_both_ways_and_keeps_the_words() -> None:
    middle = page(17, 1, "budget : école")
    assert shown(render_page(middle)) == (
        ["Articles pour « budget : école » : 17", "Page 2 sur 3", *titles(9, 16), HINT],
        [[("◀", "articles:0:budget : école"), ("▶", "articles:2:budget : école")]],
    )
    assert shown(render_page(page(17, 2), note="Lequel ?")) == (
        ["Articles de la base : 17", "Page 3 sur 3", "17. Titre 17", "Lequel ?"],
        [[("◀", "articles:1:")]],
    )


def test_a_base_without_articles_has_one_page_without_buttons() -> None:
    nothing, nothing_found = page(0), page(0, words="budget")
    assert (nothing.pages, render_page(nothing).keyboard) == (1, ())
    assert render_page(nothing).text.endswith(texts.NO_ARTICLE)
    assert render_page(nothing_found).text.endswith(texts.NOTHING_FOUND)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("budget\n 2027", "budget 2027"),
        ("a" * 41, "a" * 40),
        ("é" * 30, "é" * 20),
        ("a" * 39 + " b", "a" * 39),
        ("", ""),
    ],
)
def test_words_are_kept_as_far_as_a_button_carries_them(typed: str, kept: str) -> None:
    assert searchable(typed) == kept
