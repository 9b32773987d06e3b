"""Answers as a terminal shows them: the plain text, the likely answer bold, addresses as links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.terminal.console import console, say
from bot.views.layout import lay_out
from bot.views.messages import carriable
from bot.views.plain import render_plain
from knowledge.types import Answer, Citation

if TYPE_CHECKING:
    from rich.text import Text

_QUOTE_MARK = "> "


def show_answer(answer: Answer) -> None:
    """Print the answer: styled on a terminal, as plain text elsewhere."""
    if console().is_terminal:
        console().print(styled_answer(answer))
    else:
        say(render_plain(answer))


def styled_answer(answer: Answer) -> Text:
    """Return the characters of :func:`~bot.views.plain.render_plain`, with styles upon them."""
    from rich.text import Text

    text = Text(render_plain(answer))
    citations = [reference.citation for reference in lay_out(answer).references]
    position = 0
    for citation in citations:
        quotation, start, end = _quotation(citation)
        found = text.plain.find(quotation, position)
        if found < 0:
            continue
        if start < end:
            text.stylize("bold", found + start, found + end)
        position = found + len(quotation)
    _link_addresses(text)
    return text


def _quotation(citation: Citation) -> tuple[str, int, int]:
    """Return the quotation as it is printed, and where in it the likely answer stands."""
    quote = _marked(citation.quote)
    if citation.highlight is None:
        return quote, 0, 0
    start = citation.highlight.start - citation.span.start
    end = citation.highlight.end - citation.span.start
    return quote, len(_marked(citation.quote[:start])), len(_marked(citation.quote[:end]))


def _marked(text: str) -> str:
    return _QUOTE_MARK + carriable(text).replace("\n", "\n" + _QUOTE_MARK)


def _link_addresses(text: Text) -> None:
    """Make the lines that are addresses ones that can be clicked."""
    from rich.style import Style

    position = 0
    for line in text.plain.split("\n"):
        address = line.strip()
        if address.startswith(("https://", "http://")):
            start = position + line.index(address)
            text.stylize(Style(link=address, dim=True), start, start + len(address))
        position += len(line) + 1
