"""What readers were shown and what they thought of it: the ledger and the votes.

Every method is one transaction, may block, may raise StoreError, and may be called by any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.conversations import Place
from bot.shown import (
    ShownCitation,
    ShownKind,
    ShownMessage,
    VoteOutcome,
    question_hash,
    voter_hash,
)
from knowledge.store.engine import Database
from knowledge.store.opening import store_id
from knowledge.store.reader_schema import feedback, shown_citations, shown_messages
from knowledge.types import ArticleId, Span

KEPT = timedelta(days=90)
_PRUNED_EVERY = timedelta(hours=12)
_MESSAGES_AT_ONCE = 200  # deleted, so that a write never holds the others up for long


class ShownStore:
    """Messages that quote, for as long as `kept`, and one vote a reader and answer.

    Votes stay when the message they are about is forgotten: they hold its evidence themselves.
    """

    def __init__(self, database: Database, *, kept: timedelta = KEPT) -> None:
        self._database = database
        self._kept = kept
        self._key: str | None = None
        self._pruned_at: datetime | None = None

    def question_hash(self, question: str) -> str:
        """Return the keyed hash that stands for a question."""
        return question_hash(question, key=self.key)

    @property
    def key(self) -> str:
        """What hashes are keyed with: the base's id."""
        if self._key is None:
            self._key = store_id(self._database)
        return self._key

    def record(self, messages: Sequence[ShownMessage]) -> None:
        """Remember messages that were sent; one that is remembered already is replaced.

        Now and then this also forgets some that are too old, by the newest message's time.
        """
        if not messages:
            return
        now = max(message.sent_at for message in messages)
        with self._database.writing() as connection:
            for message in messages:
                enter(connection, message)
            self._prune(connection, now)

    def message(self, chat_id: int, message_id: int) -> ShownMessage | None:
        """Return what a message shows, None if it is unknown or forgotten."""
        with self._database.reading() as connection:
            return _message(connection, chat_id, message_id)

    def quoting(self, article_id: ArticleId, *, since: datetime) -> tuple[ShownMessage, ...]:
        """Return the messages sent since then that quote any version of an article, oldest first.

        Their citations are those of this article alone.
        """
        query = (
            _MESSAGES.join(
                shown_citations,
                (shown_citations.c.chat_id == shown_messages.c.chat_id)
                & (shown_citations.c.message_id == shown_messages.c.message_id),
            )
            .where(shown_citations.c.article_id == article_id, shown_messages.c.sent_at >= since)
            .distinct()
            .order_by(shown_messages.c.sent_at, *_KEY)
        )
        own = shown_citations.c.article_id == article_id
        with self._database.reading() as connection:
            return tuple(
                _with_citations(connection, row, own) for row in connection.execute(query).all()
            )

    def context_shown(self, chat_id: int, message_id: int, number: int, context_id: int) -> None:
        """Remember which message shows what stands around a quotation."""
        statement = (
            update(shown_citations)
            .where(
                shown_citations.c.chat_id == chat_id,
                shown_citations.c.message_id == message_id,
                shown_citations.c.position == number,
            )
            .values(context_id=context_id)
        )
        with self._database.writing() as connection:
            connection.execute(statement)

    def vote(
        self, chat_id: int, message_id: int, user_id: int, vote: int, *, now: datetime
    ) -> VoteOutcome | None:
        """Cast a reader's vote (1 or -1) on the answer a message belongs to.

        The same vote again withdraws it, the other one replaces it. None: the message is
        unknown or forgotten.
        """
        if vote not in (1, -1):
            raise ValueError(f"a vote is 1 or -1, not {vote}")
        voter = voter_hash(user_id, key=self.key)
        with self._database.writing() as connection:
            shown = _message(connection, chat_id, message_id)
            if shown is None:
                return None
            values = {
                "vote": vote,
                "question_hash": shown.question_hash,
                "mode": shown.mode,
                "evidence": _evidence(connection, chat_id, shown.first_message_id),
                "voted_at": now,
            }
            return _cast(connection, chat_id, shown.first_message_id, voter, values)

    def _prune(self, connection: Connection, now: datetime) -> None:
        """Forget messages that are too old, a few at a time, the oldest first."""
        if self._pruned_at is not None and now - self._pruned_at < _PRUNED_EVERY:
            return
        too_old = (
            select(*_KEY)
            .where(shown_messages.c.sent_at < now - self._kept)
            .order_by(shown_messages.c.sent_at)
            .limit(_MESSAGES_AT_ONCE)
        )
        found = connection.execute(too_old).all()
        for chat_id, message_id in found:
            _forget(connection, _is(chat_id, message_id))
        if len(found) < _MESSAGES_AT_ONCE:
            self._pruned_at = now


