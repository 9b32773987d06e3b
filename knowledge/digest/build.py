"""Articles of a window become digests: the only module that knows the order of the steps.

::

    window ─► articles ─► stories ─► those wanted ─► events, in order ─► items ─► citations checked

Every step up to the stories is done once for all who ask about one window, the reading of an
article once for all windows, and a digest once for all requests that are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from knowledge.citations import check_citations
from knowledge.digest.briefs import brief_items
from knowledge.digest.events import MOST_TOLD, Event, events
from knowledge.digest.reading import ReadArticle
from knowledge.digest.stories import WindowStories
from knowledge.digest.subjects import Wanted
from knowledge.digest.synthesis import MOST_READ, TEMPLATE, DigestLimits, Synthesis
from knowledge.digest.types import (
    Digest,
    DigestGroup,
    DigestItem,
    DigestRequest,
    DigestStyle,
    NewArticle,
    Subjects,
    Window,
)
from knowledge.ports import ArticleStore
from knowledge.types import AnswerMode

if TYPE_CHECKING:
    from knowledge.answer import Writer


class NewsStore(ArticleStore, Protocol):
    """A store that knows what is new."""

    def new_articles(self, window: Window) -> tuple[NewArticle, ...]:
        """Return the current articles of `window` with their sentences, in no given order."""
        ...


def build_digests(
    requests: Sequence[DigestRequest],
    *,
    store: NewsStore,
    now: datetime,
    writer: Writer | None = None,
    should_stop: Callable[[], bool] | None = None,
    limits: DigestLimits | None = None,
) -> tuple[Digest | None, ...]:
    """Return one digest a request, in order; None where nothing new is wanted.

    A synthesis is written where `writer` is given and in time (`limits` are for the whole call);
    where it fails, is late or abstains, the news of that event are quoted instead. `now` is the
    date that the model is told.

    Raises:
        CitationError: a quotation is not the stored text; nothing may be sent.
        GenerationCancelledError: `should_stop` returned True while a model wrote.
        StoreError: the store failed.
    """
    synthesis = Synthesis(writer, limits or DigestLimits(), now, should_stop)
    desk = _Desk(store, synthesis)
    built = {request: desk.digest(request) for request in dict.fromkeys(requests)}
    told = [digest for digest in built.values() if digest is not None]
    check_citations((citation for digest in told for citation in digest.citations), store)
    return tuple(built[request] for request in requests)


@dataclass
class _Desk:
    """What was read for one call, kept for the requests that follow."""

    store: NewsStore
    synthesis: Synthesis
    _articles: dict[tuple[str, int], ReadArticle] = field(default_factory=dict)
    _windows: dict[Window, WindowStories] = field(default_factory=dict)
    _events: dict[tuple[Window, Subjects], tuple[Event, ...]] = field(default_factory=dict)
    _briefs: dict[tuple[tuple[str, ...], int], tuple[DigestItem, ...]] = field(default_factory=dict)

    def digest(self, request: DigestRequest) -> Digest | None:
        """Return the digest of one request."""
        wanted = self._wanted(request.window, request.subjects)
        if not wanted:
            return None
        writes = request.style is DigestStyle.SYNTHESIS and self.synthesis.is_possible
        groups: list[DigestGroup] = []
        left, told, written = request.most_items, 0, False
        for event in wanted:
            if left <= 0:
                break
            item = self.synthesis.item(event) if writes else None
            items: tuple[DigestItem, ...]
            if item is not None:
                items, count = (item,), min(len(event.stories), MOST_READ)
                written, cost = True, 1
            else:
                count = cost = min(len(event.stories), left, 1 if writes else MOST_TOLD)
                items = self._brief(event, count)
            groups.append(DigestGroup(items, event.heading if len(event.stories) > 1 else ""))
            left, told = left - cost, told + count
        return Digest(
            tuple(groups),
            request.window,
            AnswerMode.MODEL if written else AnswerMode.EXTRACT,
            sum(len(event.stories) for event in wanted) - told,
            TEMPLATE if written else None,
        )

    def _wanted(self, window: Window, subjects: Subjects) -> tuple[Event, ...]:
        key = (window, subjects)
        if key not in self._events:
            stories = self._stories(window)
            self._events[key] = events(
                stories.stories, stories.likenesses, Wanted(subjects, window)
            )
        return self._events[key]

    def _stories(self, window: Window) -> WindowStories:
        if window not in self._windows:
            self._windows[window] = WindowStories(
                [self._read(new) for new in self.store.new_articles(window)]
            )
        return self._windows[window]

    def _read(self, new: NewArticle) -> ReadArticle:
        """Return what was read of that very version in another window, or its reading."""
        key = (new.id, new.article.version)
        return self._articles.setdefault(key, ReadArticle(new))

    def _brief(self, event: Event, most: int) -> tuple[DigestItem, ...]:
        key = (tuple(member.new.id for member in event.articles), most)
        if key not in self._briefs:
            self._briefs[key] = brief_items(event, most)
        return self._briefs[key]
