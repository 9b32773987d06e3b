"""The stories that a reader wants, by event: which are told, and in which order. Pure.

The most covered event comes first, then the newest; within an event it is the same for stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.digest.contrasts import contrasts
from knowledge.digest.grouping import Likenesses, group
from knowledge.digest.headings import heading
from knowledge.digest.reading import ReadArticle
from knowledge.digest.stories import Story
from knowledge.digest.subjects import Wanted
from knowledge.digest.types import Contrast

MOST_TOLD = 3  # stories of one event
_COMPARED = 6  # articles of one event whose figures and names are compared


@dataclass(frozen=True)
class Event:
    """Stories about one event, in the order they are told; never none."""

    stories: tuple[Story, ...]

    @property
    def rank(self) -> tuple[int, float, str]:
        """What events are told in the order of: the most covered first, then the newest."""
        if len(self.stories) == 1:
            return self.stories[0].rank
        outlets = frozenset[str]().union(*(story.outlets for story in self.stories))
        newest = max(story.newest for story in self.stories)
        return -len(outlets), -newest, self.stories[0].lead.new.id

    @property
    def articles(self) -> tuple[ReadArticle, ...]:
        """Every article of it."""
        return tuple(member for story in self.stories for member in story.members)

    @cached_property
    def heading(self) -> str:
        """What stands above its stories, empty for one alone."""
        return heading([story.lead for story in self.stories[:_COMPARED]])

    @cached_property
    def contrasts(self) -> tuple[Contrast, ...]:
        """The figures on which its articles differ."""
        return contrasts(self.articles[:_COMPARED]) if len(self.articles) > 1 else ()


def events(stories: Sequence[Story], alike: Likenesses, wanted: Wanted) -> tuple[Event, ...]:
    """Return the events of `stories` that are wanted, in order; `alike` is by their places.

    A story is wanted if one of its articles is, which then tells it. What only others' feeds or
    outlets brought in this window is no part of it.
    """
    chosen = {
        place: told
        for place, story in enumerate(stories)
        if (told := _as_wanted(story, wanted)) is not None
    }
    found = [
        Event(tuple(sorted((chosen[place] for place in places), key=lambda story: story.rank)))
        for places in group(list(chosen), alike)
    ]
    return tuple(sorted(found, key=lambda event: event.rank))


def _as_wanted(story: Story, wanted: Wanted) -> Story | None:
    if len(story.members) == 1:
        return story if wanted.includes(story.lead) else None
    flags = [(wanted.includes(member), member) for member in story.members]
    if not any(flag for flag, _ in flags):
        return None
    known = [(flag, member) for flag, member in flags if flag or wanted.is_new_to_all(member)]
    if not known[0][0]:
        known.sort(key=lambda pair: not pair[0])
    members = tuple(member for _, member in known)
    return story if members == story.members else Story(members)
