"""What stands around a quotation: the article's own text, the quotation alone in bold."""

import itertools
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts import buttons as texts
from bot.views.context_view import Context, passage_around, render_context
from bot.views.messages import Entity, EntityType, Message, carriable, utf16_length
from knowledge.text.sentences import split_sentences
from knowledge.types import Span
from tests.answers import POOL_COST, POOL_OPENS, POOL_TEXT, POOL_URL, article, marks
from tests.telegram_server import formatted
from tests.telegram_server.entities import check_size
from tests.unit.test_render_properties import TEXTS

POOL = article()
LONG_URL = f"{POOL_URL}/{'x' * 1900}"
SENTENCES = tuple(split_sentences(POOL_TEXT))
LINES = "".join(f"Phrase numéro {number}.\n" for number in range(1, 12)).strip()
LINE_SPANS = tuple(split_sentences(LINES))


def around(text: str, quote: str, sentences: tuple[Span, ...]) -> str:
    start = text.index(quote)
    return passage_around(text, sentences, Span(start, start + len(quote))).of(text)


def test_a_context_is_a_quotation_of_the_passage_with_its_source() -> None:
    start = POOL_TEXT.index(POOL_COST)
    context = Context(POOL, Span(start, start + len(POOL_COST)), SENTENCES, number=2)
    source = "[2]\u00a0La piscine de Valmorin rouvre, La Gazette de la Serne, 14 février 2026"
    link = (
        f"{POOL_URL}#:~:text=Le%20chantier%20a%20co%C3%BBt%C3%A9%201%2C5%20million%20d%E2%80%99"
        "euros."
    )
    assert render_context(context) == (
        Message(
            f"{POOL_TEXT}\n{source}",
            (
                Entity(EntityType.BLOCKQUOTE, 0, len(POOL_TEXT)),
                Entity(EntityType.BOLD, start, len(POOL_COST)),
                Entity(EntityType.TEXT_LINK, len(POOL_TEXT) + 5, 29, link),
            ),
        ),
    )


def test_three_sentences_on_either_side_are_shown_and_the_cuts_are_marked() -> None:
    sixth = LINE_SPANS[5]
    shown = LINES[LINE_SPANS[2].start : LINE_SPANS[8].end]
    assert passage_around(LINES, LINE_SPANS, sixth).of(LINES) == shown
    [message] = render_context(Context(article(LINES), sixth, LINE_SPANS, note="Une note."))
    assert message.text.startswith(f"[…]\n{shown}\n[…]\n— La piscine")
    assert message.text.endswith("\n\nUne note.")
    assert [text for kind, text, _ in marks(message) if kind == "bold"] == ["Phrase numéro 6."]
    assert [text for kind, text, _ in marks(message) if kind == "blockquote"] == [shown]


def test_at_the_ends_of_an_article_nothing_is_said_to_be_cut() -> None:
    [message] = render_context(Context(POOL, SENTENCES[0], SENTENCES))
    assert texts.CUT not in message.text


def test_long_neighbours_are_left_out() -> None:
    long = "Un voisin " + "très " * 400 + "long."
    text = f"{long} {POOL_OPENS} {POOL_COST} {long}"
    starts = [0, len(long) + 1, text.index(POOL_COST), text.rindex(long)]
    spans = tuple(itertools.starmap(Span, itertools.pairwise([*starts, len(text)])))
    assert around(text, POOL_OPENS, spans) == f"{POOL_OPENS} {POOL_COST} "


def test_a_quotation_without_known_sentences_stands_alone() -> None:
    assert around(POOL_TEXT, POOL_COST, ()) == POOL_COST


@pytest.mark.parametrize("span", [Span(0, 0), Span(0, len(POOL_TEXT) + 1)])
def test_a_quotation_outside_the_text_is_refused(span: Span) -> None:
    with pytest.raises(ValueError, match="quotation"):
        Context(POOL, span, SENTENCES)


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    before, quote, after = draw(TEXTS), draw(TEXTS) + "q" + draw(TEXTS), draw(TEXTS)
    text = before + quote + after
    span = Span(len(before), len(before) + len(quote))
    cuts = sorted(
        {0, len(text), span.start, span.end}
        | set(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    )
    outside = [cut for cut in cuts if cut <= span.start or cut >= span.end]
    spans = tuple(
        Span(start, end) for start, end in itertools.pairwise(outside) if text[start:end].strip()
    )
    found = article(
        text,
        title=draw(TEXTS) or "T",
        url=draw(st.sampled_from([None, POOL_URL, "https://é.fr/à b#c", LONG_URL])),
        outlet=draw(st.none() | TEXTS),
        published=draw(st.none() | st.just(datetime(2026, 8, 1, tzinfo=UTC))),
    )
    number = draw(st.none() | st.integers(1, 99))
    return Context(found, span, spans, number, draw(st.none() | st.just(texts.CHANGED_SINCE)))


@settings(max_examples=60, deadline=None)
@given(contexts())
def test_a_strict_telegram_takes_every_context_as_it_is(context: Context) -> None:
    for message in render_context(context):
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


@settings(max_examples=60, deadline=None)
@given(contexts())
def test_the_bold_is_the_quotation_and_the_rest_is_what_stands_around_it(context: Context) -> None:
    text, span = context.article.text, context.quotation
    passage = passage_around(text, context.sentences, span)
    shown = [mark for message in render_context(context) for mark in marks(message)]
    bold = "".join(part for kind, part, _ in shown if kind == "bold")
    quoted = "".join(part for kind, part, _ in shown if kind == "blockquote")
    assert passage.contains(span)
    if utf16_length(passage.of(text)) <= 3000:
        assert bold == carriable(span.of(text))
        parts = (text[passage.start : span.start], span.of(text), text[span.end : passage.end])
        assert quoted == "".join(map(carriable, parts))


@pytest.mark.parametrize("unit", ["x", "😀", "\u202e\r a", "e\u0301 ", "*_[<b>", "\n a"])
def test_the_largest_quotation_takes_no_time(unit: str) -> None:
    text = "a" + unit * (40_000 // len(unit)) + "z"
    began = time.thread_time()
    messages = render_context(Context(article(text), Span(0, len(text)), (Span(0, len(text)),)))
    assert time.thread_time() - began < 3
    assert len(messages) <= 30
