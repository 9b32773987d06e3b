"""What the use cases need from the outside, as protocols; adapters are named in bootstrap only.

Thread rule for all of them: one object is used by one thread at a time unless its protocol
says otherwise. Errors that may leave a port are those of :mod:`knowledge.errors` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from knowledge.types import (
    Article,
    ArticleDraft,
    ArticleId,
    Hit,
    Passage,
    PassageId,
    Prompt,
    SearchFilter,
    Sentence,
    Span,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SaveStatus(StrEnum):
    """What saving a draft did."""

    ADDED = "added"
    UPDATED = "updated"  # same origin, changed text: a new version
    UNCHANGED = "unchanged"  # same origin and text, or the same text under another origin


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """`article` is what the store now holds for that draft (for a twin, the one kept)."""

    status: SaveStatus
    article: Article


@dataclass(frozen=True, slots=True)
class SegmentedText:
    """The sentences and passages of a text, as spans; passages are ranges of sentence indexes.

    `speech` has one entry a sentence. Each passage is ``(first, last)``, inclusive, in order.
    """

    sentences: tuple[Span, ...]
    speech: tuple[str | None, ...]
    passages: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class BaseSummary:
    """What the base holds now: current versions only; `newest` is a publication time."""

    articles: int
    sentences: int
    passages: int
    newest: datetime | None
    outlets: tuple[str, ...]


class ArticleStore(Protocol):
    """The truth. Every method may raise :class:`~knowledge.errors.StoreError`.

    Safe to use from several threads; each call is one transaction.
    """

    def save(self, draft: ArticleDraft, segmented: SegmentedText, *, now: datetime) -> SaveOutcome:
        """Store the draft with its sentences, passages and the rows «to index», or nothing."""
        ...

    def save_many(
        self, drafts: Sequence[tuple[ArticleDraft, SegmentedText]], *, now: datetime
    ) -> tuple[SaveOutcome, ...]:
        """Save several drafts in one transaction; one outcome a draft, in order."""
        ...

    def remove(self, article_id: ArticleId, *, now: datetime) -> bool:
        """Take an article out of search (its versions stay resolvable); False if unknown."""
        ...

    def article(self, article_id: ArticleId, version: int | None = None) -> Article | None:
        """Return that version, or the current one; None if there is none."""
        ...

    def articles(self, article_ids: Iterable[ArticleId]) -> Mapping[ArticleId, Article]:
        """Return the current versions of those articles that exist and are not removed."""
        ...

    def list_articles(self, *, limit: int = 50, offset: int = 0) -> tuple[Article, ...]:
        """Return current articles, the newest publication first, unknown dates last."""
        ...

    def sentences(self, article_id: ArticleId, version: int) -> tuple[Sentence, ...]:
        """Return the sentences of that version in order; empty if unknown."""
        ...

    def sentences_of(self, passages: Sequence[Passage]) -> Mapping[PassageId, tuple[Sentence, ...]]:
        """Return the sentences of each passage, in order, in one round trip."""
        ...

    def passages(self, passage_ids: Sequence[PassageId]) -> Mapping[PassageId, Passage]:
        """Return the passages that exist and are current, by id."""
        ...

    def summary(self) -> BaseSummary:
        """Return what the base holds."""
        ...


class Embedder(Protocol):
    """Text to vectors of unit length (float32). Deterministic. `name` changes with the output.

    `name` is written in the index and compared at start, so it must change whenever the same
    text would give another vector (model file, pooling, prefix, algorithm version).
    """

    @property
    def name(self) -> str:
        """What identifies this embedder's output."""
        ...

    @property
    def dimension(self) -> int:
        """The length of its vectors."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a text; a text without words gives a fixed unit vector."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question, shape ``(dimension,)``."""
        ...


class PassageIndex(Protocol):
    """An index of passages, derived from the store. Raises IndexingError.

    Reading and writing may happen in different threads.
    """

    def search(
        self, query: str, *, limit: int, where: SearchFilter | None = None
    ) -> tuple[tuple[PassageId, float], ...]:
        """Return passage ids with scores, best first; empty if nothing matches."""
        ...


class Retriever(Protocol):
    """From a question to the passages worth reading."""

    def search(
        self, query: str, *, limit: int, now: datetime, where: SearchFilter | None = None
    ) -> tuple[Hit, ...]:
        """Return at most `limit` hits of current passages, best first."""
        ...


class FinishReason(StrEnum):
    """Why a generation ended. Only STOP means that the answer is whole."""

    STOP = "stop"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of generated text. `finish` is set on the last one only (its text may be empty)."""

    text: str
    finish: FinishReason | None = None


class Generator(Protocol):
    """A language model. Thread-safe: calls from many threads are served by one engine thread."""

    @property
    def name(self) -> str:
        """The model's name, for `Answer` and `/statut`."""
        ...

    @property
    def context_tokens(self) -> int:
        """How many tokens a prompt and its answer may have together."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of untrusted `text` (no special token is recognised)."""
        ...

    def complete(
        self,
        prompt: Prompt,
        *,
        grammar: str | None,
        max_tokens: int,
        deadline: float | None = None,
        should_stop: Callable[[], bool] | None = None,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> Iterator[Token]:
        """Yield the answer's pieces.

        `deadline` is a time of ``time.monotonic()``. Raises ContextTooSmallError before any
        work, GrammarError, GenerationTimeoutError, GenerationCancelledError (`should_stop`
        returned True between tokens, or the iterator was closed), ModelError.
        """
        ...

    def close(self) -> None:
        """End the engine; running generations are cancelled."""
        ...
