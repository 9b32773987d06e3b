from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.errors import FetchError, StoreFullError, UnreadableDocumentError
from knowledge.ingest import (
    IngestFailure,
    IngestReport,
    IngestStoppedError,
    ingest_documents,
)
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.types import ArticleDraft, RawDocument, article_id
from tests.bases import NOW, segmented
from tests.empty_base import place_empty_base


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlArticleStore]:
    opened = open_store(place_empty_base(tmp_path / "base.sqlite3"))
    yield opened
    opened.close()


def _document(origin: str, text: str) -> RawDocument:
    return RawDocument(text.encode("utf-8", "surrogatepass"), origin)


def _read(document: RawDocument) -> ArticleDraft:
    text = document.data.decode("utf-8", "surrogatepass")
    if not text:
        raise UnreadableDocumentError("Document vide.", subject=document.origin)
    return ArticleDraft(document.origin, title="Titre", text=text)


def test_each_document_is_counted_by_what_became_of_it(store: SqlArticleStore) -> None:
    first = [_document("file:a", "Un. Deux."), _document("file:b", "Trois.")]
    ingest_documents(first, read=_read, segment=segmented, store=store, now=lambda: NOW)
    report = ingest_documents(
        [
            _document("file:a", "Un. Deux."),
            _document("file:b", "Trois, corrigé."),
            _document("file:c", ""),
            FetchError("Le site ne répond pas.", subject="https://exemple.test/d"),
            _document("file:e", "Cinq."),
            _document("file:f", "Six \ud800."),
        ],
        read=_read,
        segment=segmented,
        store=store,
        now=lambda: NOW,
    )
    assert report == IngestReport(
        added=1,
        updated=1,
        unchanged=1,
        failures=(
            IngestFailure("file:c", "Document vide."),
            IngestFailure("https://exemple.test/d", "Le site ne répond pas."),
            IngestFailure(
                "file:f",
                "file:f : le texte contient des caractères abîmés ; enregistrez-le en UTF-8.",
            ),
        ),
        changed=(article_id("file:b"), article_id("file:e")),
    )
    assert (report.failed, report.total) == (3, 6)


def test_progress_is_told_after_each_transaction(store: SqlArticleStore) -> None:
    told: list[int] = []
    ingest_documents(
        [_document(f"file:{number}", f"Texte {number}.") for number in range(5)],
        read=_read,
        segment=segmented,
        store=store,
        now=lambda: NOW,
        report=told.append,
        batch_size=2,
    )
    assert told == [2, 4, 5]


class _FullAfter:
    """A store whose disk is full after some transactions."""

    def __init__(self, store: SqlArticleStore, transactions: int) -> None:
        self._store = store
        self._left = transactions

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def save_many(self, drafts: object, *, now: object) -> object:
        if not self._left:
            raise StoreFullError("Le disque est plein.", subject="base")
        self._left -= 1
        return self._store.save_many(drafts, now=now)  # type: ignore[arg-type]  # passed through


def test_a_full_disk_stops_with_what_was_committed_intact(store: SqlArticleStore) -> None:
    with pytest.raises(IngestStoppedError) as stopped:
        ingest_documents(
            [_document(f"file:{number}", f"Texte {number}.") for number in range(7)],
            read=_read,
            segment=segmented,
            store=_FullAfter(store, 2),  # type: ignore[arg-type]  # the rest is the store's
            now=lambda: NOW,
            batch_size=2,
        )
    assert stopped.value.report.added == 4
    assert isinstance(stopped.value.__cause__, StoreFullError)
    assert "plein" in stopped.value.message
    assert store.summary().articles == 4


def test_a_batch_without_articles_is_refused(store: SqlArticleStore) -> None:
    with pytest.raises(ValueError, match="at least one"):
        ingest_documents(
            [], read=_read, segment=segmented, store=store, now=lambda: NOW, batch_size=0
        )


def test_no_document_is_an_empty_report(store: SqlArticleStore) -> None:
    report = ingest_documents([], read=_read, segment=segmented, store=store, now=lambda: NOW)
    assert report == IngestReport()
