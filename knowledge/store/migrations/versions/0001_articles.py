"""Articles with their versions, sentences, passages and the queue of the indexes.

Types are spelled out: this module must go on creating what it creates today, whatever becomes
of :mod:`knowledge.store.schema`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first schema."""
    op.create_table(
        "meta",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.Column("removed_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("origin", name="uq_articles_origin"),
    )
    _create_versions()
    _create_spans("sentences", sa.Column("speech", sa.Text))
    _create_spans(
        "passages",
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "index_queue",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("article_id", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_index_queue"),
        _of_version("index_queue"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop everything."""
    for table in ("index_queue", "passages", "sentences", "article_versions", "articles", "meta"):
        op.drop_table(table)


def _create_versions() -> None:
    op.create_table(
        "article_versions",
        sa.Column("article_id", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("saved_at", sa.BigInteger, nullable=False),
        sa.Column("in_search", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("published", sa.BigInteger),
        sa.Column("outlet", sa.Text),
        sa.Column("sentence_count", sa.Integer, nullable=False),
        sa.Column("passage_count", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("contributors", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "version", name="pk_article_versions"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_versions_articles"
        ),
    )
    op.create_index("ix_article_versions_text_hash", "article_versions", ["text_hash"])
    op.create_index(
        "ix_article_versions_listing",
        "article_versions",
        [
            "published",
            "article_id",
            "version",
            "outlet",
            "sentence_count",
            "passage_count",
            "in_search",
        ],
        sqlite_where=sa.text("in_search IS 1"),
        postgresql_where=sa.text("in_search IS true"),
    )


def _create_spans(table: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("article_id", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("index", sa.Integer, nullable=False),
        *columns,
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "version", "index", name=f"pk_{table}"),
        _of_version(table),
        sqlite_with_rowid=False,
    )


def _of_version(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["article_id", "version"],
        ["article_versions.article_id", "article_versions.version"],
        name=f"fk_{table}_article_versions",
    )
