"""The store as the indexes see it: which versions to look at again, and what they hold now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
)

from knowledge.chunks import chunks
from knowledge.index.records import IndexRecord, QueueRow
from knowledge.store.engine import Database
from knowledge.store.schema import article_versions, index_queue, passages
from knowledge.types import ArticleId, Passage, PassageId, Span, passage_id

IN_SEARCH = article_versions.c.in_search.is_(True)


def of_passages() -> ColumnElement[bool]:
    """Return the condition for the passages of `keys`; `article_ids` repeats their articles.

    SQLite looks up single values in an index, but not rows, so rows alone would scan the table.
    """
    key = tuple_(passages.c.article_id, passages.c.version, passages.c["index"])
    return and_(
        passages.c.article_id.in_(bindparam("article_ids", expanding=True)),
        key.in_(bindparam("keys", expanding=True)),
    )


def key_chunks(keys: Sequence[tuple[ArticleId, int, int]]) -> Iterator[dict[str, Any]]:
    """Yield the parameters of :func:`of_passages`, a bounded number of keys at a time."""
    for chunk in chunks(keys):
        yield {"keys": chunk, "article_ids": list({article for article, *_ in chunk})}


_CURRENT_PASSAGES = (
    select(
        passages.c.article_id,
        passages.c.version,
        passages.c["index"],
        passages.c.first,
        passages.c.last,
        passages.c.start,
        passages.c.end,
    )
    .join(
        article_versions,
        and_(
            article_versions.c.article_id == passages.c.article_id,
            article_versions.c.version == passages.c.version,
        ),
    )
    .where(IN_SEARCH, of_passages())
)

_VERSIONS = select(
    article_versions.c.article_id,
    article_versions.c.version,
    article_versions.c.title,
    article_versions.c.outlet,
    article_versions.c.published,
    article_versions.c.text,
).where(
    article_versions.c.article_id.in_(bindparam("article_ids", expanding=True)),
    tuple_(article_versions.c.article_id, article_versions.c.version).in_(
        bindparam("keys", expanding=True)
    ),
)


def passage_key(identifier: PassageId) -> tuple[ArticleId, int, int] | None:
    """Return article, version and index of a passage id; None if it is not one of ours."""
    article, _, rest = identifier.partition(".")
    version, _, index = rest.partition(".")
    if not (article and version.isdecimal() and index.isdecimal()):
        return None
    return article, int(version), int(index)


def load_records(connection: Connection, passage_ids: Sequence[PassageId]) -> Iterable[IndexRecord]:
    """Yield the current ones of those passages, cut from their version's text."""
    keys = [key for key in map(passage_key, passage_ids) if key is not None]
    for parameters in key_chunks(keys):
        rows = connection.execute(_CURRENT_PASSAGES, parameters).all()
        wanted = list({(article, version) for article, version, *_ in rows})
        if not wanted:
            continue
        versions = {
            (row.article_id, row.version): row
            for row in connection.execute(
                _VERSIONS, {"keys": wanted, "article_ids": [article for article, _ in wanted]}
            )
        }
        for row in rows:
            yield _record(row, versions[row[0], row[1]])


def _record(row: Any, version: Any) -> IndexRecord:
    article, number, index, first, last, start, end = row
    span = Span(start, end)
    passage = Passage(
        passage_id(article, number, index),
        article,
        number,
        index,
        first,
        last,
        span,
        span.of(version.text),
    )
    return IndexRecord(passage, version.title, version.outlet, version.published)


class SqlIndexSource:
    """The queue and the current passages; implements `knowledge.index.records.IndexSource`."""

    def __init__(self, database: Database, *, store_id: str) -> None:
        self._database = database
        self._store_id = store_id

    @property
    def database(self) -> Database:
        """The database itself, for the tables that are not the articles'."""
        return self._database

    @property
    def store_id(self) -> str:
        """What tells this base from every other, 32 hexadecimal digits."""
        return self._store_id

    def pending_count(self) -> int:
        """Return how many rows wait in the queue."""
        with self._database.reading() as connection:
            query = select(func.count()).select_from(index_queue)
            return int(connection.execute(query).scalar_one())

    def pending(self, *, passages: int) -> tuple[QueueRow, ...]:
        """Return the oldest rows that together have about that many passages, at least one."""
        query = (
            select(index_queue, article_versions.c.passage_count)
            .join(
                article_versions,
                and_(
                    article_versions.c.article_id == index_queue.c.article_id,
                    article_versions.c.version == index_queue.c.version,
                ),
            )
            .order_by(index_queue.c.sequence)
            .limit(max(1, passages))
        )
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        rows: list[QueueRow] = []
        total = 0
        for sequence, article, version, count in found:
            total += count
            if rows and total > passages:
                break
            rows.append(QueueRow(sequence, article, version))
        return tuple(rows)

    def passage_ids(self, rows: Sequence[QueueRow]) -> frozenset[PassageId]:
        """Return the ids of all passages of those versions, current or not."""
        query = select(
            article_versions.c.article_id,
            article_versions.c.version,
            article_versions.c.passage_count,
        ).where(
            article_versions.c.article_id.in_(bindparam("article_ids", expanding=True)),
            tuple_(article_versions.c.article_id, article_versions.c.version).in_(
                bindparam("keys", expanding=True)
            ),
        )
        keys = list({(row.article_id, row.version) for row in rows})
        found: set[PassageId] = set()
        with self._database.reading() as connection:
            for chunk in chunks(keys):
                parameters = {"keys": chunk, "article_ids": [article for article, _ in chunk]}
                for article, version, count in connection.execute(query, parameters):
                    found.update(passage_id(article, version, index) for index in range(count))
        return frozenset(found)

    def records(self, passage_ids: Sequence[PassageId]) -> tuple[IndexRecord, ...]:
        """Return the records of those passages that are current, in no particular order."""
        with self._database.reading() as connection:
            return tuple(load_records(connection, passage_ids))

    def mark_indexed(self, rows: Sequence[QueueRow]) -> None:
        """Take those rows off the queue; rows that came later for the same versions stay."""
        gone = delete(index_queue).where(index_queue.c.sequence == bindparam("done"))
        if rows:
            with self._database.writing() as connection:
                connection.execute(gone, [{"done": row.sequence} for row in rows])

    def requeue_all(self) -> int:
        """Queue every current version; return how many."""
        current = select(article_versions.c.article_id, article_versions.c.version).where(IN_SEARCH)
        fill = insert(index_queue).from_select(["article_id", "version"], current)
        with self._database.writing() as connection:
            connection.execute(delete(index_queue))
            return int(connection.execute(fill).rowcount)

    def current_passage_count(self) -> int:
        """Return how many passages the indexes should hold."""
        query = select(func.coalesce(func.sum(article_versions.c.passage_count), 0))
        with self._database.reading() as connection:
            return int(connection.execute(query.where(IN_SEARCH)).scalar_one())

    def current_passage_ids(self) -> frozenset[PassageId]:
        """Return the ids of the passages the indexes should hold."""
        query = select(
            article_versions.c.article_id,
            article_versions.c.version,
            article_versions.c.passage_count,
        ).where(IN_SEARCH)
        with self._database.reading() as connection:
            return frozenset(
                passage_id(article, version, index)
                for article, version, count in connection.execute(query)
                for index in range(count)
            )
