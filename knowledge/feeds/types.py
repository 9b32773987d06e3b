"""What a followed source is, what it announces and what a visit leaves. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge.articles import require_utc
from knowledge.sources.responses import NO_VALIDATORS, Validators
from knowledge.types import ArticleId

FeedId = str

_ID_LENGTH = 20  # hexadecimal digits, as an article's


class FeedKind(StrEnum):
    """What is followed: a feed of the web, or a folder of this machine."""

    FEED = "feed"
    FOLDER = "folder"


class FeedState(StrEnum):
    """Whether a source is visited; a stopped one is not until it is added again."""

    ACTIVE = "active"
    STOPPED = "stopped"


def feed_id(url: str) -> FeedId:
    """Return the id of the source first followed at `url`; it stays when the source moves."""
    return hashlib.sha256(b"feed " + url.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]


@dataclass(frozen=True, slots=True)
class Feed:
    """A followed source and how its visits went. Times are aware UTC.

    `url` is a web address, or ``file:`` and the path of a folder. `outlet` is what its articles
    are said to come from (else `title`). `interval_seconds` is its own, None for the setting.
    `failing_since` is when the present row of `failures` began, None while visits succeed;
    `error` (French) and `failed_at` stay after a recovery. `told_at` is when an administrator
    was told of the present row of failures.
    """

    id: FeedId
    url: str
    kind: FeedKind
    state: FeedState
    added_at: datetime
    next_visit_at: datetime
    title: str | None = None
    outlet: str | None = None
    validators: Validators = NO_VALIDATORS
    interval_seconds: int | None = None
    visited_at: datetime | None = None
    succeeded_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    error: str | None = None
    failed_at: datetime | None = None
    told_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.url or not self.id:
            raise ValueError("a source has an address and an id")
        if (self.failures > 0) != (self.failing_since is not None) or self.failures < 0:
            raise ValueError("failures in a row have a beginning, and only they")
        for name in ("added_at", "next_visit_at", "visited_at", "succeeded_at", "failing_since"):
            require_utc(getattr(self, name), name)

    @property
    def name(self) -> str:
        """What to call it: the outlet chosen for it, its own title, else its address."""
        return self.outlet or self.title or self.url


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What a feed says of one article. `key` is stable over visits, `link` absolute or None.

    `title` is plain text, `summary` and `content` are HTML as they came, of bounded length:
    neither is ever shown, only the text that is read from them.
    """

    key: str
    link: str | None
    title: str | None = None
    summary: str | None = None
    content: str | None = None
    author: str | None = None
    published: datetime | None = None
    updated: str | None = None
    content_hash: str = ""

    def __post_init__(self) -> None:
        if not self.key:
            raise ValueError("an entry has a key")
        require_utc(self.published, "published")


@dataclass(frozen=True, slots=True)
class FeedContent:
    """What a feed said at one visit: its first entries, in its order, each key once.

    `truncated` tells that it announced more than were read; `ttl_seconds` is how long it asks to
    be left alone, None if it does not say.
    """

    title: str | None
    entries: tuple[FeedEntry, ...]
    language: str | None = None
    ttl_seconds: int | None = None
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """What is remembered of an entry: the article it became, and when its page is looked at next.

    `looks` counts the visits to its page. `summary_only` tells that its article, as stored now,
    is the feed's summary, `characters` how long it is, `removed` that it was taken out of the
    base. `error` says why it became no article, or no more than a summary. `seen_at` is when it
    was seen first.
    """

    key: str
    content_hash: str
    seen_at: datetime
    link: str | None = None
    title: str | None = None
    published: datetime | None = None
    article_id: ArticleId | None = None
    error: str | None = None
    looks: int = 0
    next_look_at: datetime | None = None
    validators: Validators = NO_VALIDATORS
    summary_only: bool = False
    characters: int = 0
    removed: bool = False


class VisitStatus(StrEnum):
    """How a visit ended."""

    DONE = "done"
    UNCHANGED = "unchanged"  # the server said so
    FAILED = "failed"
    GONE = "gone"  # 410: not visited any more
    INTERRUPTED = "interrupted"  # asked to stop


@dataclass(frozen=True, slots=True)
class EntryFailure:
    """An entry that gave no article, or only its summary: where it leads, and why (French)."""

    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class VisitReport:
    """What a visit found. `feed` is the source as it stands after the visit.

    `announced` counts entries read, `added` and `updated` articles, `summaries` those of them
    that are only summaries; `pending` tells that more is left for the next visit, soon.
    """

    feed: Feed
    status: VisitStatus
    announced: int = 0
    added: int = 0
    updated: int = 0
    summaries: int = 0
    failures: tuple[EntryFailure, ...] = ()
    pending: bool = False
    moved_from: str | None = None
