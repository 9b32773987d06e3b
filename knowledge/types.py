"""The values that flow through Sourcier, from a document to an answer.

Conventions, true everywhere:

- A :class:`Span` is half-open, counted in code points of ``Article.text``, and for ever true:
  ``article.text[span.start:span.end] == sentence.text``.
- Ids are derived, not random, so that ingesting twice is ingesting once.
- Times are aware and in UTC. A publication time that is not known is ``None``, never guessed.
- All values are frozen; a broken invariant raises ``ValueError`` on construction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from knowledge.articles import (
    Article,
    ArticleDraft,
    ArticleId,
    Passage,
    PassageId,
    RawDocument,
    Sentence,
    Span,
    article_id,
    passage_id,
    require_utc,
    text_hash,
)

__all__ = [
    "Answer",
    "AnswerMode",
    "Article",
    "ArticleDraft",
    "ArticleId",
    "Citation",
    "Claim",
    "Evidence",
    "Exchange",
    "Hit",
    "Passage",
    "PassageId",
    "Prompt",
    "PromptMessage",
    "PromptPart",
    "Question",
    "RawDocument",
    "SearchFilter",
    "Sentence",
    "Span",
    "article_id",
    "passage_id",
    "text_hash",
]


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """What a search is limited to; None means no limit. Bounds on dates are inclusive.

    An article of unknown date passes no bound on dates.
    """

    published_from: datetime | None = None
    published_to: datetime | None = None
    outlets: frozenset[str] | None = None

    def __post_init__(self) -> None:
        require_utc(self.published_from, "published_from")
        require_utc(self.published_to, "published_to")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found; `ranks` (from 1) say which retriever found it where: why it is here."""

    passage: Passage
    score: float
    ranks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered sentence that may support a claim. Labels count from 1 within one question."""

    label: int
    sentence: Sentence
    article: Article
    score: float = 0.0

    def __post_init__(self) -> None:
        if self.label < 1:
            raise ValueError(f"labels count from 1, not {self.label}")
        if self.sentence.article_id != self.article.id:
            raise ValueError("the sentence is of another article")
        if self.sentence.version != self.article.version:
            raise ValueError("the sentence is of another version of the article")


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quotation: ``quote == article.text[span]``, proved on construction.

    `highlight`, in code points of the article's text and within `span`, is the likeliest
    short answer (a figure, a date, a name); None when there is none to mark.
    """

    article: Article
    span: Span
    quote: str
    highlight: Span | None = None
    speech: str | None = None

    def __post_init__(self) -> None:
        if not self.quote or self.span.of(self.article.text) != self.quote:
            raise ValueError(f"not an exact quotation of article {self.article.id}")
        if self.highlight is not None and not self.span.contains(self.highlight):
            raise ValueError("the highlight lies outside the quotation")

    @classmethod
    def of_sentence(
        cls, sentence: Sentence, article: Article, highlight: Span | None = None
    ) -> Citation:
        """Return the citation of `sentence`, its text copied from `article` by offset."""
        quote = sentence.span.of(article.text)
        return cls(article, sentence.span, quote, highlight, sentence.speech)


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement and the citations it rests on, never none.

    `text` is empty where the quotation speaks for itself (extracts, labels-only answers, and
    claims whose wording failed the support check).
    """

    text: str
    citations: tuple[Citation, ...]

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("a claim rests on at least one citation")


class AnswerMode(StrEnum):
    """How an answer was made: by quoting alone, or written by a model and checked."""

    EXTRACT = "extract"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Question:
    """A reader's question, and the exchanges before it in the same conversation, oldest first."""

    text: str
    history: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of the conversation and the articles whose sentences answered it."""

    question: str
    article_ids: tuple[ArticleId, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> Exchange:
        """Return what a follow-up needs to know of `answer`."""
        cited = (citation.article.id for citation in answer.citations)
        return cls(answer.question, tuple(dict.fromkeys(cited)))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told to the reader. No claim means abstention; then `near` names articles.

    `near` holds at most three articles, the nearest first, and is empty for an answer with
    claims. `newest` is the publication time of the newest article in the base.
    `prompt_version` is None in extract mode.
    """

    question: str
    claims: tuple[Claim, ...]
    mode: AnswerMode
    evidence: tuple[Evidence, ...] = ()
    near: tuple[Article, ...] = ()
    newest: datetime | None = None
    prompt_version: str | None = None
    confidence: float | None = None

    def __post_init__(self) -> None:
        if self.claims and self.near:
            raise ValueError("only an abstention names the nearest articles")
        if len(self.near) > 3:
            raise ValueError("at most three nearest articles")
        require_utc(self.newest, "newest")

    @property
    def abstained(self) -> bool:
        """Whether nothing in the base supports an answer."""
        return not self.claims

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation of every claim, in the order they are shown."""
        return tuple(citation for claim in self.claims for citation in claim.citations)


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A piece of a prompt. Only trusted parts may hold the model's control tokens."""

    text: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message of a chat prompt; `role` is ``system``, ``user`` or ``assistant``."""

    role: str
    parts: tuple[PromptPart, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model reads; `version` names the released template (``answer.v1``)."""

    messages: tuple[PromptMessage, ...]
    version: str
