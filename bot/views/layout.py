"""What an answer shows, in which order, whatever it is shown on. Pure.

The prose of the claims comes first, each followed by the numbers of its quotations; then each
quotation once, in the order of the claims, with its source.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot import texts
from bot.views.messages import inline
from bot.views.wording import french_date, of_someone, typeset
from knowledge.types import Answer, AnswerMode, Article, Citation

_LONGEST_TITLE = 250
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Reference:
    """A quotation as it is shown; `number` is None where no prose refers to it."""

    citation: Citation
    number: int | None


@dataclass(frozen=True, slots=True)
class Layout:
    """An answer with claims, ready to be written down; `note` says what a model wrote."""

    prose: tuple[str, ...]
    references: tuple[Reference, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class SourceLine:
    """The words around a title: ``{before}{title}{after}``; the title carries the link."""

    before: str
    title: str
    after: str

    def __str__(self) -> str:
        return self.before + self.title + self.after


def lay_out(answer: Answer) -> Layout:
    """Return the layout of an answer that has claims."""
    citations = _distinct_citations(answer)
    numbers = {_place(citation): index for index, citation in enumerate(citations, 1)}
    prose = tuple(
        inline_prose(claim.text, sorted({numbers[_place(cited)] for cited in claim.citations}))
        for claim in answer.claims
        if claim.text.strip()
    )
    references = tuple(
        Reference(citation, index if prose else None) for index, citation in enumerate(citations, 1)
    )
    return Layout(prose, references, _note(answer.mode, written=bool(prose)))


def inline_prose(text: str, numbers: list[int]) -> str:
    """Return a claim followed by the numbers of its quotations: ``Il pleut. [1] [2]``.

    A model types plain blanks and apostrophes; a reader is shown French typography.
    """
    marks = "".join(f"\u00a0[{number}]" for number in numbers)
    return inline(typeset(text), limit=100_000) + marks


def source_line(reference: Reference) -> SourceLine:
    """Return the line under a quotation: the article, and who speaks in it if somebody does."""
    before = "— " if reference.number is None else f"[{reference.number}]\u00a0"
    citation = reference.citation
    named = article_line(citation.article)
    return SourceLine(before, named.title, named.after + spoken_by(citation))


def spoken_by(citation: Citation) -> str:
    """Return who speaks in a quotation, in brackets after a blank; empty if nobody does."""
    speaker = inline(citation.speech or "", limit=_LONGEST_NAME)
    return f" ({texts.SPOKEN_BY.format(of_someone(speaker))})" if speaker else ""


def article_line(article: Article) -> SourceLine:
    """Return title, outlet and day of an article, and whether it is only a feed's summary."""
    outlet = inline(article.outlet or "", limit=_LONGEST_NAME)
    after = f", {outlet}" if outlet else ""
    title = inline(article.title, limit=_LONGEST_TITLE) or texts.UNTITLED
    whole = f" ({texts.SUMMARY_ONLY})" if article.summary_only else ""
    return SourceLine("", title, f"{after}, {french_date(article.published)}{whole}")


def abstention_heading(answer: Answer) -> str | None:
    """Return the line above the nearest articles, or None if there are none."""
    if not answer.near:
        return None
    return texts.NEAREST_ONE if len(answer.near) == 1 else texts.NEAREST_MANY


def freshness(answer: Answer) -> str:
    """Return the line that dates the newest article of the base."""
    if answer.newest is None:
        return texts.NEWEST_UNKNOWN
    return texts.NEWEST.format(french_date(answer.newest))


def _distinct_citations(answer: Answer) -> list[Citation]:
    found: dict[tuple[str, int, int, int], Citation] = {}
    for claim in answer.claims:
        for citation in claim.citations:
            kept = found.setdefault(_place(citation), citation)
            if kept.highlight is None and citation.highlight is not None:
                found[_place(citation)] = citation
    return list(found.values())


def _place(citation: Citation) -> tuple[str, int, int, int]:
    article = citation.article
    return article.id, article.version, citation.span.start, citation.span.end


def _note(mode: AnswerMode, *, written: bool) -> str | None:
    if mode is not AnswerMode.MODEL:
        return None
    return texts.MODEL_WROTE if written else texts.MODEL_CHOSE
