"""Corrections as messages: what was quoted, then what the article says now, both exactly. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.texts import deliveries as texts
from bot.views.fragment import sentence_link
from bot.views.layout import Reference, source_line
from bot.views.messages import Block, EntityType, Message, Piece, Writer, pack
from bot.views.quotation import write_quote, write_source
from knowledge.corrections import Correction
from knowledge.types import Citation


def render_corrections(
    corrections: Sequence[Correction], *, moved: bool = False
) -> tuple[Message, ...]:
    """Return the messages that correct one message of the bot.

    `moved`: they cannot be shown as a reply to it, since its group has become a supergroup.
    """
    heading = texts.CORRECTION_ONE if len(corrections) == 1 else texts.CORRECTION_SEVERAL
    if moved:
        heading = texts.CORRECTION_MOVED
    pieces = [Piece(Writer().write(heading, EntityType.BOLD).block())]
    for each in corrections:
        pieces.append(Piece(_quotation(texts.BEFORE, each.before)))
        if each.after is None:
            pieces.append(Piece(Writer().write(texts.LOST).block()))
        else:
            pieces.append(Piece(_quotation(texts.AFTER, each.after)))
    return pack(pieces)


def _quotation(label: str, citation: Citation) -> Block:
    article = citation.article
    writer = Writer().write(label + "\n")
    write_quote(writer, citation, citation.span)
    writer.write("\n")
    line = source_line(Reference(citation, None))
    write_source(writer, line, sentence_link(article.url, article.text, citation.span))
    return writer.block()
