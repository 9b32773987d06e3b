"""The tables. Every version of an article is kept for ever, so that quotations stay resolvable.

What a later schema needs goes into a new migration, never into an edited one; a test compares
the migrations with this module.

- ``articles``: one row an origin; ``version`` is the current one, ``removed_at`` takes it out
  of search.
- ``article_versions``: text and metadata. The text of a version never changes; its metadata
  (a title or a date corrected at the source) may. ``in_search`` says again what ``articles``
  says, that the version is current and not removed: lists and sums then read one index.
- ``sentences`` and ``passages``: spans of the version's text, which is not stored twice.
- ``index_queue``: versions whose passages the indexes must look at again. A row does not say
  what to do: whoever consumes it asks the store whether that version is current, so that
  consuming a row twice, late or out of order does no harm.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
)

from knowledge.index.records import from_microseconds, to_microseconds

SCHEMA_VERSION = "0004"  # revision of the newest migration


class UtcMicroseconds(TypeDecorator[datetime]):
    """An aware UTC time as an integer: exact, sortable, the same on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Return the number that is stored."""
        del dialect
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the time that was stored."""
        del dialect
        return None if value is None else from_microseconds(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("origin", Text, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("added_at", UtcMicroseconds, nullable=False),
    Column("removed_at", UtcMicroseconds),
)

article_versions = Table(
    "article_versions",
    metadata,
    Column("article_id", String(20), ForeignKey("articles.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text_hash", String(64), nullable=False, index=True),
    Column("saved_at", UtcMicroseconds, nullable=False, index=True),  # windows of digests
    Column("in_search", Boolean(create_constraint=False), nullable=False),
    Column("published", UtcMicroseconds),
    Column("outlet", Text),
    Column("sentence_count", Integer, nullable=False),
    Column("passage_count", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("author", Text),
    Column("language", String(16), nullable=False),
    Column("contributors", JSON, nullable=False),
    Column(
        "summary_only", Boolean(create_constraint=False), nullable=False, server_default=false()
    ),
    Column("text", Text, nullable=False),
)

# Covers the listing and the summary, which then never read the texts. Partial, so that no look-up
# by key is led astray to it.
Index(
    "ix_article_versions_listing",
    article_versions.c.published,
    article_versions.c.article_id,
    article_versions.c.version,
    article_versions.c.outlet,
    article_versions.c.sentence_count,
    article_versions.c.passage_count,
    article_versions.c.in_search,  # known from the condition, yet SQLite reads the row without it
    sqlite_where=article_versions.c.in_search.is_(True),
    postgresql_where=article_versions.c.in_search.is_(True),
)


def _of_version() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["article_id", "version"], ["article_versions.article_id", "article_versions.version"]
    )


sentences = Table(
    "sentences",
    metadata,
    Column("article_id", String(20), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("index", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("speech", Text),
    _of_version(),
    sqlite_with_rowid=False,
)

passages = Table(
    "passages",
    metadata,
    Column("article_id", String(20), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("index", Integer, primary_key=True),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _of_version(),
    sqlite_with_rowid=False,
)

index_queue = Table(
    "index_queue",
    metadata,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("article_id", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    _of_version(),
    sqlite_autoincrement=True,
)
