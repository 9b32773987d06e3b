"""What a visit has to do, and what it remembers afterwards. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge.feeds.schedule import next_look, next_try
from knowledge.feeds.types import FeedEntry, SeenEntry
from knowledge.sources.responses import NO_VALIDATORS, Validators
from knowledge.types import ArticleDraft, ArticleId

_LEAST_KEPT = 0.5  # of a stored article's length; less, and the page shows another thing


class Reason(StrEnum):
    """Why an entry is worked on."""

    NEW = "new"
    CHANGED = "changed"
    LOOK = "look"  # its page may have been corrected, or can be had by now


@dataclass(frozen=True, slots=True)
class Work:
    """An entry to be worked on; `seen` is what is remembered of it, None if it is new."""

    entry: FeedEntry
    reason: Reason
    seen: SeenEntry | None = None

    @property
    def validators(self) -> Validators:
        """What to show the server of the entry's page."""
        return self.seen.validators if self.seen is not None else NO_VALIDATORS


class Source(StrEnum):
    """Where the text of an article came from."""

    FEED = "feed"  # whole, in the feed itself
    PAGE = "page"
    SUMMARY = "summary"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Obtained:
    """What was had of an entry: a draft, or none; `error` (French) says why not the whole article.

    `asked` tells that its page was asked for, `unmodified` that the server gave nothing new,
    `over` that asking again is of no use.
    """

    source: Source
    draft: ArticleDraft | None = None
    error: str | None = None
    asked: bool = False
    unmodified: bool = False
    over: bool = False
    validators: Validators = NO_VALIDATORS


def plan(
    entries: Iterable[FeedEntry], seen: Mapping[str, SeenEntry], looks: Iterable[SeenEntry]
) -> tuple[Work, ...]:
    """Return what to do: new entries, then changed ones, then pages to look at again.

    An entry whose article was taken out of the base is left alone.
    """
    by_key = {entry.key: entry for entry in entries}
    new = [Work(entry, Reason.NEW) for key, entry in by_key.items() if key not in seen]
    changed = [
        Work(entry, Reason.CHANGED, known)
        for key, entry in by_key.items()
        if (known := seen.get(key)) and known.content_hash != entry.content_hash
    ]
    taken = {work.entry.key for work in changed}
    again = [
        Work(by_key.get(known.key, _as_entry(known)), Reason.LOOK, known)
        for known in looks
        if known.key not in taken and known.link is not None
    ]
    return tuple(
        work for work in (*new, *changed, *again) if work.seen is None or not work.seen.removed
    )


def replaces(obtained: Obtained, seen: SeenEntry | None) -> bool:
    """Tell whether what was had may be saved over what is stored.

    A summary never replaces an article, nor does a page that lost half of it: a wall was put up
    there, and nothing was corrected.
    """
    if obtained.draft is None:
        return False
    if seen is None or seen.article_id is None or seen.summary_only:
        return True
    if obtained.draft.summary_only:
        return False
    return len(obtained.draft.text) >= _LEAST_KEPT * seen.characters


def remembered(
    work: Work, obtained: Obtained, article: ArticleId | None, *, now: datetime
) -> SeenEntry:
    """Return what is remembered of an entry once it was worked on."""
    seen, entry = work.seen, work.entry
    first_seen = seen.seen_at if seen is not None else now
    earlier = seen.looks if seen is not None and work.reason is Reason.LOOK else 0
    looks = earlier + obtained.asked
    published = entry.published or (seen.published if seen is not None else None)
    moment = None
    if obtained.source in {Source.SUMMARY, Source.NOTHING}:
        moment = None if obtained.over or not looks else next_try(looks, now=now)
    elif obtained.source is Source.PAGE:
        moment = next_look(published, seen=first_seen, looks=max(looks, 1), now=now)
    kept = work.validators if obtained.unmodified else obtained.validators
    return SeenEntry(
        key=entry.key,
        content_hash=entry.content_hash,
        seen_at=first_seen,
        link=entry.link,
        title=entry.title,
        published=published,
        article_id=article or (seen.article_id if seen is not None else None),
        error=obtained.error,
        looks=looks,
        next_look_at=moment,
        validators=kept,
    )


def _as_entry(known: SeenEntry) -> FeedEntry:
    """Return the entry that a feed announced once and no longer does."""
    return FeedEntry(
        key=known.key,
        link=known.link,
        title=known.title,
        published=known.published,
        content_hash=known.content_hash,
    )
