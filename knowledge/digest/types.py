"""The values of a digest: what is asked for, and what is told.

All are frozen; a broken invariant raises ``ValueError`` on construction. Times are aware UTC.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from knowledge.articles import Article, ArticleId, Sentence, require_utc
from knowledge.types import AnswerMode, Citation, Claim

OLDEST = timedelta(days=7)
"""No digest tells of what is older."""

MOST_SUBJECTS = 30  # of each kind
LONGEST_SUBJECT = 80  # characters of one
MOST_ITEMS = 20


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a reader wants to read about; an empty kind is no limit.

    An article is wanted if it has one of `words` (each a word or words that stand together) and
    none of `avoid`, is of one of `outlets` and came by one of `feeds` (their ids).

    Values are normalised on construction (blanks, order, repeats whatever their case), so that
    two readers who want the same share one digest.

    Raises:
        ValueError: more than 30 of a kind, or one of more than 80 characters.
    """

    words: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for kind in ("words", "avoid", "outlets", "feeds"):
            object.__setattr__(self, kind, _normalised(getattr(self, kind)))

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.words or self.avoid or self.outlets or self.feeds)


def _normalised(values: Iterable[str]) -> tuple[str, ...]:
    known: dict[str, str] = {}
    for value in values:
        bare = " ".join(unicodedata.normalize("NFC", value).split())
        if len(bare) > LONGEST_SUBJECT:
            raise ValueError(f"a subject has at most {LONGEST_SUBJECT} characters")
        if bare:
            known.setdefault(bare.casefold(), bare)
    if len(known) > MOST_SUBJECTS:
        raise ValueError(f"at most {MOST_SUBJECTS} subjects of a kind")
    return tuple(known[key] for key in sorted(known))


class WindowBasis(StrEnum):
    """By which date an article belongs to a window.

    ``ARRIVAL``: when it was first saved; where a reader chose feeds or outlets, when it had first
    come by one of them. Windows that follow one another then share no article and lose none,
    however late it came; a subscription needs that. ``PUBLICATION``: when it was published, or
    its arrival where that is unknown; what a reader means by «hier».
    """

    ARRIVAL = "arrival"
    PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open interval ``[since, until)``, of a week at most: `since` is moved if needed.

    Raises:
        ValueError: a time is not in UTC, or `since` is not before `until`.
    """

    since: datetime
    until: datetime
    basis: WindowBasis = WindowBasis.ARRIVAL

    def __post_init__(self) -> None:
        require_utc(self.since, "since")
        require_utc(self.until, "until")
        if self.since >= self.until:
            raise ValueError("a window ends after it begins")
        object.__setattr__(self, "since", max(self.since, self.oldest))

    @property
    def oldest(self) -> datetime:
        """The time before which nothing is told, whenever it was saved."""
        return self.until - OLDEST

    def has(self, published: datetime | None, arrived: datetime) -> bool:
        """Tell whether what came then belongs here; see :class:`WindowBasis`."""
        if self.basis is WindowBasis.PUBLICATION and published is not None:
            return self.since <= published < self.until
        return self.since <= arrived < self.until


class DigestStyle(StrEnum):
    """``breves``: one quoted sentence an article; ``synthese``: a few written lines a subject."""

    BRIEFS = "breves"
    SYNTHESIS = "synthese"


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """What decides a digest's content: equal requests share one digest.

    Raises:
        ValueError: `most_items` is not in 1..20.
    """

    window: Window
    subjects: Subjects = field(default_factory=Subjects)
    style: DigestStyle = DigestStyle.BRIEFS
    most_items: int = 7

    def __post_init__(self) -> None:
        if not 1 <= self.most_items <= MOST_ITEMS:
            raise ValueError(f"a digest has 1 to {MOST_ITEMS} items")


@dataclass(frozen=True, slots=True)
class Copy:
    """The same text under another origin, which the store keeps once."""

    outlet: str | None
    url: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """When an article first came by a feed (`name` is its id) or from an outlet (its name)."""

    name: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as a digest reads it: its sentences in order, and how it came.

    `saved_at` is when its first version was saved. `by_feeds` are the feeds that announced it,
    `by_outlets` its outlets, unless it was of that one from the first on.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    saved_at: datetime
    copies: tuple[Copy, ...] = ()
    by_feeds: tuple[Arrival, ...] = ()
    by_outlets: tuple[Arrival, ...] = ()

    def __post_init__(self) -> None:
        require_utc(self.saved_at, "saved_at")

    @property
    def id(self) -> ArticleId:
        """The article's id."""
        return self.article.id

    @property
    def moment(self) -> datetime:
        """When it was published, or first saved where that is unknown."""
        return self.article.published or self.saved_at

    @property
    def outlets(self) -> frozenset[str]:
        """Every outlet that is known to have published this very text."""
        named = (self.article.outlet, *(copy.outlet for copy in self.copies))
        return frozenset(outlet for outlet in named if outlet)


@dataclass(frozen=True, slots=True)
class Source:
    """Another place where the same story was published."""

    outlet: str | None
    url: str | None
    published: datetime | None

    @classmethod
    def of(cls, article: Article) -> Source:
        """Return where `article` was published."""
        return cls(article.outlet, article.url, article.published)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Sentences of different articles that give different figures for the same thing.

    Oldest first; the highlight of each is the figure. Nobody says which is right.
    """

    citations: tuple[Citation, ...]

    def __post_init__(self) -> None:
        if len({citation.article.id for citation in self.citations}) < 2:
            raise ValueError("a contrast is between articles")


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One piece of news.

    `article` is the one that it is told from, or the first of those that a written item cites.
    A quoted item has one claim without text. `sources` are the other places of the same story,
    so that it has ``1 + len(sources)`` of them.
    """

    article: Article
    claims: tuple[Claim, ...]
    sources: tuple[Source, ...] = ()
    figures: tuple[Contrast, ...] = ()

    def __post_init__(self) -> None:
        if not self.claims:
            raise ValueError("an item says something")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every quotation of it, those of its figures last."""
        said = [citation for claim in self.claims for citation in claim.citations]
        told = [citation for contrast in self.figures for citation in contrast.citations]
        return (*said, *told)


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """Items about one subject or event; `heading` is empty where there is only one."""

    items: tuple[DigestItem, ...]
    heading: str = ""

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("a group holds an item")


@dataclass(frozen=True, slots=True)
class Digest:
    """What is told of a window, the most covered and the newest first; never empty.

    `left_out` counts the stories that were wanted beyond the greatest number of items.
    `prompt_version` is None where no model wrote.
    """

    groups: tuple[DigestGroup, ...]
    window: Window
    mode: AnswerMode = AnswerMode.EXTRACT
    left_out: int = 0
    prompt_version: str | None = None

    def __post_init__(self) -> None:
        if not self.groups:
            raise ValueError("a digest tells something; nothing new is None")
        if (self.mode is AnswerMode.MODEL) != (self.prompt_version is not None):
            raise ValueError("a digest names the prompt that it was written with, and no other")

    @property
    def items(self) -> tuple[DigestItem, ...]:
        """The items of all groups, in the order they are shown."""
        return tuple(item for group in self.groups for item in group.items)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every quotation, in the order they are shown."""
        return tuple(citation for item in self.items for citation in item.citations)
