"""The knowledge of one data folder: what the bot, the command line and a notebook work with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from knowledge.answer import AnswerLimits, Writer, answer_question
from knowledge.errors import EmbedderMismatchError, IndexingError
from knowledge.index.sync import DEFAULT_BATCH, reindex, repair_lexical, synchronise
from knowledge.ingest import ingest_documents
from knowledge.text.segmentation import segment

if TYPE_CHECKING:
    from knowledge.digest.synthesis import DigestLimits
    from knowledge.digest.types import Digest, DigestRequest
    from knowledge.errors import SourceError
    from knowledge.index.records import DerivedIndex
    from knowledge.index.sync import ExclusiveIndex, Report, SyncReport
    from knowledge.ingest import IngestReport
    from knowledge.library import Library
    from knowledge.ports import BaseSummary, Retriever
    from knowledge.progress import OnProgress
    from knowledge.store.articles import SqlArticleStore
    from knowledge.types import Answer, ArticleDraft, Question, RawDocument, SearchFilter


@dataclass(frozen=True, slots=True)
class Indexes:
    """The two indexes of a base."""

    dense: DerivedIndex
    lexical: ExclusiveIndex


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A base that is open: ask it, feed it, close it.

    `ask` and `ingest` may be called by several threads: ingestions wait for each other. What
    else changes the base, by one thread at a time in each process (several processes may share
    a data folder).
    """

    store: SqlArticleStore
    indexes: Indexes
    retriever: Retriever
    limits: AnswerLimits
    read: Callable[[RawDocument], ArticleDraft]
    writer: Writer | None = None
    fetch: Callable[[str], RawDocument] | None = None
    resources: ExitStack = field(default_factory=ExitStack)
    ingesting: Lock = field(default_factory=Lock)

    def ask(
        self,
        question: Question,
        *,
        now: datetime,
        should_stop: Callable[[], bool] | None = None,
        where: SearchFilter | None = None,
        on_progress: OnProgress | None = None,
    ) -> Answer:
        """Return the answer; see :func:`knowledge.answer.answer_question`."""
        return answer_question(
            question,
            retriever=self.retriever,
            store=self.store,
            limits=self.limits,
            now=now,
            where=where,
            writer=self.writer,
            should_stop=should_stop,
            on_progress=on_progress,
        )

    def ingest(
        self,
        documents: Iterable[RawDocument | ArticleDraft | SourceError],
        *,
        report: Callable[[int], None] | None = None,
        report_index: Report | None = None,
        index_batch: int = DEFAULT_BATCH,
    ) -> IngestReport:
        """Save the documents' articles, then index them, `index_batch` passages at a time.

        Other ingestions of this process wait meanwhile, so a running bot gives few documents,
        fetched already. What was saved before a failure or a kill is indexed by the next call or
        opening.

        Raises:
            StoreError: what was committed before is intact.
            IndexingError: the articles are saved, and found by their words if only Chroma fails.
        """
        with self.ingesting:
            return self._ingest(documents, report, report_index, index_batch)

    def _ingest(
        self,
        documents: Iterable[RawDocument | ArticleDraft | SourceError],
        report: Callable[[int], None] | None,
        report_index: Report | None,
        index_batch: int,
    ) -> IngestReport:
        result = ingest_documents(
            documents,
            read=self.read,
            segment=segment,
            store=self.store,
            now=lambda: datetime.now(UTC),
            report=report,
        )
        try:
            self.synchronise(report=report_index, batch=index_batch)
        except EmbedderMismatchError:
            raise
        except IndexingError as error:
            self.repair_lexical()
            raise IndexingError(
                "Les articles sont enregistrés et se trouvent par leurs mots, mais Chroma ne les "
                f"a pas. {error.message} Le prochain démarrage le complétera.",
                subject=error.subject,
            ) from error
        return result

    def repair_lexical(self) -> SyncReport:
        """Bring the index of words alone to what the store holds, while Chroma fails."""
        return repair_lexical(self.store, self.indexes.lexical)

    def synchronise(
        self,
        *,
        report: Report | None = None,
        compare_ids: bool = False,
        batch: int = DEFAULT_BATCH,
    ) -> SyncReport:
        """Bring the indexes to what the store holds; see :mod:`knowledge.index.sync`."""
        return synchronise(
            self.store,
            self.indexes.dense,
            self.indexes.lexical,
            report=report,
            compare_ids=compare_ids,
            batch=batch,
        )

    def reindex(self, *, report: Report | None = None) -> SyncReport:
        """Drop both indexes and build them again from the store."""
        return reindex(self.store, self.indexes.dense, self.indexes.lexical, report=report)

    @property
    def library(self) -> Library:
        """What may be done to the base while it is asked."""
        from knowledge.library import Library

        return Library(self, fetch=self.fetch)

    def digests(
        self,
        requests: Sequence[DigestRequest],
        *,
        now: datetime,
        should_stop: Callable[[], bool] | None = None,
        limits: DigestLimits | None = None,
    ) -> tuple[Digest | None, ...]:
        """Return one digest a request; see :func:`knowledge.digest.build.build_digests`."""
        from knowledge.digest.build import build_digests  # what only digests need

        return build_digests(
            requests,
            store=self.store,
            now=now,
            writer=self.writer,
            should_stop=should_stop,
            limits=limits,
        )

    def summary(self) -> BaseSummary:
        """Return what the base holds."""
        return self.store.summary()

    def close(self) -> None:
        """Close the model, the indexes and the database, in that order."""
        self.resources.close()
