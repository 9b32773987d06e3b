"""Tables of what readers were shown and what they may do; the rules are on the bot's side.

They are here because there is one database, one schema and one chain of migrations.

- ``shown_messages``: a message of an answer or a digest; never the question, at most its keyed
  hash. Messages of one answer share ``first_message_id``.
- ``shown_citations``: its quotations, numbered within the answer, as spans of one version of an
  article; ``context_id`` is the message that shows what stands around one, if any does.
- ``feedback``: one vote a reader and message; ``voter`` is a keyed hash, no user id.
- ``access``: who asked to be let in, and what an administrator decided; ``subject`` is a user's
  id, or a group's (negative).
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from knowledge.store.schema import UtcMicroseconds, metadata

shown_messages = Table(
    "shown_messages",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger),
    Column("first_message_id", BigInteger),  # null: this one
    Column("kind", String(16), nullable=False),  # answer, abstention, digest
    Column("mode", String(16), nullable=False),  # extract, model
    Column("question_hash", String(64)),
    Column("sent_at", UtcMicroseconds, nullable=False, index=True),
)

shown_citations = Table(
    "shown_citations",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("article_id", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("context_id", BigInteger),
    ForeignKeyConstraint(
        ["chat_id", "message_id"],
        ["shown_messages.chat_id", "shown_messages.message_id"],
        ondelete="CASCADE",
    ),
    ForeignKeyConstraint(
        ["article_id", "version"], ["article_versions.article_id", "article_versions.version"]
    ),
)
Index("ix_shown_citations_article", shown_citations.c.article_id, shown_citations.c.version)

feedback = Table(
    "feedback",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("voter", String(64), primary_key=True),
    Column("vote", Integer, nullable=False),  # 1 or -1
    Column("question_hash", String(64)),
    Column("mode", String(16), nullable=False),
    Column("evidence", JSON, nullable=False),  # [[article id, version, start, end], …]
    Column("voted_at", UtcMicroseconds, nullable=False),
)

access = Table(
    "access",
    metadata,
    Column("subject", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),  # pending, approved, refused
    Column("code", String(16), unique=True),  # while pending
    Column("name", Text, nullable=False),  # shown to the administrator who decides
    Column("asked_at", UtcMicroseconds, nullable=False),
    Column("decided_at", UtcMicroseconds),
    Column("decided_by", BigInteger),
)
