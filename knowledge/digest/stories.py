"""The articles of a window as stories: what several outlets published alike is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.digest.duplicates import same_stories
from knowledge.digest.grouping import Likenesses, likenesses
from knowledge.digest.reading import ReadArticle
from knowledge.digest.types import Source
from knowledge.text.french import fold


@dataclass(frozen=True)
class Story:
    """Articles that are one text, in the order in which one of them is chosen to tell it.

    Those that are more than a summary come first, then the oldest.
    """

    members: tuple[ReadArticle, ...]

    @property
    def lead(self) -> ReadArticle:
        """The article that tells it."""
        return self.members[0]

    @cached_property
    def outlets(self) -> frozenset[str]:
        """The outlets that published it, folded; one without a name is its article's id."""
        return frozenset(
            name for member in self.members for name in member.outlets or {member.new.id}
        )

    @cached_property
    def newest(self) -> float:
        """When the newest of its articles was published, as a POSIX time."""
        return max(member.new.moment.timestamp() for member in self.members)

    @cached_property
    def rank(self) -> tuple[int, float, str]:
        """What stories are told in the order of: the most covered first, then the newest."""
        return -len(self.outlets), -self.newest, self.lead.new.id

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The other places where it was published, once an outlet, the oldest first."""
        seen = {_place(Source.of(self.lead.new.article))}
        found = []
        for source in sorted(self._published(), key=_by_time):
            if _place(source) not in seen:
                seen.add(_place(source))
                found.append(source)
        return tuple(found)

    def _published(self) -> Iterator[Source]:
        for member in self.members:
            yield Source.of(member.new.article)
            for copy in member.new.copies:
                yield Source(copy.outlet, copy.url, copy.published)


def _place(source: Source) -> str:
    return fold(source.outlet) if source.outlet else f"url {source.url}"


def _by_time(source: Source) -> tuple[bool, str, str, str]:
    published = source.published.isoformat() if source.published else ""
    return not published, published, source.outlet or "", source.url or ""


class WindowStories:
    """The stories of one window: found once, whoever asks for some of them."""

    def __init__(self, articles: Sequence[ReadArticle]) -> None:
        told = sorted((one for one in articles if one.sentences), key=_first_to_tell)
        self.stories = tuple(_merged(told))

    @cached_property
    def likenesses(self) -> Likenesses:
        """How alike the stories are, by their places."""
        return likenesses([story.lead for story in self.stories])


def _first_to_tell(article: ReadArticle) -> tuple[bool, str, str]:
    new = article.new
    return new.article.summary_only, new.moment.isoformat(), new.id


def _merged(articles: Sequence[ReadArticle]) -> Iterator[Story]:
    """Yield the stories of `articles`, in the order of their first members."""
    first = list(range(len(articles)))

    def root(place: int) -> int:
        while first[place] != place:
            place = first[place]
        return place

    for one, other in same_stories([article.shingles for article in articles]):
        low, high = sorted((root(one), root(other)))
        first[high] = low
    members: defaultdict[int, list[ReadArticle]] = defaultdict(list)
    for place, article in enumerate(articles):
        members[root(place)].append(article)
    return (Story(tuple(told)) for told in members.values())
