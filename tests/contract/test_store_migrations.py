"""A base of an earlier release keeps everything when it is opened by this one."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from knowledge.store import open_store
from knowledge.store.engine import Database
from knowledge.store.opening import upgrade
from knowledge.types import Span, text_hash

TEXT = "La piscine rouvrira lundi. Les travaux sont finis."
VERSION = text(
    "INSERT INTO article_versions (article_id, version, text_hash, saved_at, in_search, published,"
    " outlet, sentence_count, passage_count, title, language, contributors, text) VALUES"
    " ('a1', 1, :hash, 5, 1, 1767225600000000, 'Le Phare', 2, 1, 'La piscine', 'fr', '[]', :text)"
)
BEFORE = (
    text("INSERT INTO meta (key, value) VALUES ('store_id', 'abc')"),
    text("INSERT INTO articles (id, origin, version, added_at) VALUES ('a1', 'file:a', 1, 5)"),
)
AFTER = (
    text(
        'INSERT INTO sentences (article_id, version, "index", start, "end") VALUES '
        "('a1', 1, 0, 0, 26), ('a1', 1, 1, 27, 50)"
    ),
    text(
        'INSERT INTO passages (article_id, version, "index", first, last, start, "end") VALUES '
        "('a1', 1, 0, 0, 1, 0, 50)"
    ),
    text("INSERT INTO index_queue (article_id, version) VALUES ('a1', 1)"),
)


def test_articles_of_the_first_release_are_there_after_every_migration(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    with closing(Database(path, busy_seconds=5)) as database:
        upgrade(database, "0001")
        with database.writing() as connection:
            for statement in BEFORE:
                connection.execute(statement)
            connection.execute(VERSION, {"hash": text_hash(TEXT), "text": TEXT})
            for statement in AFTER:
                connection.execute(statement)
    with closing(open_store(path)) as store:
        article = store.article("a1")
        assert article is not None
        assert (article.text, article.title, article.outlet) == (TEXT, "La piscine", "Le Phare")
        assert article.published == datetime(2026, 1, 1, tzinfo=UTC)
        assert article.summary_only is False
        spans = [sentence.span for sentence in store.sentences("a1", 1)]
        assert spans == [Span(0, 26), Span(27, 50)]
        assert store.pending_count() == 1
        assert store.store_id == "abc"
