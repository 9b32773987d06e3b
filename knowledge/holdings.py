"""What a base holds, as whoever looks after it sees it: articles without their text. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from knowledge.ports import SaveStatus
from knowledge.types import ArticleId


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """The current version of an article, without its text; `sentences` is how many it has."""

    id: ArticleId
    title: str
    outlet: str | None
    published: datetime | None
    url: str | None
    sentences: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of the articles, and how many there are in all."""

    entries: tuple[ArticleEntry, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Origin:
    """What whoever adds a document knows of it: the title wins, the rest fills what it lacks."""

    title: str | None = None
    outlet: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a document did, and the article that the base now holds for it.

    `indexed` is False where Chroma could not be filled: the article is found by its words alone.
    """

    status: SaveStatus
    article: ArticleEntry
    indexed: bool = True


@dataclass(frozen=True, slots=True)
class BaseState:
    """How a base fares; `dense_error` says in French what is wrong with Chroma, None if nothing.

    `pending` counts the changes that the indexes do not have yet; `schema` is the database's.
    """

    model: str | None
    articles: int
    passages: int
    pending: int
    dense_error: str | None
    schema: str
