"""What stands around a quotation, as messages: the article's own text, the quotation in bold. Pure.

As in the answer, the passage is cut from the article by offsets and stands alone in its
blockquote; marks outside it say where the article goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.texts import buttons as texts
from bot.views.fragment import sentence_link
from bot.views.layout import article_line
from bot.views.messages import EntityType, Message, Piece, Writer, pack
from bot.views.telegram_text import carriable, split_words, utf16_length
from knowledge.types import Article, Span

_AROUND = 3  # sentences on either side
_PASSAGE_UNITS = 1500  # that the sentences around may fill; the quotation itself is never cut
_PART_UNITS = 3000  # of a passage that no message can carry whole


@dataclass(frozen=True, slots=True)
class Context:
    """A quotation in its article, with the article's sentences in order.

    `number` is shown where the answer has several quotations. `note` says what became of the
    article since.
    """

    article: Article
    quotation: Span
    sentences: tuple[Span, ...]
    number: int | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if not self.quotation or self.quotation.end > len(self.article.text):
            raise ValueError("the quotation lies in the article's text")


def render_context(context: Context) -> tuple[Message, ...]:
    """Return the passage with its source; one message unless the quotation is very long."""
    text = context.article.text
    passage = passage_around(text, context.sentences, context.quotation)
    return pack(_pieces(context, passage))


def passage_around(text: str, sentences: Sequence[Span], quotation: Span) -> Span:
    """Return the quotation with up to three whole sentences before it and after it.

    They are added in turn, those after it first, while they fit; `sentences` are in order.
    """
    before = [each for each in sentences if each.end <= quotation.start][-_AROUND:]
    after = [each for each in sentences if each.start >= quotation.end][:_AROUND]
    passage = quotation
    while before or after:
        for side in (after, before):
            if not side:
                continue
            taken = side.pop(0) if side is after else side.pop()
            wider = Span(min(passage.start, taken.start), max(passage.end, taken.end))
            if utf16_length(wider.of(text)) > _PASSAGE_UNITS:
                side.clear()
            else:
                passage = wider
    return passage


def _pieces(context: Context, passage: Span) -> Iterator[Piece]:
    text, start = context.article.text, passage.start
    parts = list(split_words(passage.of(text), limit=_PART_UNITS))
    for index, part in enumerate(parts):
        span = Span(start, start + len(part))
        start = span.end
        writer = Writer()
        if span.start > 0 and text[: span.start].strip():
            writer.write(texts.CUT + "\n")
        _write_passage(writer, text, span, context.quotation)
        if text[span.end :].strip():
            writer.write("\n" + texts.CUT)
        if index == len(parts) - 1:
            writer.write("\n")
            _write_source(writer, context)
        yield Piece(writer.block())
    if context.note:
        yield Piece(Writer().write(context.note, EntityType.ITALIC).block())


def _write_passage(writer: Writer, text: str, span: Span, quotation: Span) -> None:
    bold_start = min(max(quotation.start, span.start), span.end)
    bold_end = min(max(quotation.end, bold_start), span.end)
    start = writer.position
    writer.write(carriable(text[span.start : bold_start]))
    writer.write(carriable(text[bold_start:bold_end]), EntityType.BOLD)
    writer.write(carriable(text[bold_end : span.end]))
    writer.mark(EntityType.BLOCKQUOTE, start)


def _write_source(writer: Writer, context: Context) -> None:
    line, article = article_line(context.article), context.article
    link = sentence_link(article.url, article.text, context.quotation)
    writer.write("— " if context.number is None else f"[{context.number}]\u00a0")
    writer.write(line.title, EntityType.TEXT_LINK if link else None, link)
    writer.write(line.after)
