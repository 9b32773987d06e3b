"""The likeliest short answers within a sentence: figures, dates, names, phrases. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.search.question import AnswerType, QuestionAnalysis
from knowledge.search.reading import Reading
from knowledge.search.synonyms import synonym_stems
from knowledge.types import Span

_SPACE = r"[ \u00a0\u202f]"
_SCALE = rf"(?:{_SPACE}(?:mille|millions?|milliards?|milliers?|cents?|dizaines?|centaines?))*"
_SIGN = re.compile(r"(?<![^\s(])[-−–](?=\Z)")
_UNIT = re.compile(
    rf"{_SCALE}(?:{_SPACE}?(?:d['’]|de{_SPACE})?(?:%|pour{_SPACE}cents?|€|euros?|dollars?|\$|francs?|livres"
    r"|km/h|km²|km|m²|m|kg|ha|cm|mm|kilomètres(?: carrés)?|mètres(?: carrés| cubes)?|hectares?"
    r"|tonnes?|degrés|°C?|ans|années?|mois|semaines?|jours?|heures?|minutes?|secondes?|voix"
    r"|points?|kilos?|grammes?|litres?|habitants?|personnes?|mégawatts|MW|kWh)(?![\w]))?",
    re.IGNORECASE,
)

# What stands before the name of a place rather than of somebody.
_IN_PLACE = re.compile(
    r"(?<!\w)(?:à|au|aux|en|dans|vers|depuis|près d[eu’']|hors d[eu’']|sur|chez|entre)"
    r"[ \u00a0\u202f]?(?:l[ae’']s?[ \u00a0\u202f]?)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """A span of a sentence; `is_sure` when its form proves that it is of the kind asked for."""

    span: Span
    is_sure: bool = False


def answer_spans(question: QuestionAnalysis, reading: Reading) -> tuple[AnswerSpan, ...]:
    """Return the spans of `reading` that may be the short answer, the likeliest first.

    What the question itself says is no answer. Types that are answered by a clause give none.
    """
    asked = frozenset(question.stems)
    if question.type is AnswerType.NUMBER:
        return _numbers(question, reading, asked)
    if question.type is AnswerType.DATE:
        return _dates(reading, asked)
    if question.type in (AnswerType.PERSON, AnswerType.PLACE):
        return _names(reading, asked, question.type)
    return ()


def _numbers(
    question: QuestionAnalysis, reading: Reading, asked: frozenset[str]
) -> tuple[AnswerSpan, ...]:
    spans: list[tuple[float, AnswerSpan]] = []
    for place, span in enumerate(_joined_numbers(reading)):
        if _stems_in(reading, span) <= asked or _is_date(reading, span, question):
            continue
        wide = _with_unit(reading.text, span)
        sure = _has_unit(reading.text, span, question.units)
        if question.head is not None and not question.units:
            sure = _counts(reading, span, question.head)
            if not sure and wide.end > span.end and question.head in asked:
                continue  # «102 ans» counts no patients
        spans.append(
            (
                -2.0 * bool(sure) + 0.01 * place - _nearness(reading, span, asked),
                AnswerSpan(wide, bool(sure)),
            )
        )
    return tuple(found for _, found in sorted(spans, key=lambda pair: pair[0]))


def _with_unit(text: str, span: Span) -> Span:
    """Return the figure with the sign before it and the unit after it, where there are any."""
    sign, unit = _SIGN.search(text, 0, span.start), _UNIT.match(text, span.end)
    return Span(sign.start() if sign else span.start, unit.end() if unit else span.end)


def _has_unit(text: str, span: Span, units: str) -> bool:
    """Whether one of `units` follows the figure within a word or two."""
    if not units:
        return False
    pattern = rf".{{0,24}}?(?<!\w){units}(?!\w)"
    return re.match(pattern, text[span.end : span.end + 30], re.IGNORECASE) is not None


def _joined_numbers(reading: Reading) -> list[Span]:
    """Return figures with the number words that continue them as one span («18,4 millions»)."""
    joined: list[Span] = []
    for span in reading.numbers:
        between = reading.text[joined[-1].end : span.start] if joined else "x"
        if joined and between.strip(" \u00a0\u202f-") in ("", "et"):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _is_date(reading: Reading, span: Span, question: QuestionAnalysis) -> bool:
    if question.units:
        return False
    return any(date.contains(span) for date in reading.dates)


def _counts(reading: Reading, span: Span, head: str) -> bool:
    """Whether the noun asked about follows the figure within three words."""
    following = [token for token in reading.tokens if token.start >= span.end][:4]
    named = {head} | synonym_stems().get(head, frozenset())
    return any(token.stem in named for token in following)


def counted(reading: Reading, span: Span) -> str | None:
    """Return the stem of the unit or noun that a figure counts; None if no word follows it.

    Scales are no unit: «18,4 millions d’euros» counts euros.
    """
    numbers = frozenset(number.start for number in reading.numbers)
    return next(
        (
            token.stem
            for token in reading.tokens
            if token.start >= span.start and not token.is_stopword and token.start not in numbers
        ),
        None,
    )


def _dates(reading: Reading, asked: frozenset[str]) -> tuple[AnswerSpan, ...]:
    spans = [
        (-_nearness(reading, span, asked) - 0.002 * len(span), AnswerSpan(span, True))
        for span in reading.dates
        if not _stems_in(reading, span) <= asked
    ]
    return tuple(found for _, found in sorted(spans, key=lambda pair: pair[0]))


def _names(reading: Reading, asked: frozenset[str], kind: AnswerType) -> tuple[AnswerSpan, ...]:
    spans = []
    for span in reading.names:
        stems = _stems_in(reading, span)
        if not stems or stems & asked or any(date.contains(span) for date in reading.dates):
            continue
        located = _IN_PLACE.search(reading.text[max(0, span.start - 16) : span.start]) is not None
        fits = located is (kind is AnswerType.PLACE)
        sure = fits and (located or len(stems) > 1)
        order = -1.0 * sure - 0.5 * fits - _nearness(reading, span, asked)
        spans.append((order, AnswerSpan(span, sure)))
    return tuple(found for _, found in sorted(spans, key=lambda pair: pair[0]))


def _stems_in(reading: Reading, span: Span) -> frozenset[str]:
    return frozenset(
        token.stem
        for token in reading.tokens
        if span.start <= token.start and token.end <= span.end and not token.is_stopword
    )


def _nearness(reading: Reading, span: Span, asked: frozenset[str]) -> float:
    """Return how near the span stands to the question's words: 0 to 1 a word, far ones less."""
    return sum(
        1.0 / (1.0 + _distance(token.start, token.end, span) / 12.0)
        for token in reading.tokens
        if token.stem in asked and not token.is_stopword
    ) / max(1, len(asked))


def _distance(start: int, end: int, span: Span) -> int:
    return max(span.start - end, start - span.end, 0)
