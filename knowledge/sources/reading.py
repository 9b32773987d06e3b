"""From a document to an article draft: the order of the steps."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from knowledge.errors import (
    DocumentTooLargeError,
    FetchError,
    NoArticleError,
    UnreadableDocumentError,
)
from knowledge.sources.addresses import canonical_url
from knowledge.sources.decoding import decode
from knowledge.sources.extraction import Extraction
from knowledge.sources.kinds import Kind, kind_of
from knowledge.sources.plain import read_plain
from knowledge.text.characters import fold, normalise
from knowledge.text.clean import clean_text
from knowledge.text.paragraphs import ends_sentence
from knowledge.types import ArticleDraft, RawDocument

SIZE_SETTING = "SOURCIER_MAX_DOCUMENT_MIB"
_LONGEST_TITLE = 300
_TITLE_FROM_TEXT = 100  # characters of the first sentence, where there is no title
_TITLE_SLACK = 10  # characters by which two spellings of one title may differ (œ, spaces)
_LONGEST_NAME = 200  # of an outlet or an author
_FIRST_SENTENCE = re.compile(r".+?[.!?…](?=\s+[A-ZÀ-ÖØ-Þ«“\"]|\n|\Z)")
_ABBREVIATION_TAIL = re.compile(r"(?:\b(?:M|MM|Mme|Mlle|Dr|Me|Pr|St|Ste|n°|art|[A-ZÀ-Þ]))\.\Z")


def read_document(document: RawDocument, *, max_bytes: int, now: datetime) -> ArticleDraft:
    """Return the article that `document` holds, its text clean and final.

    The kind is taken from the bytes first, then from media type and name. `now` serves only to
    refuse publication dates that lie more than a day in the future: they are then unknown.

    Raises:
        DocumentTooLargeError: more than `max_bytes`, or too many elements or pages to examine.
        UnreadableDocumentError: empty, binary, truncated, protected, without a text layer, or
            in an unknown encoding.
        NoArticleError: it was read, and nothing is left once residue is taken away.
    """
    if len(document.data) > max_bytes:
        raise document_too_large(document.origin, len(document.data), max_bytes)
    if not document.data.strip(b"\x00\t\n\r \xef\xbb\xbf\xfe\xff"):
        raise UnreadableDocumentError("Ce document est vide.", subject=document.origin)
    kind = kind_of(document)
    extraction = _extract(document, kind, now=now)
    return _draft(document, kind, extraction)


def document_too_large(
    subject: str, size: int | None, max_bytes: int, *, setting: str = SIZE_SETTING
) -> DocumentTooLargeError:
    """Return the error for a document of `size` bytes where `setting` allows `max_bytes`.

    None: it is larger, and was not read to its end.
    """
    allowed = f"{max_bytes / 2**20:g} Mio ({setting})".replace(".", ",")
    if size is None:
        message = f"Ce document dépasse la limite, qui est de {allowed}."
    else:
        found = f"{size / 2**20:.1f} Mio".replace(".", ",")
        message = f"Ce document pèse {found} ; la limite est de {allowed}."
    return DocumentTooLargeError(message, subject=subject)


def _extract(document: RawDocument, kind: Kind, *, now: datetime) -> Extraction:
    if kind is Kind.HTML:
        from knowledge.sources.html import read_html

        return read_html(document, now=now)
    if kind is Kind.PDF:
        from knowledge.sources.pdf import read_pdf

        return read_pdf(document)
    text = decode(document.data, declared=(document.charset,), subject=document.origin)
    if kind is Kind.MARKDOWN:
        from knowledge.sources.markdown import read_markdown

        return read_markdown(text, now=now)
    return read_plain(text, now=now)


def _draft(document: RawDocument, kind: Kind, extraction: Extraction) -> ArticleDraft:
    clean = clean_text(extraction.text)
    stated_title = _one_line(extraction.title, _LONGEST_TITLE)
    text = _without_title(clean.text, stated_title)
    if not _has_article(text, kind):
        raise NoArticleError(
            "Aucun texte d’article dans ce document : il n’y reste rien une fois les mentions du "
            "site retirées.",
            subject=document.origin,
        )
    url = _own_address(document, extraction.url)
    return ArticleDraft(
        origin=url or document.origin,
        title=stated_title or _title_from(text, document),
        text=text,
        url=url or document.url,
        outlet=_one_line(extraction.outlet, _LONGEST_NAME),
        author=_one_line(extraction.author, _LONGEST_NAME) or clean.author,
        published=extraction.published,
        language=extraction.language or "fr",
        contributors=clean.contributors,
    )


def _has_article(text: str, kind: Kind) -> bool:
    """Tell whether `text` can be an article; a page of links has words but no sentence."""
    if kind is Kind.HTML:
        return any(ends_sentence(line) and len(line.split()) >= 5 for line in text.split("\n"))
    return any(map(str.isalpha, text))


def _own_address(document: RawDocument, claimed: str | None) -> str | None:
    """Return the canonical form of the address a document gives itself, if it may be believed.

    A fetched page may only name its own host, and not the host's front page: some sites declare
    that one on every page, which would make all their articles one.
    """
    if not claimed:
        return None
    try:
        address = canonical_url(claimed.strip())
    except FetchError:
        return None
    parts = urlsplit(address)
    if document.url is None:
        return address if parts.path != "/" or parts.query else None
    came_from = urlsplit(document.url)
    front_page = parts.path == "/" and not parts.query and came_from.path not in ("", "/")
    return address if parts.netloc == came_from.netloc and not front_page else None


def _without_title(text: str, title: str | None) -> str:
    """Return `text` without a first line that repeats the title, if more follows."""
    first, _, rest = text.partition("\n")
    similar = title is not None and abs(len(first) - len(title)) <= _TITLE_SLACK
    if title and similar and rest.strip() and fold(first) == fold(title):
        return rest.lstrip("\n")
    return text


def _title_from(text: str, document: RawDocument) -> str:
    """Return a title for a text without one: its first sentence cut, else the file's name.

    Where that sentence is the whole text, which would be shown twice, the name comes first.
    """
    line = text.split("\n", 1)[0]
    name = PurePosixPath(document.filename or urlsplit(document.origin).path).stem
    named = _one_line(name, _LONGEST_TITLE)
    sentence = _first_sentence(line)
    spoken = sum(map(str.isalpha, line)) >= 3
    if named and (not spoken or (sentence == text and any(map(str.isalpha, named)))):
        return named
    return _without_stop(_shortened(sentence)) if spoken else _shortened(line)


def _without_stop(title: str) -> str:
    """Return `title` without its full stop, unless that one belongs to its last word."""
    if title.endswith("..") or _ABBREVIATION_TAIL.search(title):
        return title
    return title.removesuffix(".") or title


def _first_sentence(line: str) -> str:
    end = 0
    for match in _FIRST_SENTENCE.finditer(line[: 4 * _TITLE_FROM_TEXT]):
        end = match.end()
        if not _ABBREVIATION_TAIL.search(line[:end]):
            break
    return line[:end] or line


def _shortened(sentence: str) -> str:
    if len(sentence) <= _TITLE_FROM_TEXT:
        return sentence
    cut = sentence[: _TITLE_FROM_TEXT - 1]
    head = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return head.rstrip(" ,;:–—-«(\u00a0\u202f") + "…"


def _one_line(value: str | None, limit: int) -> str | None:
    line = " ".join(normalise(value or "").split("\n"))
    return (line if len(line) <= limit else line[: limit - 1] + "…") or None
