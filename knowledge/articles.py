"""From a document to the sentences and passages of an article.

:mod:`knowledge.types` re-exports them, and states the conventions that hold for all values.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

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


def require_utc(moment: datetime | None, name: str) -> None:
    """Raise ValueError unless `moment` is None or an aware time in UTC."""
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
    """An article read from a document, not yet in the store. `text` is clean and final.

    `summary_only`: only what a feed says of it could be had, not the article itself.
    """

    origin: str
    title: str
    text: str
    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: datetime | None = None
    language: str = "fr"
    contributors: tuple[str, ...] = ()
    summary_only: bool = False

    def __post_init__(self) -> None:
        if not self.origin:
            raise ValueError("a draft has an origin")
        if not self.text.strip():
            raise ValueError("a draft has a text")
        if not self.title.strip():
            raise ValueError("a draft has a title")
        require_utc(self.published, "published")


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article in the store. Versions count from 1; each keeps its text.

    `summary_only`: the text is the summary that a feed gave, the article could not be read.
    """

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
    summary_only: bool = False

    def __post_init__(self) -> None:
        if self.version < 1:
            raise ValueError(f"versions count from 1, not {self.version}")
        if self.text_hash != text_hash(self.text):
            raise ValueError(f"text of article {self.id} version {self.version} is not its hash")
        require_utc(self.published, "published")


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
