"""Where the bot is, and whether it may write there: the table ``chats``.

Every method is one transaction, may block, may raise StoreError, and may be called by any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.digests.parcels import Parcel
from bot.digests.subscriptions import Suspension
from bot.store.outbox import put_parcels
from bot.store.suspending import hold, move_chat, resume, resume_chat, suspend
from knowledge.store.delivery_schema import chats, outbox, subscriptions
from knowledge.store.engine import Database

LONGEST_TITLE = 255


class ChatState(StrEnum):
    """``gone``: the bot was removed or blocked; ``muted``: it is there and may not write."""

    PRESENT = "present"
    MUTED = "muted"
    GONE = "gone"
    MIGRATED = "migrated"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that the bot is or was in; `kind` is Telegram's word for it."""

    id: int
    kind: str
    title: str
    state: ChatState = ChatState.PRESENT
    refusals: int = 0  # in a row
    added_by: int | None = None
    migrated_to: int | None = None


class ChatStore:
    """Chats by id. A chat that is not known is taken to be present."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, chat_id: int) -> Chat | None:
        """Return a chat, None if it was never seen."""
        with self._database.reading() as connection:
            row = connection.execute(select(chats).where(chats.c.id == chat_id)).one_or_none()
        return None if row is None else _chat(row)

    def added_by(self, user_id: int, *, kind: str) -> tuple[Chat, ...]:
        """Return the chats of a kind where the bot is and to which a user added it, by title."""
        query = (
            select(chats)
            .where(chats.c.added_by == user_id, chats.c.kind == kind)
            .where(chats.c.state.in_((ChatState.PRESENT, ChatState.MUTED)))
            .order_by(chats.c.title, chats.c.id)
        )
        with self._database.reading() as connection:
            return tuple(map(_chat, connection.execute(query)))

    def with_bot(self, *, kind: str) -> tuple[Chat, ...]:
        """Return the chats of a kind where the bot is, the last to change first."""
        query = (
            select(chats)
            .where(chats.c.kind == kind)
            .where(chats.c.state.in_((ChatState.PRESENT, ChatState.MUTED)))
            .order_by(chats.c.changed_at.desc(), chats.c.id)
        )
        with self._database.reading() as connection:
            return tuple(map(_chat, connection.execute(query)))

    def note(
        self, chat_id: int, kind: str, title: str, *, now: datetime, added_by: int | None = None
    ) -> Chat:
        """Store what a chat is and is called, and return it; who added the bot stays unless given.

        Its state stays: see :meth:`present`, :meth:`muted` and :meth:`gone`.
        """
        values: dict[str, Any] = {"kind": kind, "title": title[:LONGEST_TITLE], "changed_at": now}
        if added_by is not None:
            values["added_by"] = added_by
        with self._database.writing() as connection:
            _ensure(connection, chat_id, now)
            connection.execute(update(chats).where(chats.c.id == chat_id).values(values))
            return _chat(connection.execute(select(chats).where(chats.c.id == chat_id)).one())

    def present(self, chat_id: int, *, now: datetime) -> int:
        """Note that the bot may write there again; return how many subscriptions resumed."""
        with self._database.writing() as connection:
            _set_state(connection, chat_id, ChatState.PRESENT, now)
            return resume_chat(connection, chat_id, now)

    def muted(self, chat_id: int, *, now: datetime) -> int:
        """Note that the bot may not write there; return how many subscriptions are suspended."""
        with self._database.writing() as connection:
            return _leave(connection, chat_id, ChatState.MUTED, Suspension.MUTED, now)

    def gone(self, chat_id: int, *, now: datetime) -> int:
        """Note that the bot is blocked or removed; return how many subscriptions are suspended."""
        reason = Suspension.BLOCKED if chat_id > 0 else Suspension.REMOVED
        with self._database.writing() as connection:
            return _leave(connection, chat_id, ChatState.GONE, reason, now)

    def refused(self, chat_id: int, *, now: datetime) -> int:
        """Count one refusal more; return how many there were in a row. Deliveries reset it."""
        with self._database.writing() as connection:
            _ensure(connection, chat_id, now)
            connection.execute(
                update(chats)
                .where(chats.c.id == chat_id)
                .values(refusals=chats.c.refusals + 1, changed_at=now)
            )
            query = select(chats.c.refusals).where(chats.c.id == chat_id)
            return int(connection.execute(query).scalar_one())

    def migrated(self, old: int, new: int, *, now: datetime) -> None:
        """Move everything of a group to the supergroup that it became; again does no harm."""
        with self._database.writing() as connection:
            move_chat(connection, old, new, now)

    def topic_closed(
        self, chat_id: int, thread_id: int, *, now: datetime, notice: Parcel | None = None
    ) -> int:
        """Suspend the subscriptions of a closed or deleted topic; return how many.

        If there were any, `notice` enters the outbox with it.
        """
        which = (subscriptions.c.chat_id == chat_id) & (subscriptions.c.thread_id == thread_id)
        with self._database.writing() as connection:
            count = suspend(connection, which, Suspension.TOPIC, now)
            topic = (outbox.c.chat_id == chat_id) & (outbox.c.thread_id == thread_id)
            hold(connection, topic, now)
            if count and notice is not None:
                put_parcels(connection, [notice], now)
            return count

    def topic_reopened(self, chat_id: int, thread_id: int, *, now: datetime) -> int:
        """Resume the subscriptions of a topic; return how many."""
        which = (
            (subscriptions.c.chat_id == chat_id)
            & (subscriptions.c.thread_id == thread_id)
            & (subscriptions.c.reason == Suspension.TOPIC)
        )
        with self._database.writing() as connection:
            return resume(connection, which, now)


def _leave(
    connection: Connection, chat_id: int, state: ChatState, reason: Suspension, now: datetime
) -> int:
    _set_state(connection, chat_id, state, now)
    count = suspend(connection, subscriptions.c.chat_id == chat_id, reason, now)
    hold(connection, outbox.c.chat_id == chat_id, now)
    return count


def _set_state(connection: Connection, chat_id: int, state: ChatState, now: datetime) -> None:
    _ensure(connection, chat_id, now)
    connection.execute(
        update(chats)
        .where(chats.c.id == chat_id)
        .values(state=state.value, refusals=0, changed_at=now)
    )


def _ensure(connection: Connection, chat_id: int, now: datetime) -> None:
    if connection.execute(select(chats.c.id).where(chats.c.id == chat_id)).scalar() is None:
        connection.execute(
            insert(chats).values(
                id=chat_id,
                kind="private" if chat_id > 0 else "group",
                title="",
                state=ChatState.PRESENT.value,
                refusals=0,
                changed_at=now,
            )
        )


def _chat(row: Row[Any]) -> Chat:
    return Chat(
        row.id,
        row.kind,
        row.title,
        ChatState(row.state),
        row.refusals,
        row.added_by,
        row.migrated_to,
    )
