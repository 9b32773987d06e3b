"""When an article first came by a feed, or from another outlet than at first; it never moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from knowledge.chunks import chunks
from knowledge.digest.types import Arrival
from knowledge.store.feed_schema import article_arrivals
from knowledge.types import ArticleId

Row = dict[str, Any]

_OF_ARTICLES = select(article_arrivals).where(
    article_arrivals.c.article_id.in_(bindparam("ids", expanding=True))
)


class ArrivalKind(StrEnum):
    """What brought it; an outlet that an article had from the first on needs no row."""

    FEED = "feed"
    OUTLET = "outlet"


def arrival(article: ArticleId, kind: ArrivalKind, name: str, moment: datetime) -> Row:
    """Return the row of one arrival: `name` is the feed's id, or the outlet's name."""
    return {"article_id": article, "kind": kind.value, "name": name, "arrived_at": moment}


def note_arrivals(connection: Connection, rows: Sequence[Row]) -> None:
    """Write those of `rows` that are the first of their article by that feed or outlet."""
    new: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        new.setdefault((row["article_id"], row["kind"], row["name"]), row)
    for known in _rows(connection, {row["article_id"] for row in rows}):
        new.pop((known.article_id, known.kind, known.name), None)
    if new:
        connection.execute(insert(article_arrivals), list(new.values()))


def arrivals_of(
    connection: Connection, articles: Iterable[ArticleId]
) -> Mapping[tuple[ArticleId, ArrivalKind], tuple[Arrival, ...]]:
    """Return the arrivals of `articles` by article and kind, in no given order."""
    found: defaultdict[tuple[ArticleId, ArrivalKind], tuple[Arrival, ...]] = defaultdict(tuple)
    for row in _rows(connection, articles):
        found[row.article_id, ArrivalKind(row.kind)] += (Arrival(row.name, row.arrived_at),)
    return found


def _rows(connection: Connection, articles: Iterable[ArticleId]) -> Iterable[Any]:
    for ids in chunks(list(articles)):
        yield from connection.execute(_OF_ARTICLES, {"ids": ids})
