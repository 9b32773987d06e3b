"""Answers on a terminal: the characters of the plain text, with styles upon them."""

from __future__ import annotations

from bot.terminal.answer_view import styled_answer
from bot.views.plain import render_plain
from knowledge.types import Answer, Claim
from tests.answers import (
    POOL_COST,
    POOL_PROMISE,
    POOL_URL,
    abstention,
    article,
    cite,
    extract,
    written,
)

POOL = article()
TWICE = article("Le prix\nest de 3 \x1b[1meuros.", title="Prix", url=None)


def styled(answer: Answer) -> tuple[list[str], list[str]]:
    """Return the stretches in bold and those that are links, in order."""
    text = styled_answer(answer)
    assert text.plain == render_plain(answer)
    bold = [text.plain[span.start : span.end] for span in text.spans if span.style == "bold"]
    links = [
        text.plain[span.start : span.end]
        for span in text.spans
        if not isinstance(span.style, str) and span.style.link
    ]
    return bold, links


def test_the_likely_answer_is_bold_where_it_stands_in_the_quotation() -> None:
    answer = extract(cite(POOL, POOL_PROMISE), cite(POOL, POOL_COST, "1,5 million d’euros"))
    bold, links = styled(answer)
    assert bold == ["1,5 million d’euros"]
    assert len(links) == 2
    assert all(link.startswith(POOL_URL + "#:~:text=") for link in links)


def test_the_same_words_elsewhere_are_not_marked() -> None:
    answer = written(
        Claim("Cela a coûté 1,5 million d’euros.", (cite(POOL, POOL_COST, "1,5 million d’euros"),))
    )
    text = styled_answer(answer)
    (bold,) = [span for span in text.spans if span.style == "bold"]
    assert bold.start == text.plain.rindex("1,5 million d’euros")


def test_a_highlight_over_lines_and_control_characters_keeps_its_place() -> None:
    answer = extract(cite(TWICE, TWICE.text, "est de 3 \x1b[1meuros"))
    assert styled(answer) == (["est de 3  [1meuros"], [])


def test_the_addresses_of_an_abstention_are_links() -> None:
    assert styled(abstention(POOL, TWICE)) == ([], [POOL_URL])
