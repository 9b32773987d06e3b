"""The article store over SQLAlchemy Core: `knowledge.ports.ArticleStore` and what sync needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from knowledge.chunks import chunks
from knowledge.digest.types import NewArticle, Window
from knowledge.ports import BaseSummary, SaveOutcome, SegmentedText
from knowledge.store.queue import (
    IN_SEARCH,
    SqlIndexSource,
    key_chunks,
    load_records,
    of_passages,
)
from knowledge.store.saving import save_drafts
from knowledge.store.schema import article_versions, articles, index_queue, passages, sentences
from knowledge.store.window import complete, saved_in
from knowledge.types import (
    Article,
    ArticleDraft,
    ArticleId,
    Passage,
    PassageId,
    Sentence,
    Span,
    passage_id,
)

_ARTICLE = select(
    article_versions.c.article_id,
    article_versions.c.version,
    article_versions.c.title,
    article_versions.c.text,
    article_versions.c.text_hash,
    article_versions.c.url,
    article_versions.c.outlet,
    article_versions.c.author,
    article_versions.c.published,
    article_versions.c.language,
    article_versions.c.contributors,
    article_versions.c.summary_only,
)

_SENTENCES_OF_PASSAGES = (
    select(
        passages.c.article_id,
        passages.c.version,
        passages.c["index"].label("passage"),
        sentences.c["index"],
        sentences.c.start,
        sentences.c.end,
        sentences.c.speech,
    )
    .join(
        sentences,
        (sentences.c.article_id == passages.c.article_id)
        & (sentences.c.version == passages.c.version)
        & sentences.c["index"].between(passages.c.first, passages.c.last),
    )
    .where(of_passages())
    .order_by(sentences.c.article_id, sentences.c.version, sentences.c["index"])
)


def _article(row: Any) -> Article:
    values = row._asdict()
    values["id"] = values.pop("article_id")
    values["contributors"] = tuple(values["contributors"])
    return Article(**values)


def _current(connection: Connection, ids: Sequence[ArticleId]) -> dict[ArticleId, Article]:
    """Return the current versions of those articles, in no particular order."""
    query = _ARTICLE.where(
        IN_SEARCH, article_versions.c.article_id.in_(bindparam("ids", expanding=True))
    )
    found: dict[ArticleId, Article] = {}
    for chunk in chunks(ids):
        rows = connection.execute(query, {"ids": chunk})
        found.update({row.article_id: _article(row) for row in rows})
    return found


class SqlArticleStore(SqlIndexSource):
    """Articles, their versions, sentences and passages. Thread-safe; a call is a transaction.

    Saving decides by origin, then by text:

    - same origin and text: nothing changes, except metadata that the draft knows better (a
      corrected title or date), which replaces the old and is indexed again. What the draft
      does not know is kept as it was known.
    - same text under another origin: nothing changes; the article kept is the outcome.
    - same origin, other text: a new version; the old one stays resolvable and leaves search.
    - an article that was removed comes back as ``ADDED``.
    """

    def save(self, draft: ArticleDraft, segmented: SegmentedText, *, now: datetime) -> SaveOutcome:
        """Store one draft, or nothing; see the class. Raises ValueError on impossible spans."""
        return self.save_many([(draft, segmented)], now=now)[0]

    def save_many(
        self, drafts: Sequence[tuple[ArticleDraft, SegmentedText]], *, now: datetime
    ) -> tuple[SaveOutcome, ...]:
        """Store several drafts in one transaction, or nothing; one outcome a draft, in order."""
        if not drafts:
            return ()
        with self._database.writing() as connection:
            return save_drafts(connection, drafts, now=now)

    def remove(self, article_id: ArticleId, *, now: datetime) -> bool:
        """Take an article out of search; its versions stay resolvable. False if unknown."""
        gone = (
            update(articles)
            .where(articles.c.id == article_id, articles.c.removed_at.is_(None))
            .values(removed_at=now)
            .returning(articles.c.version)
        )
        with self._database.writing() as connection:
            version = connection.execute(gone).scalar()
            if version is None:
                return False
            row = {"article_id": article_id, "version": version}
            connection.execute(
                update(article_versions)
                .where(
                    article_versions.c.article_id == article_id,
                    article_versions.c.version == version,
                )
                .values(in_search=False)
            )
            connection.execute(insert(index_queue).values(row))
            return True

    def article(self, article_id: ArticleId, version: int | None = None) -> Article | None:
        """Return that version, also of a removed article; without `version`, the current one."""
        query = _ARTICLE.where(article_versions.c.article_id == article_id)
        if version is None:
            query = query.where(IN_SEARCH)
        else:
            query = query.where(article_versions.c.version == version)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _article(row)

    def articles(self, article_ids: Iterable[ArticleId]) -> Mapping[ArticleId, Article]:
        """Return the current versions of those articles that exist and are not removed."""
        wanted = list(dict.fromkeys(article_ids))
        with self._database.reading() as connection:
            found = _current(connection, wanted)
        return {identifier: found[identifier] for identifier in wanted if identifier in found}

    def list_articles(self, *, limit: int = 50, offset: int = 0) -> tuple[Article, ...]:
        """Return current articles, the newest publication first, unknown dates last."""
        published = article_versions.c.published
        query = (
            _ARTICLE.where(IN_SEARCH)
            .order_by(published.desc().nulls_last(), article_versions.c.article_id)
            .limit(limit)
            .offset(offset)
        )
        with self._database.reading() as connection:
            return tuple(_article(row) for row in connection.execute(query))

    def new_articles(self, window: Window) -> tuple[NewArticle, ...]:
        """Return the articles of `window` with their sentences, the newest saved first.

        No article is published more than a week before the window ends; of more than 3,000 the
        oldest are left out.
        """
        with self._database.reading() as connection:
            saved = saved_in(connection, window)
            return complete(connection, _current(connection, list(saved)), saved)

    def sentences(self, article_id: ArticleId, version: int) -> tuple[Sentence, ...]:
        """Return the sentences of that version in order; empty if unknown."""
        text = select(article_versions.c.text).where(
            article_versions.c.article_id == article_id, article_versions.c.version == version
        )
        spans = (
            select(sentences.c["index"], sentences.c.start, sentences.c.end, sentences.c.speech)
            .where(sentences.c.article_id == article_id, sentences.c.version == version)
            .order_by(sentences.c["index"])
        )
        with self._database.reading() as connection:
            whole = connection.execute(text).scalar()
            rows = connection.execute(spans).all()
        return tuple(
            Sentence(article_id, version, index, Span(start, end), str(whole)[start:end], speech)
            for index, start, end, speech in rows
        )

    def sentences_of(self, passages: Sequence[Passage]) -> Mapping[PassageId, tuple[Sentence, ...]]:
        """Return the sentences of each passage, in order, cut from the passage's own text."""
        by_id = {passage.id: passage for passage in passages}
        keys = [(one.article_id, one.version, one.index) for one in by_id.values()]
        found: dict[PassageId, list[Sentence]] = {identifier: [] for identifier in by_id}
        with self._database.reading() as connection:
            for parameters in key_chunks(keys):
                rows = connection.execute(_SENTENCES_OF_PASSAGES, parameters)
                for article, version, number, index, start, end, speech in rows:
                    passage = by_id[passage_id(article, version, number)]
                    span = Span(start, end)
                    text = span.shift(-passage.span.start).of(passage.text)
                    found[passage.id].append(Sentence(article, version, index, span, text, speech))
        return {identifier: tuple(items) for identifier, items in found.items()}

    def passages(self, passage_ids: Sequence[PassageId]) -> Mapping[PassageId, Passage]:
        """Return the passages that exist and are current, in the order asked for."""
        with self._database.reading() as connection:
            found = {
                record.passage.id: record.passage
                for record in load_records(connection, list(dict.fromkeys(passage_ids)))
            }
        return {identifier: found[identifier] for identifier in passage_ids if identifier in found}

    def summary(self) -> BaseSummary:
        """Return what the base holds: current versions of articles that are not removed."""
        totals = select(
            func.count(),
            func.coalesce(func.sum(article_versions.c.sentence_count), 0),
            func.coalesce(func.sum(article_versions.c.passage_count), 0),
            func.max(article_versions.c.published),
        ).where(IN_SEARCH)
        outlets = (
            select(article_versions.c.outlet)
            .where(IN_SEARCH, article_versions.c.outlet.is_not(None))
            .distinct()
            .order_by(article_versions.c.outlet)
        )
        with self._database.reading() as connection:
            count, sentence_count, passage_count, newest = connection.execute(totals).one()
            names = tuple(connection.execute(outlets).scalars())
        return BaseSummary(count, sentence_count, passage_count, newest, names)

    def close(self) -> None:
        """Close every connection. The store is of no use afterwards."""
        self._database.close()
