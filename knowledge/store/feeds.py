"""The feed store over SQLAlchemy Core: `knowledge.feeds.ports.FeedStore`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, or_, select, update

from knowledge.chunks import chunks
from knowledge.feeds.types import Feed, FeedId, FeedKind, FeedState, SeenEntry
from knowledge.sources.responses import Validators
from knowledge.store.arrivals import ArrivalKind, arrival, note_arrivals
from knowledge.store.engine import Database
from knowledge.store.feed_schema import article_copies, feed_entries, feeds
from knowledge.store.schema import article_versions, articles
from knowledge.types import ArticleId

_SEEN = select(
    feed_entries,
    func.coalesce(article_versions.c.summary_only, False).label("summary_only"),
    func.coalesce(func.length(article_versions.c.text), 0).label("characters"),
    articles.c.removed_at.is_not(None).label("removed"),
).select_from(
    feed_entries.outerjoin(articles, articles.c.id == feed_entries.c.article_id).outerjoin(
        article_versions,
        and_(
            article_versions.c.article_id == articles.c.id,
            article_versions.c.version == articles.c.version,
        ),
    )
)


class SqlFeedStore:
    """The followed sources of a database that is open; it is closed by whoever opened it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: Sequence[Feed]) -> tuple[Feed, ...]:
        """Store those of `new` whose address is not followed yet, and return them."""
        by_id: dict[FeedId, Feed] = {}
        addresses: set[str] = set()
        with self._database.writing() as connection:
            for chunk in chunks([feed.url for feed in new] + [feed.id for feed in new]):
                followed = or_(feeds.c.url.in_(chunk), feeds.c.id.in_(chunk))
                for row in connection.execute(select(feeds.c.id, feeds.c.url).where(followed)):
                    addresses.update(row)
            for feed in new:
                if not {feed.url, feed.id} & addresses:
                    addresses.add(feed.url)
                    by_id[feed.id] = feed
            if by_id:
                connection.execute(insert(feeds), [_row(feed) for feed in by_id.values()])
        return tuple(by_id.values())

    def save(self, feed: Feed) -> bool:
        """Store how `feed` stands; False where it was removed or its address is another's."""
        values = _row(feed)
        told_at = values.pop("told_at")
        if feed.failing_since is None:
            values["told_at"] = told_at
        with self._database.writing() as connection:
            taken = select(feeds.c.id).where(feeds.c.url == feed.url, feeds.c.id != feed.id)
            if connection.execute(taken).first() is not None:
                return False
            saved = connection.execute(update(feeds).where(feeds.c.id == feed.id).values(values))
            return saved.rowcount == 1

    def remove(self, feed: FeedId) -> bool:
        """Forget a source and its entries, not its articles; False if it is unknown."""
        with self._database.writing() as connection:
            connection.execute(delete(feed_entries).where(feed_entries.c.feed_id == feed))
            return connection.execute(delete(feeds).where(feeds.c.id == feed)).rowcount == 1

    def feed(self, feed: FeedId) -> Feed | None:
        """Return a source."""
        with self._database.reading() as connection:
            row = connection.execute(select(feeds).where(feeds.c.id == feed)).first()
        return None if row is None else _feed(row)

    def feeds(self) -> tuple[Feed, ...]:
        """Return every source, by name of outlet or title, then address."""
        name = func.lower(func.coalesce(feeds.c.outlet, feeds.c.title, feeds.c.url))
        with self._database.reading() as connection:
            rows = connection.execute(select(feeds).order_by(name, feeds.c.url))
            return tuple(map(_feed, rows))

    def claim(self, now: datetime, *, lease: timedelta, limit: int) -> tuple[Feed, ...]:
        """Return active sources due at `now`, the longest due first, and put off their visit."""
        due = (
            select(feeds)
            .where(feeds.c.state == FeedState.ACTIVE.value, feeds.c.next_visit_at <= now)
            .order_by(feeds.c.next_visit_at, feeds.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._database.writing() as connection:
            claimed = tuple(map(_feed, connection.execute(due)))
            for chunk in chunks([feed.id for feed in claimed]):
                connection.execute(
                    update(feeds).where(feeds.c.id.in_(chunk)).values(next_visit_at=now + lease)
                )
        return claimed

    def told(self, feed: FeedId, now: datetime) -> None:
        """Remember that an administrator was told of the present failures of `feed`."""
        failing = and_(feeds.c.id == feed, feeds.c.failing_since.is_not(None))
        with self._database.writing() as connection:
            connection.execute(update(feeds).where(failing).values(told_at=now))

    def seen(self, feed: FeedId, keys: Iterable[str]) -> Mapping[str, SeenEntry]:
        """Return what is remembered of those entries, by key."""
        found: dict[str, SeenEntry] = {}
        with self._database.reading() as connection:
            for chunk in chunks(list(keys)):
                of_chunk = and_(feed_entries.c.feed_id == feed, feed_entries.c.key.in_(chunk))
                rows = connection.execute(_SEEN.where(of_chunk))
                found.update({row.key: _seen(row) for row in rows})
        return found

    def due_looks(self, feed: FeedId, now: datetime, *, limit: int) -> tuple[SeenEntry, ...]:
        """Return the entries whose page is to be looked at again, the longest due first."""
        due = (
            _SEEN.where(feed_entries.c.feed_id == feed, feed_entries.c.next_look_at <= now)
            .order_by(feed_entries.c.next_look_at, feed_entries.c.key)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return tuple(map(_seen, connection.execute(due)))

    def remember(self, feed: FeedId, entries: Sequence[SeenEntry], *, now: datetime) -> None:
        """Store what is known of entries at `now`; nothing where the source was removed."""
        brought = [
            arrival(entry.article_id, ArrivalKind.FEED, feed, now)
            for entry in entries
            if entry.article_id is not None
        ]
        rows = {entry.key: _entry_row(feed, entry) for entry in entries}
        with self._database.writing() as connection:
            if connection.execute(select(feeds.c.id).where(feeds.c.id == feed)).first() is None:
                return
            for chunk in chunks(list(rows)):
                connection.execute(delete(feed_entries).where(_of(feed, chunk)))
            if rows:
                connection.execute(insert(feed_entries), list(rows.values()))
            note_arrivals(connection, brought)

    def forget_before(self, feed: FeedId, moment: datetime, *, keep: Iterable[str]) -> None:
        """Forget entries first seen before `moment`, but for `keep`."""
        old = select(feed_entries.c.key).where(
            feed_entries.c.feed_id == feed, feed_entries.c.seen_at < moment
        )
        with self._database.writing() as connection:
            gone = set(connection.execute(old).scalars()) - set(keep)
            for chunk in chunks(sorted(gone)):
                connection.execute(delete(feed_entries).where(_of(feed, chunk)))

    def articles_at(self, origins: Iterable[str]) -> Mapping[str, ArticleId]:
        """Return the articles known under those origins, or whose text has a copy there."""
        found: dict[str, ArticleId] = {}
        with self._database.reading() as connection:
            for chunk in chunks(list(dict.fromkeys(origins))):
                copies = select(article_copies.c.origin, article_copies.c.article_id).where(
                    article_copies.c.origin.in_(chunk)
                )
                own = select(articles.c.origin, articles.c.id).where(
                    articles.c.origin.in_(chunk), articles.c.removed_at.is_(None)
                )
                for query in (copies, own):
                    found.update(map(tuple, connection.execute(query)))
        return found

    def counts(self) -> Mapping[FeedId, tuple[int, int]]:
        """Return, for each source with entries, how many gave an article and how many none."""
        with_article = func.count(feed_entries.c.article_id)
        failed = func.sum(case((feed_entries.c.article_id.is_(None), 1), else_=0))
        query = select(feed_entries.c.feed_id, with_article, failed).group_by(
            feed_entries.c.feed_id
        )
        with self._database.reading() as connection:
            rows = connection.execute(query)
            return {feed: (int(articles_), int(none)) for feed, articles_, none in rows}


def _of(feed: FeedId, keys: Sequence[str]) -> ColumnElement[bool]:
    return and_(feed_entries.c.feed_id == feed, feed_entries.c.key.in_(keys))


def _row(feed: Feed) -> dict[str, Any]:
    return {
        "id": feed.id,
        "url": feed.url,
        "kind": feed.kind.value,
        "state": feed.state.value,
        "title": feed.title,
        "outlet": feed.outlet,
        "added_at": feed.added_at,
        "etag": feed.validators.etag,
        "last_modified": feed.validators.last_modified,
        "interval_seconds": feed.interval_seconds,
        "next_visit_at": feed.next_visit_at,
        "visited_at": feed.visited_at,
        "succeeded_at": feed.succeeded_at,
        "failing_since": feed.failing_since,
        "failures": feed.failures,
        "error": feed.error,
        "failed_at": feed.failed_at,
        "told_at": feed.told_at,
    }


def _feed(row: Any) -> Feed:
    values = row._asdict()
    validators = Validators(values.pop("etag"), values.pop("last_modified"))
    kind, state = FeedKind(values.pop("kind")), FeedState(values.pop("state"))
    return Feed(kind=kind, state=state, validators=validators, **values)


def _entry_row(feed: FeedId, entry: SeenEntry) -> dict[str, Any]:
    return {
        "feed_id": feed,
        "key": entry.key,
        "content_hash": entry.content_hash,
        "link": entry.link,
        "title": entry.title,
        "published": entry.published,
        "article_id": entry.article_id,
        "error": entry.error,
        "looks": entry.looks,
        "next_look_at": entry.next_look_at,
        "etag": entry.validators.etag,
        "last_modified": entry.validators.last_modified,
        "seen_at": entry.seen_at,
    }


def _seen(row: Any) -> SeenEntry:
    values = row._asdict()
    del values["feed_id"]
    validators = Validators(values.pop("etag"), values.pop("last_modified"))
    for flag in ("summary_only", "removed"):
        values[flag] = bool(values[flag])
    return SeenEntry(validators=validators, **values)
