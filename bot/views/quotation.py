"""A quotation and the line that says where it comes from, as part of a message. Pure.

The blockquote holds exactly the characters of the article, its highlight in bold.
"""

from __future__ import annotations

from bot.views.layout import SourceLine
from bot.views.messages import EntityType, Writer, carriable
from knowledge.types import Citation, Span

_EXPANDABLE_FROM = 300  # UTF-16 units from which a quotation is shown folded
_FOLDED_SHOWS = 150  # a highlight beyond these units would be folded away with the rest


def write_quote(writer: Writer, citation: Citation, span: Span) -> None:
    """Write ``text[span]``, marked as a quotation, its part of the highlight in bold."""
    text = citation.article.text
    marked = citation.highlight or Span(span.end, span.end)
    bold_start = min(max(marked.start, span.start), span.end)
    bold_end = min(max(marked.end, bold_start), span.end)
    start = writer.position
    writer.write(carriable(text[span.start : bold_start]))
    writer.write(carriable(text[bold_start:bold_end]), EntityType.BOLD)
    shown = writer.position - start
    writer.write(carriable(text[bold_end : span.end]))
    folds = writer.position - start > _EXPANDABLE_FROM and (
        bold_start == bold_end or shown <= _FOLDED_SHOWS
    )
    kind = EntityType.EXPANDABLE_BLOCKQUOTE if folds else EntityType.BLOCKQUOTE
    writer.mark(kind, start)


def write_source(writer: Writer, line: SourceLine, link: str | None) -> None:
    """Write a source line, its title linked if there is a `link`."""
    writer.write(line.before)
    writer.write(line.title, EntityType.TEXT_LINK if link else None, link)
    writer.write(line.after)
