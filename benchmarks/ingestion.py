"""Ingestion from text to both indexes: ``python -m benchmarks.ingestion [--json]``.

1,500 articles of 700 characters, each read from UTF-8 plain text, split into sentences and
passages, saved, embedded and written to Chroma and to the lexical index. The baseline, in the
same run, is a program that only fills Chroma with the same passages and embedder.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.corpus import synthetic_articles
from benchmarks.figures import print_figures
from knowledge.chunks import chunks
from knowledge.index.builtin_embedder import BuiltinEmbedder
from knowledge.index.chroma import ChromaIndex
from knowledge.index.lexical import LexicalIndex
from knowledge.index.sync import synchronise
from knowledge.ingest import ingest_documents
from knowledge.ports import SegmentedText
from knowledge.settings import MEBIBYTE
from knowledge.sources import read_document
from knowledge.store import open_store
from knowledge.text.segmentation import segment
from knowledge.types import ArticleDraft, RawDocument

TARGET = 400  # articles a second on two cores


class _Clock:
    """Seconds spent a step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class _Run:
    """What one ingestion took, in seconds, also those of each step; steps lie within others."""

    seconds: float
    processor_seconds: float
    passages: int
    steps: Mapping[str, float]


def _documents(count: int, characters: int) -> list[RawDocument]:
    return [
        RawDocument(
            data=f"{draft.title}\n\n{draft.text}".encode(),
            origin=draft.origin,
            media_type="text/plain",
        )
        for draft in synthetic_articles(count, characters)
    ]


def _read(document: RawDocument) -> ArticleDraft:
    return read_document(document, max_bytes=20 * MEBIBYTE, now=datetime.now(UTC))


def _fill_chroma_only(folder: Path, documents: list[RawDocument]) -> float:
    """Return the seconds a plain program takes that only embeds and fills Chroma."""
    import chromadb
    from chromadb.config import Settings

    embedder = BuiltinEmbedder()
    client: Any = chromadb.PersistentClient(  # declared without its close()
        path=str(folder), settings=Settings(anonymized_telemetry=False)
    )
    collection = client.create_collection("plain", embedding_function=None)
    start = time.perf_counter()
    for part in chunks(documents, 256):
        texts = [document.data.decode() for document in part]
        vectors = embedder.embed_passages(texts)
        collection.add(
            ids=[document.origin for document in part],
            embeddings=vectors,
            documents=texts,
            metadatas=[{"origin": document.origin} for document in part],
        )
    seconds = time.perf_counter() - start
    client.close()
    return seconds


def _ingest(folder: Path, documents: list[RawDocument]) -> _Run:
    """Ingest `documents` into a new base in `folder`.

    Raises:
        RuntimeError: the base does not hold what was ingested.
    """
    clock = _Clock()

    def timed_read(document: RawDocument) -> ArticleDraft:
        with clock.step("read"):
            return _read(document)

    def timed_segment(text: str) -> SegmentedText:
        with clock.step("segment"):
            return segment(text)

    with ExitStack() as opened:
        store = opened.enter_context(closing(open_store(folder / "sourcier.sqlite3")))
        embedder = BuiltinEmbedder()
        dense = ChromaIndex(folder / "chroma", embedder=embedder, store_id=store.store_id)
        opened.callback(dense.close)
        lexical = opened.enter_context(closing(LexicalIndex(folder / "lexical.sqlite3")))
        start, processor = time.perf_counter(), time.process_time()
        with clock.step("read, segment, save"):
            report = ingest_documents(
                documents,
                read=timed_read,
                segment=timed_segment,
                store=store,
                now=lambda: datetime.now(UTC),
            )
        with clock.step("index"):
            synced = synchronise(store, dense, lexical)
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
        held = {"dense": dense.count(), "lexical": lexical.count()}
    if report.added != len(documents) or set(held.values()) != {synced.indexed}:
        raise RuntimeError(f"the base is not what was ingested: {report}, {synced}, {held}")
    return _Run(seconds, processor, synced.indexed, clock.seconds)


def measure(count: int = 1_500, characters: int = 700) -> dict[str, object]:
    """Return articles a second, seconds a step, and the ratio to filling Chroma alone."""
    documents = _documents(count, characters)
    with tempfile.TemporaryDirectory() as name:
        plain = _fill_chroma_only(Path(name) / "plain", documents)
        run = _ingest(Path(name), documents)
    return {
        "articles": count,
        "characters": characters,
        "passages": run.passages,
        "seconds": round(run.seconds, 3),
        "processor_seconds": round(run.processor_seconds, 3),
        "articles_per_second": round(count / run.seconds),
        "chroma_alone_articles_per_second": round(count / plain),
        "ratio_to_chroma_alone": round(plain / run.seconds, 2),
        "steps": {name: round(value, 3) for name, value in run.steps.items()},
        "target": TARGET,
        "reached": count / run.seconds >= TARGET,
    }


def main() -> None:
    """Print the figures, as JSON with ``--json``."""
    parser = argparse.ArgumentParser(description="Speed of ingestion.")
    parser.add_argument("--articles", type=int, default=1_500)
    parser.add_argument("--characters", type=int, default=700)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.articles, options.characters)
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
