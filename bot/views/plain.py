"""Answers as plain text, for the terminal and for ``ask --json``. Pure.

The same words as in Telegram, in the same order; a quotation is marked by ``> ``, and the
address of the sentence stands under its source.
"""

from __future__ import annotations

from bot import texts
from bot.views.fragment import article_link, sentence_link
from bot.views.layout import (
    Reference,
    abstention_heading,
    article_line,
    freshness,
    lay_out,
    source_line,
)
from bot.views.messages import SEPARATOR, carriable
from knowledge.types import Answer


def render_plain(answer: Answer) -> str:
    """Return the text of the answer or abstention, without a line break at the end."""
    if answer.abstained:
        return _abstention(answer)
    layout = lay_out(answer)
    blocks = [*layout.prose, *map(_quotation, layout.references)]
    if layout.note:
        blocks.append(layout.note)
    return SEPARATOR.join(blocks)


def _quotation(reference: Reference) -> str:
    article = reference.citation.article
    lines = [f"> {line}" for line in carriable(reference.citation.quote).split("\n")]
    lines.append(str(source_line(reference)))
    link = sentence_link(article.url, article.text, reference.citation.span)
    return "\n".join([*lines, link] if link else lines)


def _abstention(answer: Answer) -> str:
    blocks = [texts.ABSTENTION]
    heading = abstention_heading(answer)
    if heading:
        lines = [heading]
        for article in answer.near:
            lines.append(f"• {article_line(article)}")
            link = article_link(article.url)
            if link:
                lines.append(f"  {link}")
        blocks.append("\n".join(lines))
    return SEPARATOR.join([*blocks, freshness(answer)])
