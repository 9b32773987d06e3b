"""From settings to the followed sources: the one place here that names adapters."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from knowledge.feeds.folder import visit_folder
from knowledge.feeds.follower import FeedFollower, Visit
from knowledge.feeds.hosts import DEFAULT_GAP, HostLimiter
from knowledge.feeds.ports import Ingest, ShouldStop
from knowledge.feeds.service import Feeds
from knowledge.feeds.types import Feed, FeedKind, VisitReport
from knowledge.feeds.visit import visit
from knowledge.feeds.visiting import Visiting, VisitLimits

if TYPE_CHECKING:
    from datetime import datetime

    from knowledge.feeds.entry_article import Read
    from knowledge.settings import KnowledgeSettings
    from knowledge.sources.fetch import Fetcher
    from knowledge.store.engine import Database

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
_FEED_SECONDS = 30.0  # at most, for one feed
_PAGE_SECONDS = 20.0  # at most, for the page of one article


def open_feeds(
    settings: KnowledgeSettings,
    database: Database,
    *,
    ingest: Ingest,
    read: Read,
    gap_seconds: float = DEFAULT_GAP,
) -> Feeds:
    """Return the followed sources of `database`. Threads start with the first visit: ``stop()``.

    `ingest` and `read` are those of :class:`knowledge.service.Knowledge`. `gap_seconds` is the
    pause between two requests to one host.
    """
    from knowledge.store.feeds import SqlFeedStore

    store = SqlFeedStore(database)
    limiter = HostLimiter(gap_seconds)
    limits = VisitLimits(
        interval=timedelta(minutes=settings.feed_minutes), entries=settings.feed_entries
    )
    chance = random.SystemRandom().random
    tools = Visiting(
        fetch_feed=_feed_fetcher(settings, limiter).fetch_changed,
        fetch_page=_page_fetcher(settings, limiter).fetch_changed,
        store=store,
        ingest=ingest,
        read=read,
        limits=limits,
        chance=chance,
    )
    return Feeds(
        store,
        FeedFollower(_visits(tools, settings.max_document_bytes), store, limiter=limiter),
        fetch=tools.fetch_feed,
        interval=limits.interval,
        max_entries=limits.entries,
        chance=chance,
    )


def _visits(tools: Visiting, max_bytes: int) -> Visit:
    """Return what visits one source, a feed or a folder; `max_bytes` are those of a file."""

    def visit_source(feed: Feed, now: datetime, should_stop: ShouldStop) -> VisitReport:
        if feed.kind is FeedKind.FOLDER:
            return visit_folder(feed, tools, max_bytes=max_bytes, now=now, should_stop=should_stop)
        return visit(feed, tools, now=now, should_stop=should_stop)

    return visit_source


def _feed_fetcher(settings: KnowledgeSettings, limiter: HostLimiter) -> Fetcher:
    from knowledge.sources.fetch import Fetcher

    return Fetcher(
        max_bytes=settings.feed_bytes,
        size_setting="SOURCIER_FEED_MIB",
        timeout_seconds=min(settings.fetch_seconds, _FEED_SECONDS),
        allow_private=settings.feed_private_addresses,
        media_types=None,
        accept=_ACCEPT,
        contact=settings.feed_contact,
        turn=limiter.turn_at,
    )


def _page_fetcher(settings: KnowledgeSettings, limiter: HostLimiter) -> Fetcher:
    from knowledge.sources.fetch import Fetcher

    return Fetcher(
        max_bytes=settings.max_document_bytes,
        timeout_seconds=min(settings.fetch_seconds, _PAGE_SECONDS),
        allow_private=settings.feed_private_addresses,
        contact=settings.feed_contact,
        turn=limiter.turn_at,
    )
