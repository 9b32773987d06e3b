"""Administrators told of sources that fail: what is sent and that it is, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.digests.parcels import Parcel
from bot.store.outbox import put_parcels
from knowledge.feeds.types import FeedId
from knowledge.store.engine import Database
from knowledge.store.feed_schema import feeds


class FeedAlertStore:
    """Each method is one transaction, may block and may raise StoreError; for any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tell(
        self, failing: Collection[FeedId], parcels: Sequence[Parcel], *, now: datetime
    ) -> bool:
        """Put `parcels` into the outbox and remember that those sources were told.

        False, and nothing is done, where one of them was told meanwhile or is read again.
        """
        untold = (feeds.c.failing_since.is_not(None), feeds.c.told_at.is_(None))
        mine = feeds.c.id.in_(list(failing))
        with self._database.writing() as connection:
            found = connection.execute(select(feeds.c.id).where(mine, *untold)).all()
            if len(found) != len(failing):
                return False
            put_parcels(connection, parcels, now)
            connection.execute(update(feeds).where(mine).values(told_at=now))
        return True
