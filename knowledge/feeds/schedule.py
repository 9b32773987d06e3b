"""When a source is visited again, and when an article's page is looked at again. Pure.

Every time of now is an argument, and so is the draw of chance that keeps visits apart.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from knowledge.feeds.types import Feed, FeedState

DAY = timedelta(days=1)
LONGEST_ADVICE = timedelta(hours=6)  # of max-age and ttl: an error there must not silence a feed
LONGEST_BACKOFF = DAY
LONGEST_RETRY_AFTER = timedelta(days=2)
SOON = timedelta(minutes=1)  # what a visit left over is taken up
TOLD_AFTER = DAY  # of failures in a row
WATCHED_FOR = timedelta(days=7)  # an article's page, from its publication
_LOOKS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=2))
_TRIES = (timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12), DAY)
_SPREAD = 0.1  # share of an interval by which visits are spread
_MOST_DOUBLINGS = 12


def after_success(
    interval: timedelta,
    *,
    now: datetime,
    chance: float,
    pending: bool = False,
    max_age: int | None = None,
    ttl: int | None = None,
) -> datetime:
    """Return the next visit after one that succeeded: `interval`, or longer if the site asks so.

    `max_age` (Cache-Control) and `ttl` (RSS) are in seconds; six hours of them are obeyed.
    `pending` work is taken up within a minute. `chance`, from 0 to 1, spreads by a tenth.
    """
    if pending:
        return now + SOON
    advised = timedelta(seconds=max(max_age or 0, ttl or 0))
    wait = max(interval, min(advised, LONGEST_ADVICE))
    return now + wait * (1 + _SPREAD * chance)


def after_failure(
    interval: timedelta,
    failures: int,
    *,
    now: datetime,
    chance: float,
    retry_after: timedelta | None = None,
) -> datetime:
    """Return the next visit after `failures` (1 or more) in a row: doubling, up to a day.

    Between half of that and all of it is waited, by `chance` (equal jitter, so that feeds that
    failed together do not come back together), and never less than the site's Retry-After.
    """
    doubled = interval * (1 << min(failures, _MOST_DOUBLINGS))
    wait = min(doubled, LONGEST_BACKOFF) * (0.5 + 0.5 * chance)
    asked = min(retry_after or timedelta(0), LONGEST_RETRY_AFTER)
    return now + max(wait, asked)


def read_retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """Return how long a Retry-After header (RFC 9110, 10.2.3) asks to wait; None if it is none."""
    value = (value or "").strip()
    if value.isascii() and value.isdecimal() and len(value) <= 9:
        return timedelta(seconds=int(value))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(moment - now, timedelta(0))


def next_look(
    published: datetime | None, *, seen: datetime, looks: int, now: datetime
) -> datetime | None:
    """Return when the page of an article is looked at again, None once it is a week old.

    `looks` is how often it was looked at, 1 or more: corrections come early, so the intervals
    grow (an hour, six, a day, two).
    """
    moment = now + _LOOKS[min(looks, len(_LOOKS)) - 1]
    return moment if moment - (published or seen) <= WATCHED_FOR else None


def next_try(looks: int, *, now: datetime) -> datetime | None:
    """Return when a page that could not be had is tried again, None after four tries."""
    return now + _TRIES[looks - 1] if looks <= len(_TRIES) else None


def should_tell(feed: Feed, *, now: datetime) -> bool:
    """Tell whether an administrator is to be told of `feed`: failing for a day, or stopped.

    Once for a row of failures: `told_at` is forgotten when a visit succeeds.
    """
    if feed.failing_since is None or feed.told_at is not None:
        return False
    return feed.state is FeedState.STOPPED or now - feed.failing_since >= TOLD_AFTER
