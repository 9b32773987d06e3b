"""Tables of the feeds and folders that are followed, and of what was seen in them.

- ``feeds``: one row a feed (or watched folder), its validators, its next visit, its last failure.
- ``feed_entries``: what a feed announced, by its own key, and the article it became.
- ``article_copies``: the same text under another origin, which the store keeps once: the other
  outlet is remembered, so that a wire story can say how many published it.
- ``article_arrivals``: when a feed first brought an article, or another outlet first had it. It
  never moves and outlives the feed: by it a digest decides what is new to a reader of theirs.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from knowledge.store.schema import UtcMicroseconds, metadata

feeds = Table(
    "feeds",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("url", Text, nullable=False, unique=True),  # or file: and the folder's path
    Column("kind", String(16), nullable=False),  # feed, folder
    Column("state", String(16), nullable=False),  # active, stopped
    Column("title", Text),
    Column("outlet", Text),
    Column("added_at", UtcMicroseconds, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("interval_seconds", Integer),  # of its own; NULL: the setting
    Column("next_visit_at", UtcMicroseconds, nullable=False, index=True),
    Column("visited_at", UtcMicroseconds),
    Column("succeeded_at", UtcMicroseconds),
    Column("failing_since", UtcMicroseconds),
    Column("failures", Integer, nullable=False),  # in a row
    Column("error", Text),  # of the last visit that failed, in French
    Column("failed_at", UtcMicroseconds),  # when that was
    Column("told_at", UtcMicroseconds),  # when an administrator was told of this failure
)

feed_entries = Table(
    "feed_entries",
    metadata,
    Column("feed_id", String(20), ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("link", Text),
    Column("title", Text),
    Column("published", UtcMicroseconds),
    Column("article_id", String(20), ForeignKey("articles.id"), index=True),
    Column("error", Text),  # why it became no article, or only a summary
    Column("looks", Integer, nullable=False),  # how often its page was looked at
    Column("next_look_at", UtcMicroseconds),  # corrections at the source, and tries again
    Column("etag", Text),  # of its page
    Column("last_modified", Text),
    Column("seen_at", UtcMicroseconds, nullable=False),
    Index("ix_feed_entries_feed_id_next_look_at", "feed_id", "next_look_at"),
)

article_copies = Table(
    "article_copies",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("article_id", String(20), ForeignKey("articles.id"), nullable=False, index=True),
    Column("url", Text),
    Column("outlet", Text),
    Column("published", UtcMicroseconds),
    Column("seen_at", UtcMicroseconds, nullable=False),
)

article_arrivals = Table(
    "article_arrivals",
    metadata,
    Column("article_id", String(20), ForeignKey("articles.id"), primary_key=True),
    Column("kind", String(8), primary_key=True),  # feed, outlet
    Column("name", Text, primary_key=True),  # a feed's id, or the name of an outlet
    Column("arrived_at", UtcMicroseconds, nullable=False, index=True),
)
