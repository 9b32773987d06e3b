"""What the store knows of the articles that a batch of drafts is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from knowledge.chunks import chunks
from knowledge.store.schema import article_versions, articles
from knowledge.types import ArticleId

Row = dict[str, Any]

_METADATA = (
    "title", "url", "outlet", "author", "published", "language", "contributors", "summary_only",
)  # fmt: skip


@dataclass(slots=True)
class Known:
    """An article of the store, without its text, as the drafts before this one left it."""

    id: ArticleId
    version: int
    removed: bool
    hash: str
    metadata: Row
    added_at: datetime


_KNOWN = select(
    articles.c.origin,
    articles.c.id,
    articles.c.version,
    articles.c.removed_at,
    articles.c.added_at,
    article_versions.c.text_hash,
    article_versions.c.title,
    article_versions.c.url,
    article_versions.c.outlet,
    article_versions.c.author,
    article_versions.c.published,
    article_versions.c.language,
    article_versions.c.contributors,
    article_versions.c.summary_only,
).join_from(
    articles,
    article_versions,
    (article_versions.c.article_id == articles.c.id)
    & (article_versions.c.version == articles.c.version),
)


def known_by_origin(connection: Connection, origins: list[str]) -> dict[str, Known]:
    """Return the articles with those origins, removed ones too, by origin."""
    query = _KNOWN.where(articles.c.origin.in_(bindparam("values", expanding=True)))
    return dict(_select_known(connection, query, origins))


def known_by_hash(
    connection: Connection, hashes: list[str], known: dict[str, Known]
) -> dict[str, Known]:
    """Return the articles in search with those texts; one object an article, as in `known`."""
    query = _KNOWN.where(
        article_versions.c.text_hash.in_(bindparam("values", expanding=True)),
        articles.c.removed_at.is_(None),
    )
    return {
        found.hash: known.setdefault(origin, found)
        for origin, found in _select_known(connection, query, hashes)
    }


def _select_known(
    connection: Connection, query: Any, values: list[str]
) -> Iterator[tuple[str, Known]]:
    for chunk in chunks(values):
        rows = connection.execute(query, {"values": chunk})
        for row in rows.mappings():
            metadata = {name: row[name] for name in _METADATA}
            removed = row["removed_at"] is not None
            digest, added_at = row["text_hash"], row["added_at"]
            known = Known(row["id"], row["version"], removed, digest, metadata, added_at)
            yield row["origin"], known
