"""What a feed is served with, and what a visit to it changes."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.feeds.types import FeedState, VisitStatus
from tests.followed import BODY, FEED_URL
from tests.web_server import Answer, reply

DAY = "2026-05-12T06:30"
SUMMARY = "Le conseil a voté la rénovation de la piscine de Valmorin."
NO_FEED = "pas un flux. Donnez l’adresse du flux, souvent /rss ou /feed."


@dataclass(frozen=True)
class Kept:
    """An article as a reader would see it: title, address, date, and whether it is a summary."""

    title: str = "La piscine rouvrira"
    url: str | None = "http://news.example/a"
    published: str | None = DAY
    text: str = BODY
    summary_only: bool = False


@dataclass(frozen=True)
class Outcome:
    """All that a visit changes; `wait` is the minutes until the next one."""

    status: VisitStatus = VisitStatus.DONE
    articles: tuple[Kept, ...] = (Kept(),)
    announced: int = 1
    error: str | None = None
    entry_errors: tuple[str, ...] = ()
    state: FeedState = FeedState.ACTIVE
    url: str = FEED_URL
    wait: float = 30
    pending: bool = False


def failing(error: str, *, wait: float = 30) -> Outcome:
    return Outcome(VisitStatus.FAILED, (), 0, error, wait=wait)


def summary(error: str, text: str = SUMMARY) -> Outcome:
    return Outcome(articles=(Kept(text=text, summary_only=True),), entry_errors=(error,))


@dataclass(frozen=True)
class Case:
    feed: str | bytes | Answer
    expected: Outcome = field(default_factory=Outcome)
    headers: dict[str, str] = field(default_factory=dict)
    pages: dict[str, bytes | Answer] = field(default_factory=dict)
    url: str = FEED_URL


def redirect(status: int, target: str) -> bytes:
    return reply(b"", f"{status} Moved", Location=target)
