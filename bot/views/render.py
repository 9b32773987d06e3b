"""Answers, refusals and errors as messages: text and entities, never markup. Pure.

A quotation stands in a blockquote of its own that holds exactly its characters, the highlight in
bold. Only what Telegram itself would replace or remove without a word (control characters,
direction overrides; see :func:`bot.views.messages.carriable`) is taken out first.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot import texts
from bot.buttons import answer_keyboard
from bot.views.fragment import article_link, sentence_link
from bot.views.layout import (
    Reference,
    SourceLine,
    abstention_heading,
    article_line,
    freshness,
    lay_out,
    source_line,
)
from bot.views.messages import (
    Block,
    EntityType,
    Message,
    Packed,
    Piece,
    Writer,
    pack_numbered,
)
from bot.views.quotation import write_quote, write_source
from bot.views.telegram_text import split_words
from bot.views.wording import number as french_number
from knowledge.errors import (
    CitationError,
    GenerationCancelledError,
    GenerationTimeoutError,
    IndexingError,
    ModelError,
    SourcierError,
    StoreBusyError,
    StoreError,
)
from knowledge.types import Answer, Citation, Span

_PART_UNITS = 3000  # of a quotation or claim that no message can carry whole

_FAILURES: tuple[tuple[type[SourcierError], str], ...] = (
    (CitationError, texts.FAILURE_CITATION),
    (GenerationCancelledError, texts.INTERRUPTED),
    (GenerationTimeoutError, texts.FAILURE_TIMEOUT),
    (ModelError, texts.FAILURE_MODEL),
    (StoreBusyError, texts.FAILURE_BUSY),
    (StoreError, texts.FAILURE_BASE),
    (IndexingError, texts.FAILURE_BASE),
)


def render_answer(answer: Answer) -> tuple[Message, ...]:
    """Return the answer or the abstention as one or more messages, split between its blocks."""
    return tuple(packed.message for packed in pack_numbered(_pieces(answer)))


def render_with_buttons(answer: Answer) -> tuple[Packed, ...]:
    """Return the messages of :func:`render_answer` with their buttons.

    Each has the numbers of its quotations, counted from 1 over the answer, and a button for
    each; the last one has the votes.
    """
    packed = pack_numbered(_pieces(answer))
    alone = sum(len(each.numbers) for each in packed) == 1
    last = len(packed) - 1
    return tuple(
        Packed(
            each.message.with_keyboard(
                *answer_keyboard(each.numbers, alone=alone, votes=index == last)
            ),
            each.numbers,
        )
        for index, each in enumerate(packed)
    )


def _pieces(answer: Answer) -> Iterator[Piece]:
    return _abstention(answer) if answer.abstained else _answer(answer)


def _answer(answer: Answer) -> Iterator[Piece]:
    layout = lay_out(answer)
    for line in layout.prose:
        yield from _prose(line)
    for number, reference in enumerate(layout.references, 1):
        yield from _quotation(reference, number)
    if layout.note:
        yield Piece(Writer().write(layout.note, EntityType.ITALIC).block())


def render_error(error: BaseException | None, number: str) -> Message:
    """Return what the reader is told of a failure: short, with its number, without details.

    The messages of our errors speak to whoever runs the bot, and may name paths: the reader gets
    a sentence for the kind of error.
    """
    for kind, text in _FAILURES:
        if isinstance(error, kind):
            return Message(text.format(number=number))
    return Message(texts.FAILURE.format(number=number))


def render_start() -> Message:
    """Return the answer to ``/start``."""
    return Message(texts.START)


def render_help(max_question_characters: int, *, administrator: bool = False) -> Message:
    """Return the answer to ``/aide``; an administrator is also told what is theirs to do."""
    writer = Writer()
    for heading, paragraph in (
        *texts.HELP,
        *([texts.HELP_ADMINISTRATORS] if administrator else []),
    ):
        if writer.position:
            writer.write("\n\n")
        writer.write(heading, EntityType.BOLD)
        writer.write("\n" + paragraph.format(limit=french_number(max_question_characters)))
    block = writer.block()
    return Message(block.text, block.entities)


def render_too_long(length: int, limit: int) -> Message:
    """Return the refusal of a question of `length` characters."""
    return Message(
        texts.QUESTION_TOO_LONG.format(length=french_number(length), limit=french_number(limit))
    )


def _abstention(answer: Answer) -> Iterator[Piece]:
    yield Piece(Block(texts.ABSTENTION))
    heading = abstention_heading(answer)
    if heading:
        writer = Writer().write(heading)
        for article in answer.near:
            writer.write("\n• ")
            write_source(writer, article_line(article), article_link(article.url))
        yield Piece(writer.block())
    yield Piece(Block(freshness(answer)))


def _prose(line: str) -> Iterator[Piece]:
    for part in split_words(line, limit=_PART_UNITS):
        yield Piece(Block(part.strip(" \n")))


def _quotation(reference: Reference, number: int) -> Iterator[Piece]:
    """Yield the quotation with its source line: one piece, or several if no message holds it."""
    citation = reference.citation
    start, parts = citation.span.start, list(split_words(citation.quote, limit=_PART_UNITS))
    for part in parts[:-1]:
        span = Span(start, start + len(part))
        yield Piece(_quote_block(citation, span, line=None))
        start = span.end
    span = Span(start, citation.span.end)
    yield Piece(_quote_block(citation, span, line=source_line(reference)), number)


def _quote_block(citation: Citation, span: Span, *, line: SourceLine | None) -> Block:
    """Return ``text[span]`` as a quotation, then `line`, or a mark where the quotation goes on.

    The marks also keep the blanks at a cut away from the ends of a message, where Telegram
    would trim them.
    """
    writer = Writer()
    if span.start > citation.span.start:
        writer.write(texts.CONTINUED, EntityType.ITALIC).write("\n")
    write_quote(writer, citation, span)
    writer.write("\n")
    if line is None:
        return writer.write(texts.TO_BE_CONTINUED, EntityType.ITALIC).block()
    article = citation.article
    write_source(writer, line, sentence_link(article.url, article.text, citation.span))
    return writer.block()
