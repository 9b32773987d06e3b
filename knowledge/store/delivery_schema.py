"""Tables of the chats, their subscriptions and the outbox; the rules are on the bot's side.

- ``chats``: groups, channels and private chats that the bot is or was in, and whether it may
  write there.
- ``subscriptions``: what a chat (or one topic of it) wants, and when; ``watermark`` is the end of
  the last window whose digest was wholly acknowledged by Telegram.
- ``outbox``: what must be sent, written before it is sent. ``key`` makes writing it twice
  harmless: ``digest:<subscription>:<window end>:<part>``, ``correction:<…>``. ``open`` says again
  that the state is waiting or sending; what is open keeps the chat's order, and its index is small.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from knowledge.store.schema import UtcMicroseconds, metadata

chats = Table(
    "chats",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),  # private, group, supergroup, channel
    Column("title", Text, nullable=False),
    Column(
        "state", String(16), nullable=False
    ),  # present, muted (no right to write), gone, migrated
    Column("refusals", Integer, nullable=False),  # in a row
    Column("migrated_to", BigInteger),  # the supergroup that this group became
    Column("added_by", BigInteger),  # the user who added the bot
    Column("changed_at", UtcMicroseconds, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("thread_id", BigInteger),
    Column("state", String(16), nullable=False),  # active, suspended, cancelled
    Column("reason", String(32)),  # why suspended: blocked, removed, muted, topic, access
    Column("preferences", JSON, nullable=False),
    Column("created_by", BigInteger),
    Column("created_at", UtcMicroseconds, nullable=False),
    Column("watermark", UtcMicroseconds, nullable=False),
    Column("due_at", UtcMicroseconds, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_subscriptions_due", subscriptions.c.state, subscriptions.c.due_at)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("subscription_id", Integer, ForeignKey("subscriptions.id")),
    Column("window_end", UtcMicroseconds),
    Column("part", Integer, nullable=False),  # from 1
    Column("parts", Integer, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("reply_to", BigInteger),
    Column("silent", Boolean(create_constraint=False), nullable=False),
    Column("content", JSON, nullable=False),  # text and entities
    Column("mode", String(16), nullable=False),  # extract, model
    Column("citations", JSON, nullable=False),  # [[article id, version, start, end], …]
    Column("state", String(16), nullable=False),  # waiting, sending, held, sent, dropped
    Column("open", Boolean(create_constraint=False), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcMicroseconds, nullable=False),
    Column("created_at", UtcMicroseconds, nullable=False),
    Column("settled_at", UtcMicroseconds),
    Column("message_id", BigInteger),
    sqlite_autoincrement=True,
)
# Partial, on a column that is compared with a literal: SQLite uses such an index only then.
_is_open = outbox.c.open.is_(True)
Index(
    "ix_outbox_open",
    outbox.c.chat_id,
    outbox.c.id,
    sqlite_where=_is_open,
    postgresql_where=_is_open,
)
Index("ix_outbox_window", outbox.c.subscription_id, outbox.c.window_end)
Index("ix_outbox_chat", outbox.c.chat_id)
Index("ix_outbox_settled", outbox.c.settled_at)
