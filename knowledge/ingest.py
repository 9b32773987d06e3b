"""Ingestion: read, segment, save; the one module that knows the order of these steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from knowledge.errors import SourceError, SourcierError, StoreError, UnreadableDocumentError
from knowledge.ports import ArticleStore, SaveOutcome, SaveStatus, SegmentedText
from knowledge.types import ArticleDraft, ArticleId, RawDocument

DEFAULT_BATCH = 64  # articles of one transaction


@dataclass(frozen=True, slots=True)
class IngestFailure:
    """A document that did not become an article: which one, and the French reason."""

    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the documents; `changed` names the articles added or updated, in order."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failures: tuple[IngestFailure, ...] = ()
    changed: tuple[ArticleId, ...] = ()

    @property
    def failed(self) -> int:
        """How many documents did not become an article."""
        return len(self.failures)

    @property
    def total(self) -> int:
        """How many documents there were."""
        return self.added + self.updated + self.unchanged + self.failed


class IngestStoppedError(StoreError):
    """The store refused in the middle; `report` tells what is safely in it."""

    def __init__(self, cause: StoreError, report: IngestReport) -> None:
        super().__init__(
            f"{cause.message} (Avant l’arrêt : {report.added} articles ajoutés, "
            f"{report.updated} mis à jour, {report.unchanged} inchangés.)",
            subject=cause.subject,
            retryable=cause.retryable,
        )
        self.report = report


def ingest_documents(
    documents: Iterable[RawDocument | ArticleDraft | SourceError],
    *,
    read: Callable[[RawDocument], ArticleDraft],
    segment: Callable[[str], SegmentedText],
    store: ArticleStore,
    now: Callable[[], datetime],
    report: Callable[[int], None] | None = None,
    batch_size: int = DEFAULT_BATCH,
) -> IngestReport:
    """Read each document, segment its text and save it, `batch_size` articles a transaction.

    A document may be an article draft, read already. A SourceError among the documents, or one
    raised by `read`, is counted as a failure and the rest goes on. `report` is told how many
    documents are dealt with, saved ones after their transaction. Iterating `documents` may
    itself fetch or read files.

    Raises:
        StoreError: the disk is full, the database busy or refused; what was committed before
            is intact, and the same documents may be ingested again. It is chained under the
            IngestStoppedError that carries the report so far.
    """
    if batch_size < 1:
        raise ValueError(f"a batch holds at least one article, not {batch_size}")
    run = _Run(store, now, report, batch_size)
    for document in documents:
        if isinstance(document, SourceError):
            run.fail(document, document.subject or "?")
            continue
        try:
            draft = document if isinstance(document, ArticleDraft) else read(document)
            _require_storable(draft)
            run.add(draft, segment(draft.text))
        except SourceError as error:
            run.fail(error, error.subject or document.origin)
    run.save()
    return run.result()


class _Run:
    """One ingestion: the batch that waits, and what became of the others."""

    def __init__(
        self,
        store: ArticleStore,
        now: Callable[[], datetime],
        report: Callable[[int], None] | None,
        batch_size: int,
    ) -> None:
        self._store = store
        self._now = now
        self._report = report
        self._batch_size = batch_size
        self._waiting: list[tuple[ArticleDraft, SegmentedText]] = []
        self._statuses: Counter[SaveStatus] = Counter()
        self._changed: list[ArticleId] = []
        self._failures: list[IngestFailure] = []

    def add(self, draft: ArticleDraft, segmented: SegmentedText) -> None:
        """Take a draft into the batch, saved when it is complete."""
        self._waiting.append((draft, segmented))
        if len(self._waiting) >= self._batch_size:
            self.save()

    def fail(self, error: SourcierError, subject: str) -> None:
        """Count a document that is no article."""
        self._failures.append(IngestFailure(subject, error.message))
        self._tell()

    def save(self) -> None:
        """Commit the batch that waits."""
        try:
            outcomes = self._store.save_many(self._waiting, now=self._now())
        except StoreError as error:
            raise IngestStoppedError(error, self.result()) from error
        self._waiting = []
        for outcome in outcomes:
            self._count(outcome)
        self._tell()

    def _count(self, outcome: SaveOutcome) -> None:
        self._statuses[outcome.status] += 1
        if outcome.status is not SaveStatus.UNCHANGED:
            self._changed.append(outcome.article.id)

    def _tell(self) -> None:
        if self._report is not None:
            self._report(self._statuses.total() + len(self._failures))

    def result(self) -> IngestReport:
        """Return what became of the documents so far."""
        return IngestReport(
            added=self._statuses[SaveStatus.ADDED],
            updated=self._statuses[SaveStatus.UPDATED],
            unchanged=self._statuses[SaveStatus.UNCHANGED],
            failures=tuple(self._failures),
            changed=tuple(dict.fromkeys(self._changed)),
        )


def _require_storable(draft: ArticleDraft) -> None:
    """Refuse half characters (lone surrogates), which no database can hold."""
    try:
        for value in (draft.text, draft.title, draft.outlet, draft.author, *draft.contributors):
            (value or "").encode()
    except UnicodeEncodeError as error:
        raise UnreadableDocumentError(
            f"{draft.origin} : le texte contient des caractères abîmés ; enregistrez-le en UTF-8.",
            subject=draft.origin,
        ) from error
