"""What a chat wants to receive and when: the values, and the rules of windows and due times. Pure.

Nothing here sends twice when a clock is moved back: ``watermark`` (the end of the last window
that was told) and ``due_at`` only ever move forward, and a digest is named by its subscription,
the end of its window and its part.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.conversations import Place
from bot.digests.due_times import EVERY_DAY, Timetable, last_due, next_due
from knowledge.digest.types import MOST_ITEMS, DigestRequest, DigestStyle, Subjects, Window

PARIS = ZoneInfo("Europe/Paris")
MOST_HOURS = 12  # a day

FIRST_WINDOW = timedelta(days=1)
"""What the first digest tells: a new subscriber has seen nothing yet."""

SETTLING = timedelta(minutes=2)
"""A window ends that long before its due time: an article carries the time at which its saving
began, so one that is being saved when a digest is built would belong to a window already told."""

CLOCK_WAS_WRONG = timedelta(days=1, hours=2)
"""Nothing waits for longer than that, unless a clock far ahead once said so."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a reader chose; see the fields. `hours` and `days` (0 is Monday) are those of `zone`.

    Raises:
        ValueError: no hour or day, more than 12 hours, `most_items` not in 1..20.
    """

    hours: frozenset[time] = frozenset({time(8)})
    days: frozenset[int] = EVERY_DAY
    zone: ZoneInfo = PARIS
    subjects: Subjects = field(default_factory=Subjects)
    most_items: int = 7
    silent: bool = False  # delivered without a sound
    style: DigestStyle = DigestStyle.BRIEFS
    say_when_empty: bool = False  # one line when there is nothing new
    corrections: bool = True  # a reply when a quoted sentence changed

    def __post_init__(self) -> None:
        _ = self.timetable
        if len(self.hours) > MOST_HOURS:
            raise ValueError(f"at most {MOST_HOURS} hours a day")
        if not 1 <= self.most_items <= MOST_ITEMS:
            raise ValueError(f"a digest has 1 to {MOST_ITEMS} items")

    @property
    def timetable(self) -> Timetable:
        """Its due times."""
        return Timetable(self.hours, self.days, self.zone)


class SubscriptionState(StrEnum):
    """``suspended`` comes back by itself when its chat does; ``cancelled`` never does."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class Suspension(StrEnum):
    """Why a subscription is suspended."""

    BLOCKED = "blocked"  # by the reader of a private chat
    REMOVED = "removed"  # the bot is not in the chat any more
    MUTED = "muted"  # the bot may not write there
    TOPIC = "topic"  # its topic was closed or deleted
    ACCESS = "access"  # the chat may no longer use the bot


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription of a chat or of one topic of it. Times are aware and in UTC."""

    id: int
    place: Place
    preferences: Preferences
    created_at: datetime
    watermark: datetime
    due_at: datetime
    state: SubscriptionState = SubscriptionState.ACTIVE
    reason: Suspension | None = None
    created_by: int | None = None

    def __post_init__(self) -> None:
        if (self.reason is not None) != (self.state is SubscriptionState.SUSPENDED):
            raise ValueError("a suspension, and nothing else, has a reason")


@dataclass(frozen=True, slots=True)
class DueDigest:
    """What one due subscription needs: its digest's request, then its next due time."""

    subscription: Subscription
    request: DigestRequest
    next_due_at: datetime

    @property
    def window_end(self) -> datetime:
        """The end of its window: the watermark once the digest is delivered."""
        return self.request.window.until


def digest_key(subscription_id: int, window_end: datetime, part: int) -> str:
    """Return the name of one part (from 1) of a digest, the same however often it is made."""
    return f"digest:{subscription_id}:{window_end:%Y%m%dT%H%M%S%f}:{part}"


def first_due_at(preferences: Preferences, *, now: datetime) -> datetime:
    """Return when the first digest leaves."""
    return next_due(preferences.timetable, after=now)


def changed_due_at(
    subscription: Subscription, preferences: Preferences, *, now: datetime
) -> datetime:
    """Return when the next digest leaves once `preferences` are chosen."""
    told = subscription.watermark + SETTLING
    return next_due(preferences.timetable, after=max(now, told))


def due_digest(subscription: Subscription, *, now: datetime) -> DueDigest | None:
    """Return the one digest that is due, however many due times have passed since the last.

    None: it is not due, or its window was told already.
    """
    if subscription.state is not SubscriptionState.ACTIVE or subscription.due_at > now:
        return None
    timetable = subscription.preferences.timetable
    latest = max(last_due(timetable, until=now), subscription.due_at)
    until = latest - SETTLING
    if until <= subscription.watermark:
        return None
    preferences = subscription.preferences
    request = DigestRequest(
        Window(subscription.watermark, until),
        preferences.subjects,
        preferences.style,
        preferences.most_items,
    )
    return DueDigest(subscription, request, next_due(timetable, after=max(now, latest)))


def skipped_due_at(subscription: Subscription, *, now: datetime) -> datetime:
    """Return the next due time of one whose window was told already."""
    told = subscription.watermark + SETTLING
    return next_due(subscription.preferences.timetable, after=max(now, told, subscription.due_at))


def mended(subscription: Subscription, *, now: datetime) -> Subscription | None:
    """Return the subscription as it should be if a clock far ahead once moved it; else None.

    A clock that was a year ahead leaves a watermark a year ahead, and silence for a year. One
    that is put back by less than a day, however often, changes nothing.
    """
    if subscription.watermark <= now + CLOCK_WAS_WRONG:
        return None
    due_at = next_due(subscription.preferences.timetable, after=now)
    return replace(subscription, watermark=now, due_at=due_at)
