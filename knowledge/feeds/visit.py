"""One visit to one source: ask, read, plan, take each entry, remember. Never raises SourceError.

visit ─► fetch (conditional) ─► read_feed ─► plan ─► obtain each ─► ingest ─► remember ─► save
              304 ────────────────────────────┘ (pages due to be looked at again)
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from knowledge.errors import FetchError, SourceError
from knowledge.feeds.entry_article import obtain
from knowledge.feeds.entry_run import EntryRun
from knowledge.feeds.hosts import host_of
from knowledge.feeds.parsing import read_feed
from knowledge.feeds.plan import Obtained, Work, plan
from knowledge.feeds.ports import ShouldStop
from knowledge.feeds.schedule import after_failure, after_success, read_retry_after
from knowledge.feeds.types import Feed, FeedContent, FeedState, VisitReport, VisitStatus
from knowledge.feeds.visiting import Visiting
from knowledge.sources.responses import NO_VALIDATORS, Fetched, Validators

_GONE = 410
_FORGOTTEN_AFTER = timedelta(days=90)
_MOST_TIMEOUTS = 2  # of pages of one host, in one visit; the others are not asked for

_STOPPED = (
    "Ce flux n’existe plus (code 410) ; il n’est plus visité. Retirez-le, ou ajoutez sa nouvelle "
    "adresse."
)
_TWICE = "Ce flux mène maintenant à un autre flux, déjà suivi ; il n’est plus visité. Retirez-le."


def visit(feed: Feed, tools: Visiting, *, now: datetime, should_stop: ShouldStop) -> VisitReport:
    """Visit a feed of the web; everything learnt is stored, `feed` included.

    Raises:
        StoreError: the database refused; the visit is repeated when its lease is over.
    """
    try:
        fetched = tools.fetch_feed(feed.url, feed.validators)
        content = _content(fetched, tools, now)
    except SourceError as error:
        if should_stop():
            return VisitReport(feed, VisitStatus.INTERRUPTED)
        return failed(feed, error, tools, now=now)
    named = feed if content is None else replace(feed, title=content.title or feed.title)
    run = EntryRun(named, tools, now, should_stop, PageVisits(named, tools).obtain)
    pending = run.take(_work(feed, content, tools, now))
    if content is not None:
        keys = [entry.key for entry in content.entries]
        tools.store.forget_before(feed.id, now - _FORGOTTEN_AFTER, keep=keys)
    after = _after(run.feed, fetched, content, tools, now=now, pending=pending)
    return _saved(feed, after, run, content, pending=pending, tools=tools, now=now)


def failed(feed: Feed, error: SourceError, tools: Visiting, *, now: datetime) -> VisitReport:
    """Store that a visit failed, and when the next one is; 410 stops the feed."""
    gone = isinstance(error, FetchError) and error.status == _GONE
    asked = error.retry_after if isinstance(error, FetchError) else None
    failures = feed.failures + 1
    after = replace(
        feed,
        state=FeedState.STOPPED if gone else feed.state,
        visited_at=now,
        failures=failures,
        failing_since=feed.failing_since or now,
        error=_STOPPED if gone else error.message,
        failed_at=now,
        next_visit_at=after_failure(
            tools.interval_of(feed),
            failures,
            now=now,
            chance=tools.chance(),
            retry_after=read_retry_after(asked, now=now),
        ),
    )
    tools.store.save(after)
    return VisitReport(after, VisitStatus.GONE if gone else VisitStatus.FAILED)


def succeeded(feed: Feed, *, now: datetime, next_visit_at: datetime) -> Feed:
    """Return `feed` after a visit that succeeded; its last error stays, for who looks at it."""
    return replace(
        feed,
        visited_at=now,
        succeeded_at=now,
        failing_since=None,
        failures=0,
        told_at=None,
        next_visit_at=next_visit_at,
    )


def _content(fetched: Fetched, tools: Visiting, now: datetime) -> FeedContent | None:
    if fetched.document is None:
        return None
    return read_feed(fetched.document, now=now, max_entries=tools.limits.entries)


def _work(
    feed: Feed, content: FeedContent | None, tools: Visiting, now: datetime
) -> tuple[Work, ...]:
    entries = () if content is None else content.entries
    seen = tools.store.seen(feed.id, [entry.key for entry in entries])
    looks = tools.store.due_looks(feed.id, now, limit=tools.limits.pages)
    return plan(entries, seen, looks)


def _after(
    feed: Feed,
    fetched: Fetched,
    content: FeedContent | None,
    tools: Visiting,
    *,
    now: datetime,
    pending: bool,
) -> Feed:
    new = fetched.validators
    if content is None:  # what was not modified may come without its validators
        old = feed.validators
        new = Validators(new.etag or old.etag, new.last_modified or old.last_modified)
    moment = after_success(
        tools.interval_of(feed),
        now=now,
        chance=tools.chance(),
        pending=pending,
        max_age=fetched.max_age,
        ttl=content.ttl_seconds if content is not None else None,
    )
    # Without validators the next visit is given all of the feed, with what is left of it.
    after = replace(
        feed, url=fetched.moved_to or feed.url, validators=NO_VALIDATORS if pending else new
    )
    return succeeded(after, now=now, next_visit_at=moment)


def _saved(
    before: Feed,
    after: Feed,
    run: EntryRun,
    content: FeedContent | None,
    *,
    pending: bool,
    tools: Visiting,
    now: datetime,
) -> VisitReport:
    moved = after.url != before.url
    if not tools.store.save(after) and moved:
        after = replace(after, url=before.url, state=FeedState.STOPPED, error=_TWICE, failed_at=now)
        tools.store.save(after)
        moved = False
    status = VisitStatus.UNCHANGED if content is None else VisitStatus.DONE
    return run.report(
        after,
        status,
        announced=0 if content is None else len(content.entries),
        pending=pending,
        moved_from=before.url if moved else None,
    )


@dataclass(slots=True)
class PageVisits:
    """The pages that one visit asks for: not too many, and none of a host that does not answer."""

    feed: Feed
    tools: Visiting
    _asked: int = 0
    _timeouts: dict[str, int] = field(default_factory=dict)

    def obtain(self, work: Work) -> Obtained | None:
        """Return what is had of an entry, None where it is left to the next visit."""
        link = work.entry.link
        if link is not None and self._asked >= self.tools.limits.pages:
            return None
        answers = self._timeouts.get(host_of(link or ""), 0) < _MOST_TIMEOUTS
        obtained = obtain(
            work,
            self.feed,
            fetch=self._fetch if answers else None,
            read=self.tools.read,
            whole_text=self.tools.limits.whole_text,
        )
        return obtained if answers else replace(obtained, asked=True)

    def _fetch(self, url: str, validators: Validators | None) -> Fetched:
        self._asked += 1
        try:
            return self.tools.fetch_page(url, validators)
        except FetchError as error:
            if error.retryable:
                host = host_of(url)
                self._timeouts[host] = self._timeouts.get(host, 0) + 1
            raise
