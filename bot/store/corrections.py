"""Which new versions and messages were looked at for corrections: cursors in the table ``meta``.

Every method is one transaction, may block, may raise StoreError, and may be called by any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, or_, select

from bot.digests.parcels import Parcel
from bot.store.outbox import put_parcels
from knowledge.index.records import from_microseconds, to_microseconds
from knowledge.store.engine import Database
from knowledge.store.reader_schema import shown_citations, shown_messages
from knowledge.store.schema import article_versions, meta
from knowledge.types import ArticleId

_KEY = "corrections_cursor"
_OVERTAKEN_KEY = "corrections_overtaken_until"


@dataclass(frozen=True, slots=True, order=True)
class NewVersion:
    """A version after an article's first, and when its saving began."""

    saved_at: datetime
    article_id: ArticleId
    version: int


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A message that quotes an article of which a newer version was saved before it was sent."""

    chat_id: int
    message_id: int
    article_id: ArticleId
    version: int  # the newest of those


class CorrectionStore:
    """New versions in the order in which they were saved, and how far they were looked at."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def new_versions(
        self, *, since: datetime, until: datetime, most: int
    ) -> tuple[NewVersion, ...]:
        """Return versions beyond the cursor, saved within ``[since, until)``, the oldest first."""
        columns = (
            article_versions.c.saved_at,
            article_versions.c.article_id,
            article_versions.c.version,
        )
        saved_at, article_id, version = columns
        with self._database.reading() as connection:
            text = connection.execute(select(meta.c.value).where(meta.c.key == _KEY)).scalar()
            query = select(*columns).where(version > 1, saved_at >= since, saved_at < until)
            if text is not None:
                told = _read(text)
                same = saved_at == told.saved_at
                query = query.where(
                    or_(
                        saved_at > told.saved_at,
                        and_(same, article_id > told.article_id),
                        and_(same, article_id == told.article_id, version > told.version),
                    )
                )
            found = connection.execute(query.order_by(*columns).limit(most))
            return tuple(NewVersion(*row) for row in found)

    def looked_at(self, version: NewVersion, parcels: Sequence[Parcel], *, now: datetime) -> None:
        """Move the cursor to a version and put out what it corrects, together."""
        moment = to_microseconds(version.saved_at)
        text = f"{moment} {version.article_id} {version.version}"
        with self._database.writing() as connection:
            put_parcels(connection, parcels, now)
            _remember(connection, _KEY, text)

    def overtaken(self, *, since: datetime, until: datetime) -> tuple[Overtaken, ...]:
        """Return what is overtaken of the messages sent within ``[since, until)``.

        Those of an earlier look are left out. A digest may wait for hours before it is sent; a
        version that was saved meanwhile was looked at before there was a message to correct.
        """
        newest = func.max(article_versions.c.version)
        key = (shown_citations.c.chat_id, shown_citations.c.message_id)
        with self._database.reading() as connection:
            told = connection.execute(
                select(meta.c.value).where(meta.c.key == _OVERTAKEN_KEY)
            ).scalar()
            start = since if told is None else max(since, from_microseconds(int(told)))
            query = (
                select(*key, shown_citations.c.article_id, newest)
                .join(
                    shown_messages,
                    and_(
                        shown_messages.c.chat_id == shown_citations.c.chat_id,
                        shown_messages.c.message_id == shown_citations.c.message_id,
                    ),
                )
                .join(
                    article_versions,
                    and_(
                        article_versions.c.article_id == shown_citations.c.article_id,
                        article_versions.c.version > shown_citations.c.version,
                        article_versions.c.saved_at <= shown_messages.c.sent_at,
                    ),
                )
                .where(shown_messages.c.sent_at >= start, shown_messages.c.sent_at < until)
                .group_by(*key, shown_citations.c.article_id)
                .order_by(*key, shown_citations.c.article_id)
            )
            return tuple(Overtaken(*row) for row in connection.execute(query))

    def looked_at_messages(
        self, until: datetime, parcels: Sequence[Parcel], *, now: datetime
    ) -> None:
        """Remember that the messages sent before a moment were looked at, and put out `parcels`."""
        with self._database.writing() as connection:
            put_parcels(connection, parcels, now)
            _remember(connection, _OVERTAKEN_KEY, str(to_microseconds(until)))


def _remember(connection: Connection, key: str, value: str) -> None:
    connection.execute(delete(meta).where(meta.c.key == key))
    connection.execute(insert(meta).values(key=key, value=value))


def _read(text: str) -> NewVersion:
    moment, article_id, version = text.split(" ")
    return NewVersion(from_microseconds(int(moment)), article_id, int(version))
