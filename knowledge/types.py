"""The values that flow through Sourcier, from a document to an answer.

Conventions, true everywhere:

- A :class:`Span` is half-open, counted in code points of ``Article.text``, and for ever true:
  ``article.text[span.start:span.end] == sentence.text``.
- Ids are derived, not random, so that ingesting twice is ingesting once.
- Times are aware and in UTC. A publication time that is not known is ``None``, never guessed.
- All values are frozen; a broken invariant raises ``ValueError`` on construction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

ArticleId = str
PassageId = str

_ID_LENGTH = 20  # hexadecimal digits: 80 bits, no collision to fear below 10**9 articles


def article_id(origin: str) -> ArticleId:
    """Return the id of the article at `origin` (a canonical address or ``file:`` path)."""
    return hashlib.sha256(origin.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]


def text_hash(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def passage_id(article: ArticleId, version: int, index: int) -> PassageId:
    """Return the id of the `index`-th passage of that version of the article."""
    return f"{article}.{version}.{index}"


def _require_utc(moment: datetime | None, name: str) -> None:
    if moment is not None and (moment.tzinfo is None or moment.utcoffset() != UTC.utcoffset(None)):
        raise ValueError(f"{name} must be an aware UTC time, not {moment!r}")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open interval of code points, ``0 <= start <= end``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """Return the slice of `text` that this span covers."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Tell whether `other` lies wholly within this span."""
        return self.start <= other.start and other.end <= self.end

    def shift(self, offset: int) -> Span:
        """Return this span moved by `offset` code points (negative moves it back)."""
        return Span(self.start + offset, self.end + offset)

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class RawDocument:
    """Bytes as they came, with what the carrier said of them.

    `origin` identifies the document: the address it was fetched from (after redirects), or
    ``file:`` and its path. `media_type` and `charset` are the carrier's claims, not facts.
    """

    data: bytes
    origin: str
    media_type: str | None = None
    charset: str | None = None
    filename: str | None = None

    @property
    def url(self) -> str | None:
        """The web address, or None for a document that came from a file."""
        return self.origin if self.origin.startswith(("http://", "https://")) else None


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """An article read from a document, not yet in the store. `text` is clean and final."""

    origin: str
    title: str
    text: str
    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: datetime | None = None
    language: str = "fr"
    contributors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.origin:
            raise ValueError("a draft has an origin")
        if not self.text.strip():
            raise ValueError("a draft has a text")
        if not self.title.strip():
            raise ValueError("a draft has a title")
        _require_utc(self.published, "published")


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article in the store. Versions count from 1; each keeps its text."""

    id: ArticleId
    version: int
    title: str
    text: str
    text_hash: str
    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: datetime | None = None
    language: str = "fr"
    contributors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.version < 1:
            raise ValueError(f"versions count from 1, not {self.version}")
        if self.text_hash != text_hash(self.text):
            raise ValueError(f"text of article {self.id} version {self.version} is not its hash")
        _require_utc(self.published, "published")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one version of an article; `speech` names who is quoted in it, if anyone."""

    article_id: ArticleId
    version: int
    index: int
    span: Span
    text: str
    speech: str | None = None

    def __post_init__(self) -> None:
        if len(self.span) != len(self.text) or not self.text:
            raise ValueError(f"sentence {self.index} of {self.article_id} is not its span")
        if self.index < 0 or self.version < 1:
            raise ValueError("sentence indexes count from 0 and versions from 1")


@dataclass(frozen=True, slots=True)
class Passage:
    """Contiguous whole sentences of one version of an article: ``first..last`` inclusive.

    `text` is the slice of the article from the first sentence's start to the last one's end.
    """

    id: PassageId
    article_id: ArticleId
    version: int
    index: int
    first: int
    last: int
    span: Span
    text: str

    def __post_init__(self) -> None:
        if self.id != passage_id(self.article_id, self.version, self.index):
            raise ValueError(f"{self.id} is not the id of passage {self.index}")
        if not 0 <= self.first <= self.last:
            raise ValueError(f"passage {self.id} holds no sentence")
        if len(self.span) != len(self.text) or not self.text:
            raise ValueError(f"passage {self.id} is not its span")


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """What a search is limited to; None means no limit. Bounds on dates are inclusive.

    An article of unknown date passes no bound on dates.
    """

    published_from: datetime | None = None
    published_to: datetime | None = None
    outlets: frozenset[str] | None = None

    def __post_init__(self) -> None:
        _require_utc(self.published_from, "published_from")
        _require_utc(self.published_to, "published_to")


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
        _require_utc(self.newest, "newest")

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
