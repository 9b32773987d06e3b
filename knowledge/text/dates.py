"""Dates as French prose writes them: where they stand in a text, and what they say.

Rules in the manner of HeidelTime (Strötgen and Gertz 2010), cut down to what a question about
news needs: days, months, years, centuries, times of day, and days counted from now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from knowledge.text.days import MONTH_NAMES
from knowledge.text.french import fold
from knowledge.types import Span

MONTHS = {fold(name): number for number, name in enumerate(MONTH_NAMES, 1)}
_MONTH = (
    r"(?P<month>janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre"
    r"|novembre|d[ée]cembre)"
)
_WEEKDAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_SPACE = r"[ \u00a0\u202f]"
_DATE = re.compile(
    rf"""
    \b(?:
      (?:{_WEEKDAY}{_SPACE}+)?(?:1er|(?P<day>\d{{1,2}})){_SPACE}+{_MONTH}\b
        (?:{_SPACE}+(?P<year>\d{{4}})\b)?
    | (?:(?:début|fin|mi){_SPACE}*-?{_SPACE}*)?{_MONTH.replace("month", "month2")}\b
        (?:{_SPACE}+(?P<year2>\d{{4}})\b)?
    | (?:printemps|été|automne|hiver){_SPACE}+(?P<year3>\d{{4}})\b
    | (?P<day4>\d{{1,2}})[/.](?P<month4>\d{{1,2}})[/.](?P<year4>\d{{4}})\b
    | (?:[IVX]+|\d{{1,2}})(?:e|ème|er){_SPACE}+(?:siècles?|millénaires?)
        (?:{_SPACE}+av\.{_SPACE}J\.-C\.)?
    | années{_SPACE}+\d{{2,4}}
    | \d{{1,2}}{_SPACE}?(?:h|heures?)(?:{_SPACE}?\d{{2}})?\b(?!{_SPACE}*/)
    | {_WEEKDAY}(?:{_SPACE}+(?:matin|midi|soir|après-midi|dernier|prochain))?\b
    | (?P<year5>(?:1\d{{3}}|20\d{{2}}))\b(?!{_SPACE}?(?:%|€|euro|km|m²|[a-z]{{3,}}s\b))
    | (?:avant-hier|hier|demain|aujourd['’]hui)\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_YEARS = ("year", "year2", "year3", "year4", "year5")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as written in ``text[span]``; what it does not say is None."""

    span: Span
    year: int | None = None
    month: int | None = None
    day: int | None = None


def find_dates(text: str) -> tuple[DateMention, ...]:
    """Return the dates, months, years, centuries and times of day of `text`, in order."""
    return tuple(_mention(match) for match in _DATE.finditer(text))


def _mention(match: re.Match[str]) -> DateMention:
    year = next((found for name in _YEARS if (found := match[name])), None)
    month = match["month"] or match["month2"]
    day = match["day"] or match["day4"] or ("1" if match["month"] else None)
    return DateMention(
        Span(*match.span()),
        int(year) if year else None,
        MONTHS[fold(month)] if month else int(match["month4"]) if match["month4"] else None,
        int(day) if day else None,
    )


_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_PUBLISHED = r"(?:publi|paru|articles?|actualit|nouvelles|depeches?|quoi de neuf|se passe)"


def publication_bounds(question: str, *, now: datetime) -> tuple[datetime, datetime] | None:
    """Return the first and last moment of publication that `question` asks for in so many words.

    Only a question about what was published is limited («les articles de cette semaine», «quoi
    de neuf hier»): «qui a gagné hier ?» asks about an event, and its article may be of today.
    """
    folded = fold(question)
    if not re.search(_PUBLISHED, folded):
        return None
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - midnight.weekday() * _DAY
    first = midnight.replace(day=1)
    last_month = (first - _DAY).replace(day=1)
    periods = {
        r"\baujourd'hui\b|\bce (?:matin|jour|soir)\b": (midnight, midnight + _DAY),
        r"\bhier\b": (midnight - _DAY, midnight),
        r"\bcette semaine\b": (monday, monday + _WEEK),
        r"\bsemaine (?:derniere|passee)\b": (monday - _WEEK, monday),
        r"\bce mois\b": (first, (first + 31 * _DAY).replace(day=1)),
        r"\bmois (?:dernier|passe)\b": (last_month, first),
    }
    for pattern, (start, end) in periods.items():
        if re.search(pattern, folded):
            return start, end - timedelta(microseconds=1)
    return _named_month(question)


def _named_month(question: str) -> tuple[datetime, datetime] | None:
    for mention in find_dates(question):
        if mention.year and mention.month:
            try:
                start = datetime(mention.year, mention.month, mention.day or 1, tzinfo=UTC)
            except ValueError:  # «le 31 février 2026»
                continue
            end = start + _DAY if mention.day else (start + 31 * _DAY).replace(day=1)
            return start, end - timedelta(microseconds=1)
    return None
