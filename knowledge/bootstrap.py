"""From settings to an open base: the one place that names adapters."""

from __future__ import annotations

import functools
import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.answer import AnswerLimits, Writer
from knowledge.errors import EmbedderMismatchError, IndexingError, SourceError, StoreError
from knowledge.failures import french_reason
from knowledge.search.retrieve import (
    BUILTIN_DENSE_WEIGHT,
    SEMANTIC_DENSE_WEIGHT,
    HybridRetriever,
)
from knowledge.service import Indexes, Knowledge
from knowledge.store import open_store

if TYPE_CHECKING:
    from knowledge.index.chroma import ChromaIndex
    from knowledge.index.lexical import LexicalIndex
    from knowledge.index.unopened import OpenIndex
    from knowledge.model.engine import LlamaGenerator
    from knowledge.ports import Embedder
    from knowledge.settings import KnowledgeSettings
    from knowledge.sources.fetch import Fetcher
    from knowledge.store.articles import SqlArticleStore
    from knowledge.types import ArticleDraft, RawDocument

logger = logging.getLogger(__name__)

_BUILTIN = "builtin"
# Any scheme: those that are never visited are refused by name, not looked for on the disk.
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LEXICAL_FILE = "lexical.sqlite3"


def open_knowledge(settings: KnowledgeSettings, *, with_model: bool = True) -> Knowledge:
    """Return the base of `settings`, its indexes brought up to date.

    `with_model` loads the chat model, if one is configured. Where Chroma cannot be opened or
    filled, a warning is logged and the index of words serves alone.

    Raises:
        StoreError, IndexingError, ModelError: something else cannot be opened, or Chroma was
            filled with another embedder; the message says which and what mends it.
    """
    knowledge, retriever = _open(settings, with_model=with_model, dense_may_fail=True)
    try:
        _bring_up_to_date(knowledge, settings)
    except EmbedderMismatchError:
        knowledge.close()
        raise
    except IndexingError as error:
        _go_on_without_chroma(knowledge, retriever, error)
    except BaseException:
        knowledge.close()
        raise
    return knowledge


def _bring_up_to_date(knowledge: Knowledge, settings: KnowledgeSettings) -> None:
    """Synchronise; an index made by an earlier built-in embedder is built again.

    Nobody chose that change, an upgrade of Sourcier made it, so nobody is asked to mend it.
    """
    try:
        knowledge.synchronise(compare_ids=True)
    except EmbedderMismatchError as error:
        if settings.embedder != _BUILTIN or not (error.subject or "").startswith(_BUILTIN):
            raise
        logger.info("Index d’une version précédente : reconstruction.")
        knowledge.reindex()


def open_for_rebuilding(settings: KnowledgeSettings) -> Knowledge:
    """Return the base of `settings` for :meth:`Knowledge.reindex`: stale indexes are accepted."""
    return _open(settings, with_model=False, dense_may_fail=False)[0]


def _go_on_without_chroma(
    knowledge: Knowledge, retriever: HybridRetriever, error: IndexingError
) -> None:
    try:
        knowledge.repair_lexical()
    except BaseException:
        knowledge.close()
        raise
    retriever.dense_failed(error)


def _open(
    settings: KnowledgeSettings, *, with_model: bool, dense_may_fail: bool
) -> tuple[Knowledge, HybridRetriever]:
    threading.Thread(target=_import_chroma, name="import chromadb", daemon=True).start()
    opened = ExitStack()
    try:
        store = open_base(settings)
        opened.callback(store.close)
        lexical = _open_lexical(settings)
        opened.callback(lexical.close)
        dense = _open_dense(settings, store, may_fail=dense_may_fail)
        opened.callback(dense.close)
        writer = open_writer(settings) if with_model else None
        if writer is not None:
            opened.callback(writer.generator.close)
        semantic = settings.embedder != _BUILTIN
        retriever = HybridRetriever(
            store,
            dense=dense,
            lexical=lexical,
            dense_weight=SEMANTIC_DENSE_WEIGHT if semantic else BUILTIN_DENSE_WEIGHT,
        )
        return Knowledge(
            store=store,
            indexes=Indexes(dense, lexical),
            retriever=retriever,
            limits=_limits(settings),
            read=reader(settings),
            writer=writer,
            fetch=lambda url: _fetcher(settings).fetch(url),
            resources=opened,
        ), retriever
    except BaseException:
        opened.close()
        raise


def _import_chroma() -> None:
    """Import Chroma beside the rest: most of a start is that import (two seconds)."""
    import chromadb  # noqa: F401 - what follows finds it in sys.modules


