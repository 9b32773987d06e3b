"""The articles of a window of time, as a digest reads them: four queries a few hundred of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, bindparam, or_, select

from knowledge.chunks import chunks
from knowledge.digest.types import Copy, NewArticle, Window, WindowBasis
from knowledge.store.arrivals import ArrivalKind, arrivals_of
from knowledge.store.feed_schema import article_arrivals, article_copies
from knowledge.store.queue import IN_SEARCH
from knowledge.store.schema import article_versions, articles, sentences
from knowledge.types import Article, ArticleId, Sentence, Span

MOST_ARTICLES = 3_000  # of one window: beyond, the oldest are left out


def in_window(window: Window) -> ColumnElement[bool]:
    """Return the condition for a current article that may be of `window` for somebody.

    See :class:`WindowBasis`: one that a feed or an outlet brought within it is new to some only.
    """
    published = article_versions.c.published
    brought = select(article_arrivals.c.article_id).where(
        _within(window, article_arrivals.c.arrived_at)
    )
    arrived = or_(_within(window, articles.c.added_at), articles.c.id.in_(brought))
    if window.basis is WindowBasis.ARRIVAL:
        return and_(IN_SEARCH, arrived, or_(published.is_(None), published >= window.oldest))
    return and_(
        IN_SEARCH,
        or_(
            _within(window, published),
            and_(published.is_(None), arrived),
        ),
    )


def _within(window: Window, moment: Column[Any]) -> ColumnElement[bool]:
    return and_(moment >= window.since, moment < window.until)


def saved_in(connection: Connection, window: Window) -> dict[ArticleId, datetime]:
    """Return the articles of `window` and when each was first saved, the newest first."""
    query = (
        select(articles.c.id, articles.c.added_at)
        .join(
            article_versions,
            (article_versions.c.article_id == articles.c.id)
            & (article_versions.c.version == articles.c.version),
        )
        .where(in_window(window))
        .order_by(articles.c.added_at.desc(), articles.c.id)
        .limit(MOST_ARTICLES)
    )
    return {row.id: row.added_at for row in connection.execute(query)}


def complete(
    connection: Connection,
    known: Mapping[ArticleId, Article],
    saved: Mapping[ArticleId, datetime],
) -> tuple[NewArticle, ...]:
    """Return the articles with their sentences, their copies and their arrivals, as in `saved`."""
    ids = [key for key in saved if key in known]
    told = _sentences(connection, known)
    copies, arrivals = _copies(connection, known), arrivals_of(connection, known)
    return tuple(
        NewArticle(
            known[key],
            tuple(told[key]),
            saved[key],
            tuple(copies[key]),
            by_feeds=arrivals.get((key, ArrivalKind.FEED), ()),
            by_outlets=arrivals.get((key, ArrivalKind.OUTLET), ()),
        )
        for key in ids
    )


def _sentences(
    connection: Connection, known: Mapping[ArticleId, Article]
) -> Mapping[ArticleId, list[Sentence]]:
    query = (
        select(
            sentences.c.article_id,
            sentences.c.version,
            sentences.c["index"],
            sentences.c.start,
            sentences.c.end,
            sentences.c.speech,
        )
        .where(sentences.c.article_id.in_(bindparam("ids", expanding=True)))
        .order_by(sentences.c.article_id, sentences.c.version, sentences.c["index"])
    )
    found: defaultdict[ArticleId, list[Sentence]] = defaultdict(list)
    for ids in chunks(list(known)):
        for key, version, index, start, end, speech in connection.execute(query, {"ids": ids}):
            article = known[key]
            if version == article.version:
                span = Span(start, end)
                text = span.of(article.text)
                found[key].append(Sentence(key, version, index, span, text, speech))
    return found


def _copies(
    connection: Connection, known: Mapping[ArticleId, Article]
) -> Mapping[ArticleId, list[Copy]]:
    query = (
        select(
            article_copies.c.article_id,
            article_copies.c.outlet,
            article_copies.c.url,
            article_copies.c.published,
        )
        .where(article_copies.c.article_id.in_(bindparam("ids", expanding=True)))
        .order_by(article_copies.c.seen_at, article_copies.c.origin)
    )
    found: defaultdict[ArticleId, list[Copy]] = defaultdict(list)
    for ids in chunks(list(known)):
        for key, outlet, url, published in connection.execute(query, {"ids": ids}):
            found[key].append(Copy(outlet, url, published))
    return found
