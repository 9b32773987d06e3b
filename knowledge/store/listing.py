"""What the base holds, by title: the newest first, searched by words. The texts are not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from knowledge.holdings import ArticleEntry, Listing
from knowledge.store.queue import IN_SEARCH
from knowledge.store.schema import SCHEMA_VERSION, article_versions, index_queue
from knowledge.text.characters import fold
from knowledge.types import ArticleId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from knowledge.store.engine import Database

__all__ = ["SCHEMA_VERSION", "entry", "list_entries", "pending_rows"]


_ENTRY = select(
    article_versions.c.article_id,
    article_versions.c.title,
    article_versions.c.outlet,
    article_versions.c.published,
    article_versions.c.url,
    article_versions.c.sentence_count,
).where(IN_SEARCH)
_NEWEST_FIRST = (article_versions.c.published.desc().nulls_last(), article_versions.c.article_id)


def list_entries(database: Database, *, words: str, limit: int, offset: int) -> Listing:
    """Return current articles, the newest publication first, unknown dates last.

    With `words`, those whose title, outlet or address has each of them, accents and case apart:
    SQL knows neither in French, so every title is looked at (20,000 take about 0.2 s).

    Raises:
        StoreError: the database refuses.
    """
    wanted = fold(words).split()
    with database.reading() as connection:
        if wanted:
            found = tuple(_with_words(connection, wanted))
            return Listing(found[offset : offset + limit], len(found))
        count = select(func.count()).select_from(article_versions).where(IN_SEARCH)
        total = connection.execute(count).scalar_one()
        page = _ENTRY.order_by(*_NEWEST_FIRST).limit(limit).offset(offset)
        return Listing(tuple(ArticleEntry(*row) for row in connection.execute(page)), total)


def entry(database: Database, article_id: ArticleId) -> ArticleEntry | None:
    """Return one current article; None if there is none of that id, or it was removed."""
    with database.reading() as connection:
        row = connection.execute(_ENTRY.where(article_versions.c.article_id == article_id)).first()
    return None if row is None else ArticleEntry(*row)


def pending_rows(database: Database) -> int:
    """Return how many changes the indexes do not have yet."""
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(index_queue)).scalar_one())


def _with_words(connection: Connection, wanted: list[str]) -> Iterator[ArticleEntry]:
    for row in connection.execute(_ENTRY.order_by(*_NEWEST_FIRST)):
        found = ArticleEntry(*row)
        shown = fold(f"{found.title} {found.outlet or ''} {found.url or ''}")
        if all(word in shown for word in wanted):
            yield found
