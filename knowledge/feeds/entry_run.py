"""The work on the entries of one visit: obtained one by one, saved and remembered in batches."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from knowledge.errors import IndexingError
from knowledge.feeds.plan import Obtained, Work, remembered, replaces
from knowledge.feeds.ports import ShouldStop
from knowledge.feeds.types import EntryFailure, Feed, VisitReport, VisitStatus
from knowledge.feeds.visiting import Visiting
from knowledge.ingest import IngestReport
from knowledge.types import ArticleDraft

logger = logging.getLogger(__name__)

_MOST_FAILURES_SHOWN = 20


@dataclass(slots=True)
class EntryRun:
    """One visit's entries. `obtain` gives what is had of one, None to leave it for later."""

    feed: Feed
    tools: Visiting
    now: datetime
    should_stop: ShouldStop
    obtain: Callable[[Work], Obtained | None]
    interrupted: bool = False
    _batch: list[tuple[Work, Obtained]] = field(default_factory=list)
    _added: int = 0
    _updated: int = 0
    _summaries: int = 0
    _failures: list[EntryFailure] = field(default_factory=list)

    def take(self, work: Iterable[Work]) -> bool:
        """Work on each entry until the visit's time is over; True if some are left.

        Raises:
            StoreError: what was remembered before is stored, with its articles.
        """
        end = self.tools.clock() + self.tools.limits.seconds
        left = False
        for one in work:
            self.interrupted = self.should_stop()
            if self.interrupted or self.tools.clock() >= end:
                left = True
                break
            obtained = self.obtain(one)
            if obtained is None:
                left = True
                continue
            self._batch.append((one, obtained))
            if len(self._batch) >= self.tools.limits.batch:
                self._save()
        self._save()
        return left

    def report(
        self,
        feed: Feed,
        status: VisitStatus,
        *,
        announced: int,
        pending: bool,
        moved_from: str | None = None,
    ) -> VisitReport:
        """Return what became of the entries; `feed` is the source after the visit."""
        return VisitReport(
            feed,
            VisitStatus.INTERRUPTED if self.interrupted else status,
            announced=announced,
            added=self._added,
            updated=self._updated,
            summaries=self._summaries,
            failures=tuple(self._failures[:_MOST_FAILURES_SHOWN]),
            pending=pending,
            moved_from=moved_from,
        )

    def _save(self) -> None:
        if not self._batch:
            return
        batch, self._batch = [(work, _judged(work, had)) for work, had in self._batch], []
        drafts = [obtained.draft for _, obtained in batch if obtained.draft is not None]
        self._ingest(drafts)
        articles = self.tools.store.articles_at(draft.origin for draft in drafts)
        entries = []
        for work, obtained in batch:
            origin = obtained.draft.origin if obtained.draft is not None else ""
            entries.append(remembered(work, obtained, articles.get(origin), now=self.now))
            if obtained.error is not None:
                subject = work.entry.link or work.entry.title or work.entry.key
                self._failures.append(EntryFailure(subject, obtained.error))
        # The visit may have begun long ago, and digests left since that knew none of this.
        self.tools.store.remember(self.feed.id, entries, now=self.tools.now())

    def _ingest(self, drafts: Sequence[ArticleDraft]) -> None:
        if not drafts:
            return
        try:
            report = self.tools.ingest(drafts)
        except IndexingError as error:  # the articles are saved; the indexes are mended later
            logger.warning("Articles suivis, à indexer plus tard : %s", error.message)
            report = IngestReport()
        self._added += report.added
        self._updated += report.updated
        self._summaries += sum(draft.summary_only for draft in drafts)
        self._failures += [EntryFailure(one.subject, one.message) for one in report.failures]


def _judged(work: Work, obtained: Obtained) -> Obtained:
    """Return what was had, without the draft if it must not replace the article that is stored.

    A whole article that is stored is no failure, whatever its page says today.
    """
    kept = obtained if replaces(obtained, work.seen) else replace(obtained, draft=None)
    seen = work.seen
    whole = seen is not None and seen.article_id is not None and not seen.summary_only
    return replace(kept, error=None) if whole else kept
