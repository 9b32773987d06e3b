"""Feeds that are followed, what they announced and when, copies of the same text elsewhere.

Types are spelled out, see :mod:`0001_articles`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables; an article may be only a summary."""
    op.add_column(
        "article_versions",
        sa.Column("summary_only", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    _create_feeds()
    _create_article_copies()
    _create_feed_entries()
    _create_article_arrivals()


def _create_feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("outlet", sa.Text),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("interval_seconds", sa.Integer),
        sa.Column("next_visit_at", sa.BigInteger, nullable=False),
        sa.Column("visited_at", sa.BigInteger),
        sa.Column("succeeded_at", sa.BigInteger),
        sa.Column("failing_since", sa.BigInteger),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("failed_at", sa.BigInteger),
        sa.Column("told_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("url", name="uq_feeds_url"),
    )
    op.create_index("ix_feeds_next_visit_at", "feeds", ["next_visit_at"])


def _create_article_copies() -> None:
    op.create_table(
        "article_copies",
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("article_id", sa.String(20), nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("outlet", sa.Text),
        sa.Column("published", sa.BigInteger),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_article_copies"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_article_copies_articles"),
    )
    op.create_index("ix_article_copies_article_id", "article_copies", ["article_id"])


def _create_feed_entries() -> None:
    op.create_table(
        "feed_entries",
        sa.Column("feed_id", sa.String(20), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("link", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("published", sa.BigInteger),
        sa.Column("article_id", sa.String(20)),
        sa.Column("error", sa.Text),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("next_look_at", sa.BigInteger),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "key", name="pk_feed_entries"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_feed_entries_articles"),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name="fk_feed_entries_feeds", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_feed_entries_article_id", "feed_entries", ["article_id"])
    op.create_index(
        "ix_feed_entries_feed_id_next_look_at", "feed_entries", ["feed_id", "next_look_at"]
    )


def _create_article_arrivals() -> None:
    op.create_table(
        "article_arrivals",
        sa.Column("article_id", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("arrived_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "kind", "name", name="pk_article_arrivals"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_arrivals_articles"
        ),
    )
    op.create_index("ix_article_arrivals_arrived_at", "article_arrivals", ["arrived_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_column("article_versions", "summary_only")
    for table in (
        "article_arrivals",
        "feed_entries",
        "article_copies",
        "feeds",
    ):
        op.drop_table(table)
