"""Summaries that are asked for, as messages: of a time, of subjects, of one article. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot import texts as common
from bot.digests.parcels import DigestPart, span_of
from bot.summary_request import NewsAsked, SubjectsAsked
from bot.texts import summaries as texts
from bot.views.fragment import article_link, sentence_link
from bot.views.layout import SourceLine, article_line, spoken_by
from bot.views.messages import Block, EntityType, Message, Piece, Writer, inline, pack_numbered
from bot.views.quotation import write_quote, write_source
from bot.views.window_words import render_nothing_new, window_heading
from bot.views.wording import french_date, spelled
from knowledge.digest.types import Window
from knowledge.types import Citation

_LONGEST_WORDS = 100


def subject_heading(asked: SubjectsAsked, window: Window, *, zone: tzinfo, any_word: bool) -> str:
    """Return what stands above a summary on subjects."""
    line = texts.ABOUT_ANY if any_word else texts.ABOUT
    told = window_heading(window, zone)
    return line.format(words=_words(asked), window=told[:1].lower() + told[1:])


def render_nothing(
    asked: NewsAsked | SubjectsAsked, window: Window, *, newest: datetime | None, zone: tzinfo
) -> Message:
    """Return that nothing was found, and the date of the newest article."""
    if isinstance(asked, SubjectsAsked):
        line = texts.NOTHING_ABOUT.format(words=_words(asked))
    else:
        line = render_nothing_new(window, zone=zone).text
    dated = common.NEWEST.format(french_date(newest)) if newest else common.NEWEST_UNKNOWN
    return Message(f"{line} {dated}")


def render_article_summary(citations: Sequence[Citation]) -> tuple[DigestPart, ...]:
    """Return the quotations that tell one article, under its title, with what each message quotes.

    Raises:
        ValueError: there is no quotation, or they are of several articles.
    """
    if len({citation.article.id for citation in citations}) != 1:
        raise ValueError("the summary of one article quotes that article")
    packed = pack_numbered(
        [
            Piece(_head(citations)),
            *(Piece(_quotation(one), number=index) for index, one in enumerate(citations)),
        ]
    )
    return tuple(
        DigestPart(each.message, tuple(span_of(citations[index]) for index in each.numbers))
        for each in packed
    )


def _words(asked: SubjectsAsked) -> str:
    return inline(asked.words, limit=_LONGEST_WORDS)


def _head(citations: Sequence[Citation]) -> Block:
    article, count = citations[0].article, len(citations)
    heading = texts.ARTICLE_ONE if count == 1 else texts.ARTICLE.format(spelled(count))
    writer = Writer().write(heading, EntityType.BOLD).write("\n")
    write_source(writer, article_line(article), article_link(article.url))
    return writer.block()


def _quotation(citation: Citation) -> Block:
    """Return the sentence, the link to its place and who speaks, if there are such."""
    article, writer = citation.article, Writer()
    write_quote(writer, citation, citation.span)
    link, spoken = sentence_link(article.url, article.text, citation.span), spoken_by(citation)
    if link is not None:
        writer.write("\n")
        write_source(writer, SourceLine("— ", texts.IN_ARTICLE, spoken), link)
    elif spoken:
        writer.write("\n— " + spoken.strip().strip("()"))
    return writer.block()
