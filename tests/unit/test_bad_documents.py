"""Bad documents among good ones: each is refused in French, and the base stays as it was."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.ingest import IngestReport, ingest_documents
from knowledge.sources import read_document
from knowledge.sources.files import documents_in
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.text.segmentation import segment
from tests.empty_base import place_empty_base

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MAX_BYTES = 20 * 2**20
GOOD = "Le budget\n\nLe maire a présenté le budget. Le vote aura lieu en décembre."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlArticleStore]:
    opened = open_store(place_empty_base(tmp_path / "base.sqlite3"))
    yield opened
    opened.close()


def ingest(store: SqlArticleStore, path: Path) -> IngestReport:
    return ingest_documents(
        documents_in(path, max_bytes=MAX_BYTES),
        read=lambda document: read_document(document, max_bytes=MAX_BYTES, now=NOW),
        segment=segment,
        store=store,
        now=lambda: NOW,
    )


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("enorme.txt", None, r"pèse 50,0 Mio ; la limite est de 20 Mio"),
        ("coupe.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", r"PDF .*(tronqué|abîmé|incomplet)"),
        (
            "liens.html",
            b"<html><body><a href=x>Accueil</a></body></html>",
            r"Aucun texte",
        ),
        ("russe.txt", "Привет, это новости из Москвы.".encode("cp1251"), r"encodage"),
        ("vide.txt", b"", r"vide"),
    ],
    ids=["50 MB", "truncated PDF", "HTML without an article", "wrong encoding", "empty"],
)
def test_a_bad_document_is_refused_and_the_base_is_unchanged(
    store: SqlArticleStore, tmp_path: Path, name: str, data: bytes | None, message: str
) -> None:
    good, bad = tmp_path / "bon.txt", tmp_path / name
    good.write_text(GOOD, encoding="utf-8")
    assert ingest(store, good).added == 1
    before = (store.summary(), store.list_articles())
    with bad.open("wb") as stream:
        if data is None:
            stream.truncate(50 * 2**20)
        else:
            stream.write(data)
    report = ingest(store, bad)
    assert (report.added, report.updated, report.failed, report.changed) == (0, 0, 1, ())
    assert name in report.failures[0].subject
    assert re.search(message, report.failures[0].message)
    assert (store.summary(), store.list_articles()) == before
