"""What whoever looks after a base may do to it while it is asked: add, list, remove, examine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from knowledge.articles import article_id
from knowledge.errors import IndexingError, SourceError, StoreError
from knowledge.holdings import Added, ArticleEntry, BaseState, Listing, Origin
from knowledge.ports import SaveStatus
from knowledge.store.listing import SCHEMA_VERSION, entry, list_entries, pending_rows

if TYPE_CHECKING:
    from knowledge.ingest import IngestReport
    from knowledge.service import Knowledge
    from knowledge.types import ArticleDraft, ArticleId, RawDocument

# Passages of one write to Chroma, which keeps every other thread waiting meanwhile: with 32,
# about 20 ms, where whoever asks a question does not notice.
SMALL_BATCH = 32


class Library:
    """The base of one :class:`~knowledge.service.Knowledge`; for any thread, adding in turn."""

    def __init__(self, knowledge: Knowledge, *, fetch: Callable[[str], RawDocument] | None) -> None:
        self._knowledge = knowledge
        self._fetch = fetch
        self._database = knowledge.store.database

    def fetch(self, url: str) -> RawDocument:
        """Return the document at `url`; see :class:`knowledge.sources.fetch.Fetcher`.

        Raises:
            FetchError, SourceError: it cannot be had, or must not be visited.
        """
        if self._fetch is None:
            raise SourceError("Cette base ne lit pas les adresses.", subject=url)
        return self._fetch(url)

    def add(self, document: RawDocument, origin: Origin | None = None) -> Added:
        """Read the document, save its article and index it in small steps.

        Raises:
            SourceError: it holds no article; nothing is changed.
            StoreError: nothing is changed.
        """
        draft = _completed(self._knowledge.read(document), origin or Origin())
        indexed = True
        before = self._current(draft)
        try:
            report = self._knowledge.ingest([draft], index_batch=SMALL_BATCH)
        except IndexingError:
            indexed = False
            after = self._current(draft)
            return Added(_status(before, after), after or _entry_of(draft), indexed)
        if report.failures:
            raise SourceError(report.failures[0].message, subject=draft.origin)
        status = SaveStatus.UNCHANGED
        if report.changed:
            status = SaveStatus.ADDED if report.added else SaveStatus.UPDATED
        return Added(status, self._current(draft) or _entry_of(draft), indexed)

    def read(self, document: RawDocument) -> ArticleDraft:
        """Return the article of a document. Raises SourceError where it holds none."""
        return self._knowledge.read(document)

    def take(self, drafts: Sequence[ArticleDraft]) -> IngestReport:
        """Save drafts and index them in small steps.

        Raises:
            StoreError, IndexingError: see :meth:`knowledge.service.Knowledge.ingest`.
        """
        return self._knowledge.ingest(drafts, index_batch=SMALL_BATCH)

    def articles(self, *, words: str = "", limit: int = 50, offset: int = 0) -> Listing:
        """Return current articles; see :func:`knowledge.store.listing.list_entries`."""
        return list_entries(self._database, words=words, limit=limit, offset=offset)

    def article(self, identifier: ArticleId) -> ArticleEntry | None:
        """Return one current article."""
        return entry(self._database, identifier)

    def article_at(self, address: str) -> ArticleEntry | None:
        """Return the current article at a web address, whatever its form; None if there is none."""
        from knowledge.sources.addresses import canonical_url

        try:
            return self.article(article_id(canonical_url(address)))
        except SourceError:
            return None

    def remove(self, identifier: ArticleId, *, now: datetime) -> ArticleEntry | None:
        """Take an article out of search and return what it was; None if there is none.

        Search never shows it again, even where an index cannot be changed at once; what was
        quoted from it stays resolvable.

        Raises:
            StoreError: nothing is changed.
        """
        found = self.article(identifier)
        if found is None or not self._knowledge.store.remove(identifier, now=now):
            return None
        try:
            self._knowledge.ingest((), index_batch=SMALL_BATCH)  # the indexes follow
        except (IndexingError, StoreError):
            return found  # the queue says what is left to do, and search asks the store
        return found

    def state(self) -> BaseState:
        """Return how the base fares.

        Raises:
            StoreError: not at all.
        """
        knowledge = self._knowledge
        summary = knowledge.summary()
        return BaseState(
            model=knowledge.writer.generator.name if knowledge.writer else None,
            articles=summary.articles,
            passages=summary.passages,
            pending=pending_rows(self._database),
            dense_error=self._dense_error(summary.passages),
            schema=SCHEMA_VERSION,
        )

    def _dense_error(self, passages: int) -> str | None:
        try:
            held = self._knowledge.indexes.dense.count()
        except IndexingError as error:
            return error.message
        if held < passages:
            return f"il manque {passages - held} passages sur {passages}"
        return None

    def _current(self, draft: ArticleDraft) -> ArticleEntry | None:
        return self.article(article_id(draft.origin))


def _completed(draft: ArticleDraft, origin: Origin) -> ArticleDraft:
    return replace(
        draft,
        title=origin.title or draft.title,
        outlet=draft.outlet or origin.outlet,
        published=draft.published or origin.published,
    )


def _status(before: ArticleEntry | None, after: ArticleEntry | None) -> SaveStatus:
    if before is None:
        return SaveStatus.ADDED
    return SaveStatus.UNCHANGED if before == after else SaveStatus.UPDATED


def _entry_of(draft: ArticleDraft) -> ArticleEntry:
    """Return the entry of a text that the base holds under another origin."""
    from knowledge.text.segmentation import segment

    return ArticleEntry(
        article_id(draft.origin),
        draft.title,
        draft.outlet,
        draft.published,
        draft.url,
        len(segment(draft.text).sentences),
    )
