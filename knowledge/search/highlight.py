"""The short answer to mark inside a quotation, or none when unsure. Pure.

Apart from :mod:`knowledge.search.spans`, whose spans are features of fitted models: what is
marked may be improved without fitting anew.
"""

from __future__ import annotations

import re

from knowledge.search.question import AnswerType, QuestionAnalysis
from knowledge.search.reading import Reading
from knowledge.search.spans import AnswerSpan, answer_spans
from knowledge.search.synonyms import synonym_stems
from knowledge.text.french import fold, stem
from knowledge.types import Span

_HOUR_STEM, _YEAR_STEM = stem("heure"), stem("année")
_SPACE = r"[ \u00a0\u202f]"
_HOUR = re.compile(rf"^\d{{1,2}}{_SPACE}?(?:h|heures?)", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}$")
_RANGE = re.compile(rf"{_SPACE}(?:au|à){_SPACE}", re.IGNORECASE)
_FROM = re.compile(rf"(?:du|de|d['’]){_SPACE}?(?:\d{{1,2}}{_SPACE}(?:au){_SPACE})?$", re.IGNORECASE)
_TITLED = re.compile(rf"(?:M\.|Mme|Me|Dr|Pr){_SPACE}$")
_BEFORE_NAME = re.compile(rf"{_SPACE}?(?:(?:d[eu]s?|d['’]|la|le|les|l['’]|,|:|«){_SPACE}?){{0,3}}")


def short_answer(question: QuestionAnalysis, reading: Reading) -> Span | None:
    """Return the likeliest short answer within the sentence read; None if unsure."""
    if question.type is AnswerType.THING:
        return _named_thing(question, reading)
    spans = answer_spans(question, reading)
    if question.type is AnswerType.DATE:
        return _date(question, reading, spans)
    if question.type is AnswerType.NUMBER:
        return _number(question, reading, spans)
    if not spans:
        return None
    return _with_title(reading, spans[0].span)


def _date(
    question: QuestionAnalysis, reading: Reading, spans: tuple[AnswerSpan, ...]
) -> Span | None:
    """Return an hour when one is asked for and else a day, with the end of its period."""
    asks_hour = question.head == _HOUR_STEM
    fitting = [
        one.span
        for one in spans
        if (_HOUR.match(one.span.of(reading.text)) is not None) is asks_hour
    ]
    if not asks_hour and not fitting:
        fitting = [one.span for one in spans]
    if question.head == _YEAR_STEM:
        fitting = [one for one in fitting if _YEAR.search(one.of(reading.text))] or fitting
    if asks_hour:
        return fitting[0] if fitting else None
    return _with_period(reading, fitting[0]) if fitting else None


def _with_period(reading: Reading, chosen: Span) -> Span:
    """Return «du 21 au 25 juillet 2027» whole, whichever of its ends was chosen."""
    text = reading.text
    for left in reading.dates:
        for right in reading.dates:
            whole = left.end < right.start and _RANGE.fullmatch(text[left.end : right.start])
            if whole and chosen in (left, right):
                chosen = Span(left.start, right.end)
    before = _FROM.search(text[: chosen.start])
    is_range = before and (_RANGE.search(chosen.of(text)) or "au" in fold(before.group()).split())
    return Span(before.start(), chosen.end) if before and is_range else chosen


def _number(
    question: QuestionAnalysis, reading: Reading, spans: tuple[AnswerSpan, ...]
) -> Span | None:
    """Return the figure with the noun asked about; a part of a date only if nothing else fits."""
    outside = [
        one
        for one in spans
        if one.is_sure or not any(date.contains(one.span) for date in reading.dates)
    ]
    if question.units and any(one.is_sure for one in outside):
        outside = [one for one in outside if one.is_sure]
    if not outside:
        return None
    span = outside[0].span
    head = question.head
    named = {head} | (synonym_stems().get(head, frozenset()) if head else frozenset())
    following = next((token for token in reading.tokens if token.start >= span.end), None)
    adjacent = following is not None and following.start - span.end == 1
    if following is not None and adjacent and following.stem in named:
        return Span(span.start, following.end)
    return span


def _named_thing(question: QuestionAnalysis, reading: Reading) -> Span | None:
    """Return the name that stands at the noun asked about («le gisement des Sept-Veuves»)."""
    if question.head is None:
        return None
    asked = frozenset(question.stems)
    named = {question.head} | synonym_stems().get(question.head, frozenset())
    for token in reading.tokens:
        if token.stem not in named:
            continue
        for name in reading.names:
            between = reading.text[token.end : max(token.end, name.start)]
            inside = [t for t in reading.tokens if name.start <= t.start < name.end]
            if name.start < token.end or any(one.stem in asked for one in inside):
                continue
            if _BEFORE_NAME.fullmatch(between):
                return name
    return None


def _with_title(reading: Reading, span: Span) -> Span:
    title = _TITLED.search(reading.text[: span.start])
    return Span(title.start(), span.end) if title else span