def open_base(settings: KnowledgeSettings) -> SqlArticleStore:
    """Return the database alone; the data folder is made if needed.

    Raises:
        StoreError: the folder or the database cannot be opened.
    """
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"Le dossier de données {folder} ne peut pas être créé, {french_reason(error)} : "
            "corrigez cela ou SOURCIER_DATA_DIR.",
            subject=str(folder),
        ) from error
    return open_store(settings.database_url or settings.sqlite_path)


def open_indexes(
    settings: KnowledgeSettings, store: SqlArticleStore
) -> tuple[ChromaIndex, LexicalIndex]:
    """Return Chroma and the lexical index of `store`.

    Raises:
        IndexingError: either cannot be opened.
        ModelFileError: the configured embedder is no embedding model.
    """
    lexical = _open_lexical(settings)
    try:
        return _chroma_opener(settings, store)(), lexical
    except BaseException:
        lexical.close()
        raise


def _open_lexical(settings: KnowledgeSettings) -> LexicalIndex:
    from knowledge.index.lexical import LexicalIndex

    return LexicalIndex(settings.data_dir / _LEXICAL_FILE)


def _open_dense(
    settings: KnowledgeSettings, store: SqlArticleStore, *, may_fail: bool
) -> OpenIndex:
    from knowledge.index.unopened import UnopenedIndex

    open_chroma = _chroma_opener(settings, store)
    try:
        return open_chroma()
    except IndexingError as error:
        if not may_fail:
            raise
        return UnopenedIndex(open_chroma, error)


def _chroma_opener(
    settings: KnowledgeSettings, store: SqlArticleStore
) -> Callable[[], ChromaIndex]:
    from knowledge.index.chroma import ChromaIndex

    return functools.partial(
        ChromaIndex,
        settings.chroma_url or settings.chroma_dir,
        embedder=open_embedder(settings),
        store_id=store.store_id,
    )


def open_embedder(settings: KnowledgeSettings) -> Embedder:
    """Return the configured embedder.

    Raises:
        ModelFileError: its file is missing, corrupt or no embedding model.
    """
    if settings.embedder == _BUILTIN:
        from knowledge.index.builtin_embedder import BuiltinEmbedder

        return BuiltinEmbedder()
    from knowledge.index.gguf_embedder import GgufEmbedder
    from knowledge.model.catalogue import resolve_model

    path = resolve_model(settings.embedder, settings.models_dir)
    return GgufEmbedder(path, threads=settings.threads)


def open_generator(settings: KnowledgeSettings, model: str) -> LlamaGenerator:
    """Return the engine of `model`: a path, a name of the catalogue, or repository:file.

    Raises:
        ModelError: it is not there, or not a chat model.
    """
    from knowledge.model.catalogue import resolve_model
    from knowledge.model.engine import LlamaGenerator

    path = resolve_model(model, settings.models_dir)
    return LlamaGenerator(
        path,
        context_tokens=settings.context_tokens,
        threads=settings.threads,
        cache_mib=settings.prompt_cache_mib,
    )


def open_writer(settings: KnowledgeSettings) -> Writer | None:
    """Return the configured chat model with its prompt; None if none is configured."""
    if settings.model is None:
        return None
    from knowledge.model.templates import template_for

    template = template_for(settings.answer_style)
    return Writer(open_generator(settings, settings.model), template)


def reader(settings: KnowledgeSettings) -> Callable[[RawDocument], ArticleDraft]:
    """Return what reads a document within the configured limits."""
    from knowledge.sources.reading import read_document

    def read(document: RawDocument) -> ArticleDraft:
        return read_document(document, max_bytes=settings.max_document_bytes, now=datetime.now(UTC))

    return read


def documents_from(
    sources: Iterable[str], settings: KnowledgeSettings
) -> Iterator[RawDocument | SourceError]:
    """Yield the documents at `sources`: web addresses, files and folders, in the order given.

    What cannot be had is yielded as its error; the rest follows.
    """
    from knowledge.sources.files import documents_in

    with ExitStack() as opened:
        fetcher = functools.cache(lambda: opened.enter_context(_fetcher(settings)))
        for source in sources:
            try:
                if _ADDRESS.match(source):
                    yield fetcher().fetch(source)
                else:
                    yield from documents_in(Path(source), max_bytes=settings.max_document_bytes)
            except SourceError as error:
                yield error


def _fetcher(settings: KnowledgeSettings) -> Fetcher:
    from knowledge.sources.fetch import Fetcher

    return Fetcher(max_bytes=settings.max_document_bytes, timeout_seconds=settings.fetch_seconds)


def _limits(settings: KnowledgeSettings) -> AnswerLimits:
    return AnswerLimits(
        passages=settings.passages,
        max_answer_tokens=settings.max_answer_tokens,
        answer_seconds=settings.answer_seconds,
        minimum_confidence=settings.minimum_confidence,
        temperature=settings.temperature,
    )
