"""What readers were shown, their votes, and who was let in.

Types are spelled out, see :mod:`0001_articles`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "access",
        sa.Column("subject", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("code", sa.String(16)),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("decided_at", sa.BigInteger),
        sa.Column("decided_by", sa.BigInteger),
        sa.PrimaryKeyConstraint("subject", name="pk_access"),
        sa.UniqueConstraint("code", name="uq_access_code"),
    )
    op.create_table(
        "feedback",
        sa.Column("chat_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("message_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("voter", sa.String(64), nullable=False),
        sa.Column("vote", sa.Integer, nullable=False),
        sa.Column("question_hash", sa.String(64)),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("voted_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", "voter", name="pk_feedback"),
    )
    op.create_table(
        "shown_messages",
        sa.Column("chat_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("message_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("first_message_id", sa.BigInteger),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("question_hash", sa.String(64)),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name="pk_shown_messages"),
    )
    op.create_index("ix_shown_messages_sent_at", "shown_messages", ["sent_at"])
    op.create_table(
        "shown_citations",
        sa.Column("chat_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("message_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("article_id", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("context_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("chat_id", "message_id", "position", name="pk_shown_citations"),
        sa.ForeignKeyConstraint(
            ["article_id", "version"],
            ["article_versions.article_id", "article_versions.version"],
            name="fk_shown_citations_article_versions",
        ),
        sa.ForeignKeyConstraint(
            ["chat_id", "message_id"],
            ["shown_messages.chat_id", "shown_messages.message_id"],
            name="fk_shown_citations_shown_messages",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_shown_citations_article", "shown_citations", ["article_id", "version"])


def downgrade() -> None:
    """Drop them."""
    for table in (
        "shown_citations",
        "shown_messages",
        "feedback",
        "access",
    ):
        op.drop_table(table)
