"""What somebody who asks for a summary means: a time, subjects, or one article. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import Enum, auto
from typing import TYPE_CHECKING

from bot.digests.subject_list import asked_parts, avoided
from bot.links import links_of
from knowledge.digest.types import DigestRequest, Subjects, Window, WindowBasis
from knowledge.text.french import content_stems

if TYPE_CHECKING:
    from telegram import Message

    from bot.addressing import Addressed

_SHORTEST = timedelta(minutes=1)  # a window has a length, at midnight too


class Period(Enum):
    """Of which days the news are told."""

    LATEST = auto()  # the last 24 hours
    TODAY = auto()
    YESTERDAY = auto()
    WEEK = auto()


_PERIODS = {
    "aujourdhui": Period.TODAY,
    "ce jour": Period.TODAY,
    "jour": Period.TODAY,
    "hier": Period.YESTERDAY,
    "semaine": Period.WEEK,
    "la semaine": Period.WEEK,
    "cette semaine": Period.WEEK,
}


class BadSubjectsError(ValueError):
    """There are too many subjects, or one is too long."""


@dataclass(frozen=True, slots=True)
class NewsAsked:
    """The news of a period."""

    period: Period = Period.LATEST


@dataclass(frozen=True, slots=True)
class SubjectsAsked:
    """The news of a week on subjects, as `words` has them; `any_word` is looked for failing them.

    A row of words is one subject, found where they stand together; if they do so nowhere, what
    has one of them is better than nothing.
    """

    words: str
    subjects: Subjects
    any_word: Subjects | None = None


@dataclass(frozen=True, slots=True)
class ArticleAsked:
    """One article: the first of `links` that is known, never none."""

    links: tuple[str, ...]


SummaryAsked = NewsAsked | SubjectsAsked | ArticleAsked


def summary_asked(message: Message, said: Addressed) -> SummaryAsked | None:
    """Return what ``/resume`` asks for; None: it answers a message that holds no link.

    Raises:
        BadSubjectsError: too many words.
    """
    links = links_of(message)
    if links:
        return ArticleAsked(links)
    if said.text and not said.quoted:
        period = _PERIODS.get(_plain(said.text))
        return NewsAsked(period) if period is not None else _subjects(said.text) or NewsAsked()
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        return NewsAsked()
    links = links_of(replied)
    return ArticleAsked(links) if links else None


def window_of(period: Period, *, now: datetime, zone: tzinfo) -> Window:
    """Return the window of a period, its days those of `zone`, by the date of publication."""
    today = _midnight(now, 0, zone)
    since, until = {
        Period.LATEST: (now - timedelta(days=1), now),
        Period.TODAY: (today, max(now, today + _SHORTEST)),
        Period.YESTERDAY: (_midnight(now, 1, zone), today),
        Period.WEEK: (now - timedelta(days=7), now),
    }[period]
    return Window(since, until, WindowBasis.PUBLICATION)


def digest_requests(
    asked: NewsAsked | SubjectsAsked, *, now: datetime, zone: tzinfo
) -> tuple[DigestRequest, ...]:
    """Return the requests that serve `asked`, the best first: the first with news is shown."""
    if isinstance(asked, NewsAsked):
        return (DigestRequest(window_of(asked.period, now=now, zone=zone)),)
    window = window_of(Period.WEEK, now=now, zone=zone)
    wanted = (asked.subjects, asked.any_word)
    return tuple(DigestRequest(window, subjects) for subjects in wanted if subjects is not None)


def _midnight(now: datetime, days_ago: int, zone: tzinfo) -> datetime:
    day = now.astimezone(zone).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _subjects(text: str) -> SubjectsAsked | None:
    """Return the subjects of `text`; None if it names none, as «?»."""
    words: list[str] = []
    avoid: list[str] = []
    for part in asked_parts(text):
        left_out = avoided(part)
        if left_out is None:
            words.append(part)
        else:
            avoid.append(left_out)
    if not words and not avoid:
        return None
    single = tuple(word for part in words for word in part.split() if content_stems(word))
    try:
        subjects = Subjects(tuple(words), tuple(avoid))
        loose = Subjects(single, tuple(avoid)) if len(single) > len(words) else None
    except ValueError as error:
        raise BadSubjectsError(str(error)) from error
    return SubjectsAsked(", ".join(words) or text, subjects, loose)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold().strip(" .!?"))
    return "".join(char for char in letters if char.isalnum() or char == " ")
