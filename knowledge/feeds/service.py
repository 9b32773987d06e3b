"""The followed sources as the command line and the bot work with them: add, list, remove, visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from knowledge.errors import FeedError
from knowledge.feeds.finding import AddedFeed, find_source, new_source, web_form
from knowledge.feeds.folder import folder_address
from knowledge.feeds.follower import FeedFollower
from knowledge.feeds.opml import Outlines, read_opml, write_opml
from knowledge.feeds.ports import FeedStore, Fetch
from knowledge.feeds.schedule import should_tell
from knowledge.feeds.types import (
    Feed,
    FeedId,
    FeedKind,
    FeedState,
    VisitReport,
)

_LONGEST_OUTLET = 200
_LEAST_MINUTES, _MOST_MINUTES = 5, 60 * 24 * 7


class CountingFeedStore(FeedStore, Protocol):
    """A feed store that also counts, for whoever looks at the sources."""

    def counts(self) -> Mapping[FeedId, tuple[int, int]]:
        """Return, for each source with entries, how many gave an article and how many none."""


@dataclass(frozen=True, slots=True)
class ImportedFeeds:
    """What came of importing a list: sources added, addresses followed already, and refused.

    `truncated` and `broken`: see :class:`knowledge.feeds.opml.Outlines`.
    """

    added: tuple[Feed, ...]
    already: int
    refused: tuple[str, ...]
    truncated: bool
    broken: bool


class Feeds:
    """The followed sources of a base. Every method may be called by any thread, and may block.

    `fetch` asks for feeds in their host's turn; `chance` draws a number from 0 to 1.
    """

    def __init__(
        self,
        store: CountingFeedStore,
        follower: FeedFollower,
        *,
        fetch: Fetch,
        interval: timedelta,
        max_entries: int,
        chance: Callable[[], float],
    ) -> None:
        self._store = store
        self._follower = follower
        self._fetch = fetch
        self._interval = interval
        self._max_entries = max_entries
        self._chance = chance

    def add(
        self,
        address: str,
        *,
        now: datetime,
        outlet: str | None = None,
        minutes: int | None = None,
        unchecked: bool = False,
        folders: bool = True,
    ) -> AddedFeed:
        """Follow the feed at `address`, the feed that the page there names, or a folder.

        It is asked for at once, unless `unchecked`, and visited as soon as visits are done.
        `minutes` (5 to 10,080) is its own time between visits. `folders` False refuses paths, for
        addresses that come from elsewhere than this machine.

        Raises:
            FeedError: a bad number of minutes, or a folder that is none.
            SourceError: the address gives no feed, or cannot be visited.
            StoreError: the database refused.
        """
        if minutes is not None and not _LEAST_MINUTES <= minutes <= _MOST_MINUTES:
            raise FeedError("Le délai entre deux visites va de 5 à 10 080 minutes.")
        address = address.strip()
        fetch = None if unchecked else self._fetch
        found = find_source(
            address, fetch=fetch, now=now, max_entries=self._max_entries, folders=folders
        )
        wanted = replace(
            found.feed,
            outlet=" ".join((outlet or "").split())[:_LONGEST_OUTLET] or None,
            interval_seconds=None if minutes is None else minutes * 60,
        )
        if self._store.add((wanted,)):
            return replace(found, feed=wanted)
        return replace(found, feed=self._again(wanted, now), already=True)

    def remove(self, wanted: str) -> Feed:
        """Follow a source no more; its articles stay. `wanted`: see :meth:`find`.

        Raises:
            FeedError: no source, or several, are meant.
            StoreError: the database refused.
        """
        feed = self.find(wanted)
        self._store.remove(feed.id)
        return feed

    def find(self, wanted: str) -> Feed:
        """Return the source with that address, id, or name (the start of an id or name serves).

        Raises:
            FeedError: no source, or several, are meant.
        """
        feeds = self._store.feeds()
        wanted = wanted.strip()
        addresses = {wanted, web_form(wanted), folder_address(Path(wanted or "."))}
        folded = wanted.casefold()
        tests: Sequence[Callable[[Feed], bool]] = (
            lambda feed: feed.id == wanted or feed.url in addresses,
            lambda feed: feed.name.casefold() == folded,
            lambda feed: feed.id.startswith(wanted) or feed.name.casefold().startswith(folded),
        )
        for test in tests if wanted else ():
            matching = [feed for feed in feeds if test(feed)]
            if len(matching) == 1:
                return matching[0]
            if matching:
                raise FeedError(
                    f"Plusieurs sources correspondent à « {wanted[:100]} ». Donnez l’adresse "
                    "entière ou l’identifiant."
                )
        raise FeedError(
            f"Aucune source suivie ne correspond à « {wanted[:100]} ». Vérifiez l’adresse dans la "
            "liste des sources."
        )

    def all(self) -> tuple[Feed, ...]:
        """Return every source, by name."""
        return self._store.feeds()

    def counts(self) -> Mapping[FeedId, tuple[int, int]]:
        """Return, for sources visited, how many entries gave an article and how many none."""
        return self._store.counts()

    def visit_due(
        self, now: datetime, *, wait_seconds: float | None = None
    ) -> tuple[VisitReport, ...]:
        """Visit what is due; see :meth:`knowledge.feeds.follower.FeedFollower.visit_due`."""
        return self._follower.visit_due(now, wait_seconds=wait_seconds)

    def visit_now(self, feeds: Sequence[Feed], now: datetime) -> tuple[VisitReport, ...]:
        """Visit those sources now, due or not."""
        return self._follower.visit_now(feeds, now)

    def failing_feeds_to_tell(self, now: datetime) -> tuple[Feed, ...]:
        """Return the sources of whose failure an administrator is to be told, once each."""
        return tuple(feed for feed in self._store.feeds() if should_tell(feed, now=now))

    def told(self, feed: FeedId, now: datetime) -> None:
        """Remember that an administrator was told of the present failure of `feed`."""
        self._store.told(feed, now)

    def import_opml(self, data: bytes, now: datetime) -> ImportedFeeds:
        """Follow the feeds of an OPML file, unchecked; their first visits are spread in time.

        Raises:
            FeedError: it is no OPML.
            StoreError: the database refused, and nothing was added.
        """
        outlines: Outlines = read_opml(data)
        wanted = [
            replace(
                new_source(one.url, FeedKind.FEED, now),
                outlet=one.name,
                next_visit_at=now + self._interval * self._chance(),
            )
            for one in outlines.feeds
        ]
        added = self._store.add(wanted)
        already = len(wanted) - len(added)
        return ImportedFeeds(added, already, outlines.refused, outlines.truncated, outlines.broken)

    def export_opml(self, now: datetime) -> bytes:
        """Return the followed feeds as an OPML file; folders mean nothing elsewhere."""
        return write_opml(self._store.feeds(), now=now)

    def stop(self, *, timeout_seconds: float = 5.0) -> bool:
        """End the visits; True if all ended in time."""
        return self._follower.stop(timeout_seconds=timeout_seconds)

    def _again(self, wanted: Feed, now: datetime) -> Feed:
        """Return the source that is followed already, active again, with what is newly wished."""
        known = next(
            feed for feed in self._store.feeds() if wanted.url == feed.url or wanted.id == feed.id
        )
        stopped = known.state is FeedState.STOPPED
        feed = replace(
            known,
            url=wanted.url,
            state=FeedState.ACTIVE,
            outlet=wanted.outlet or known.outlet,
            interval_seconds=wanted.interval_seconds or known.interval_seconds,
            failures=0 if stopped else known.failures,
            failing_since=None if stopped else known.failing_since,
            told_at=None if stopped else known.told_at,
            next_visit_at=now if stopped else known.next_visit_at,
        )
        self._store.save(feed)
        return feed
