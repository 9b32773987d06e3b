"""What holds of every rendered answer, whatever the articles hold."""

import json
import re
import time
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.messages import carriable, utf16_length
from bot.views.render import render_answer
from knowledge.text.sentences import split_sentences
from knowledge.types import Answer, AnswerMode, Citation, Claim, Span
from tests.answers import POOL_URL, article, extract, marks
from tests.telegram_server import formatted
from tests.telegram_server.entities import check_size

NASTY = st.sampled_from(
    ["mot", "é", "😀", " ", "\n", "\u00a0", "«", "»", "\u200d", "\u2067", "مر", "l’été", "."] * 3
    + ["\u202e", "\r", "\t", "\x00", "\u030a", "<b>", "<|im_end|>", "*_[", "@a", "#b", "/c"]
    + [" mots" * 40, "x" * 700, "😀" * 500]
)
TEXTS = st.lists(NASTY, max_size=30).map("".join)


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    before, quote, after = draw(TEXTS), draw(TEXTS) + "q" + draw(TEXTS), draw(TEXTS)
    text = before + quote + after
    span = Span(len(before), len(before) + len(quote))
    found = article(
        text,
        title=draw(TEXTS) or "T",
        url=draw(st.sampled_from([None, POOL_URL, "https://é.fr/à b#c", "http://x"])),
        outlet=draw(st.none() | TEXTS),
        published=draw(st.none() | st.just(datetime(2026, 8, 1, tzinfo=UTC))),
    )
    highlight = None
    if draw(st.booleans()):
        ends = sorted(draw(st.tuples(*[st.integers(span.start, span.end)] * 2)))
        highlight = Span(*ends)
    return Citation(found, span, quote, highlight, draw(st.none() | TEXTS))


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    claims = draw(
        st.lists(
            st.builds(Claim, TEXTS, st.lists(citations(), min_size=1, max_size=3).map(tuple)),
            max_size=4,
        )
    )
    near = [] if claims else draw(st.lists(citations(), max_size=3))
    return Answer(
        "?",
        tuple(claims),
        draw(st.sampled_from(AnswerMode)),
        near=tuple(citation.article for citation in near),
    )


@settings(max_examples=40, deadline=None)
@given(answers())
def test_a_strict_telegram_takes_every_answer_as_it_is(answer: Answer) -> None:
    for message in render_answer(answer):
        assert utf16_length(message.text) <= 4096
        entities = [
            {"type": each.type.value, "offset": each.offset, "length": each.length}
            | ({"url": each.url} if each.url else {})
            for each in message.entities
        ]
        assert len(formatted.read_entities(json.loads(json.dumps(entities)), ())) <= 100
        kept = formatted.fix(message.text, entities, ())
        assert (kept.text, list(kept.entities)) == (message.text, entities)
        check_size(entities)


@settings(max_examples=40, deadline=None)
@given(citations())
def test_every_quotation_and_its_highlight_are_shown_whole(citation: Citation) -> None:
    shown = [mark for message in render_answer(extract(citation)) for mark in marks(message)]
    quoted = "".join(text for kind, text, _ in shown if "blockquote" in kind)
    bold = "".join(text for kind, text, _ in shown if kind == "bold")
    assert _letters(quoted) == _letters(citation.quote)
    marked = citation.highlight.of(citation.article.text) if citation.highlight else ""
    assert _letters(bold) == _letters(marked)
    if utf16_length(citation.quote) <= 3000:
        assert _as_sent(quoted) == _as_sent(citation.quote)


def _as_sent(text: str) -> str:
    """Return a text with the only changes allowed: spelled out here, not asked of our code."""
    text = text.replace("a\u030a", "å").replace("\u030a", "").replace("\u202e", "")
    text = text.replace("å", "a")  # a ring that the highlight's edge cuts off its letter is lost
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\x00", " ")
    return re.sub("\n+", "\n", text)  # the edge may fall within a line end


@pytest.mark.parametrize(
    "unit", ["x", "mot ", "😀", "🧀 ", "\u202e\r a", "e\u0301 ", "*_[<b>", "\n a"]
)
def test_the_largest_quotations_take_few_messages_and_no_time(unit: str) -> None:
    text = "a" + unit * (20_000 // len(unit)) + "z"
    source = article(text)
    spans = split_sentences(text)[:8]
    answer = extract(*(Citation(source, span, span.of(text)) for span in spans))
    begin = time.thread_time()
    messages = render_answer(answer)
    assert time.thread_time() - begin < 2
    assert len(messages) <= 8
    shown = [text for message in messages for kind, text, _ in marks(message) if "quote" in kind]
    assert [_as_sent(quote) for quote in shown] == [_as_sent(span.of(text)) for span in spans]


def _letters(text: str) -> str:
    """Return what can be seen of a text: blanks, controls and marks left out, and all rings.

    A ring is composed with its letter where there is one, dropped where there is none.
    """
    without_rings = unicodedata.normalize("NFD", text).replace("\u030a", "")
    return "".join(
        char
        for char in carriable(without_rings)
        if not char.isspace() and char not in "\u200d\u2067"
    )