_KEY = (shown_messages.c.chat_id, shown_messages.c.message_id)
_MESSAGES = select(shown_messages)


def _is(chat_id: int, message_id: int) -> dict[str, int]:
    return {"chat_id": chat_id, "message_id": message_id}


def _forget(connection: Connection, key: dict[str, int]) -> None:
    """Delete a message; its quotations go with it, explicitly where no cascade is enforced."""
    for table in (shown_citations, shown_messages):
        connection.execute(
            delete(table).where(
                table.c.chat_id == key["chat_id"], table.c.message_id == key["message_id"]
            )
        )


def enter(connection: Connection, message: ShownMessage) -> None:
    """Enter one message in the caller's transaction, in place of what was known of it."""
    _forget(connection, _is(message.place.chat_id, message.message_id))
    _insert(connection, message)


def _insert(connection: Connection, message: ShownMessage) -> None:
    key = _is(message.place.chat_id, message.message_id)
    connection.execute(
        insert(shown_messages),
        key
        | {
            "thread_id": message.place.thread_id,
            "first_message_id": message.first_message_id,
            "kind": message.kind.value,
            "mode": message.mode,
            "question_hash": message.question_hash,
            "sent_at": message.sent_at,
        },
    )
    rows: list[dict[str, Any]] = [
        {
            **key,
            "position": citation.number,
            "article_id": citation.article_id,
            "version": citation.version,
            "start": citation.span.start,
            "end": citation.span.end,
            "context_id": citation.context_id,
        }
        for citation in message.citations
    ]
    if rows:
        connection.execute(insert(shown_citations), rows)


def _message(connection: Connection, chat_id: int, message_id: int) -> ShownMessage | None:
    query = _MESSAGES.where(
        shown_messages.c.chat_id == chat_id, shown_messages.c.message_id == message_id
    )
    row = connection.execute(query).first()
    return None if row is None else _with_citations(connection, row)


def _with_citations(connection: Connection, row: Row[Any], *where: Any) -> ShownMessage:
    query = (
        select(shown_citations)
        .where(
            shown_citations.c.chat_id == row.chat_id,
            shown_citations.c.message_id == row.message_id,
            *where,
        )
        .order_by(shown_citations.c.position)
    )
    return ShownMessage(
        Place(row.chat_id, row.thread_id),
        row.message_id,
        row.first_message_id or row.message_id,
        ShownKind(row.kind),
        row.mode,
        row.question_hash,
        row.sent_at,
        tuple(_citations(connection.execute(query))),
        len(_evidence(connection, row.chat_id, row.first_message_id or row.message_id)),
    )


def _citations(rows: Iterable[Row[Any]]) -> Iterable[ShownCitation]:
    for row in rows:
        span = Span(row.start, row.end)
        yield ShownCitation(row.position, row.article_id, row.version, span, row.context_id)


def _evidence(connection: Connection, chat_id: int, first_message_id: int) -> list[list[Any]]:
    """Return the spans of every quotation of an answer, in order, whatever message shows it."""
    query = (
        select(
            shown_citations.c.article_id,
            shown_citations.c.version,
            shown_citations.c.start,
            shown_citations.c.end,
        )
        .join(
            shown_messages,
            (shown_citations.c.chat_id == shown_messages.c.chat_id)
            & (shown_citations.c.message_id == shown_messages.c.message_id),
        )
        .where(
            shown_messages.c.chat_id == chat_id,
            (shown_messages.c.first_message_id == first_message_id)
            | (shown_messages.c.message_id == first_message_id),
        )
        .order_by(shown_citations.c.position)
    )
    return [list(row) for row in connection.execute(query)]


def _cast(
    connection: Connection, chat_id: int, message_id: int, voter: str, values: dict[str, Any]
) -> VoteOutcome:
    own = (
        (feedback.c.chat_id == chat_id)
        & (feedback.c.message_id == message_id)
        & (feedback.c.voter == voter)
    )
    before = connection.execute(select(feedback.c.vote).where(own)).scalar()
    if before is None:
        key = _is(chat_id, message_id) | {"voter": voter}
        connection.execute(insert(feedback), key | values)
        return VoteOutcome.CAST
    if before == values["vote"]:
        connection.execute(delete(feedback).where(own))
        return VoteOutcome.WITHDRAWN
    connection.execute(update(feedback).where(own).values(**values))
    return VoteOutcome.CHANGED
