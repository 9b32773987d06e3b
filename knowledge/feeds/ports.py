"""What following feeds needs of the rest: the network, the database, the base of articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from knowledge.feeds.types import Feed, FeedId, SeenEntry
from knowledge.ingest import IngestReport
from knowledge.sources.responses import Fetched, Validators
from knowledge.types import ArticleDraft, ArticleId

Fetch = Callable[[str, Validators | None], Fetched]
"""Fetches an address within its limits; raises SourceError. Called by several threads."""

Ingest = Callable[[Sequence[ArticleDraft]], IngestReport]
"""Saves and indexes drafts; raises StoreError or IndexingError. Called by several threads."""

ShouldStop = Callable[[], bool]


class FeedStore(Protocol):
    """The followed sources and what was seen in them.

    Called by several threads; each call is one transaction. Every method raises StoreError.
    """

    def add(self, feeds: Sequence[Feed]) -> tuple[Feed, ...]:
        """Store those of `feeds` whose address is not followed yet, and return them."""

    def save(self, feed: Feed) -> bool:
        """Store how `feed` stands; False where it was removed or its address is another's.

        `told_at` is only ever cleared here, so that telling meanwhile is not forgotten.
        """

    def remove(self, feed: FeedId) -> bool:
        """Forget a source and its entries, not its articles; False if it is unknown."""

    def feed(self, feed: FeedId) -> Feed | None:
        """Return a source."""

    def feeds(self) -> tuple[Feed, ...]:
        """Return every source, by name of outlet or title, then address."""

    def claim(self, now: datetime, *, lease: timedelta, limit: int) -> tuple[Feed, ...]:
        """Return active sources due at `now`, the longest due first, and put off their visit.

        No other process gets them until `lease` has passed; saving them ends it.
        """

    def told(self, feed: FeedId, now: datetime) -> None:
        """Remember that an administrator was told of the present failures of `feed`."""

    def seen(self, feed: FeedId, keys: Iterable[str]) -> Mapping[str, SeenEntry]:
        """Return what is remembered of those entries, by key."""

    def due_looks(self, feed: FeedId, now: datetime, *, limit: int) -> tuple[SeenEntry, ...]:
        """Return the entries whose page is to be looked at again, the longest due first."""

    def remember(self, feed: FeedId, entries: Sequence[SeenEntry], *, now: datetime) -> None:
        """Store what is known of entries at `now`; nothing where the source was removed.

        `now`, as of this call, is when the source brought their articles, unless it did before.
        """

    def forget_before(self, feed: FeedId, moment: datetime, *, keep: Iterable[str]) -> None:
        """Forget entries first seen before `moment`, but for `keep`."""

    def articles_at(self, origins: Iterable[str]) -> Mapping[str, ArticleId]:
        """Return the articles known under those origins, or whose text has a copy there."""
