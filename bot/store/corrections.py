"""Which new versions of articles were looked at for corrections: a cursor in the table ``meta``.

Every method is one transaction, may block, may raise StoreError, and may be called by any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, insert, or_, select

from bot.parcels import Parcel
from bot.store.outbox import put_parcels
from knowledge.index.records import from_microseconds, to_microseconds
from knowledge.store.engine import Database
from knowledge.store.schema import article_versions, meta
from knowledge.types import ArticleId

_KEY = "corrections_cursor"


@dataclass(frozen=True, slots=True, order=True)
class NewVersion:
    """A version after an article's first, and when its saving began."""

    saved_at: datetime
    article_id: ArticleId
    version: int


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
            connection.execute(delete(meta).where(meta.c.key == _KEY))
            connection.execute(insert(meta).values(key=_KEY, value=text))


def _read(text: str) -> NewVersion:
    moment, article_id, version = text.split(" ")
    return NewVersion(from_microseconds(int(moment)), article_id, int(version))
