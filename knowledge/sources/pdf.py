"""PDF to an extraction: the text layer, its lines joined into paragraphs."""

from __future__ import annotations

import io
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from knowledge.errors import DocumentTooLargeError, UnreadableDocumentError
from knowledge.sources.extraction import Extraction
from knowledge.text.characters import normalise
from knowledge.text.paragraphs import (
    before_break,
    ends_sentence,
    is_list_item,
    looks_like_headline,
    starts_sentence,
)
from knowledge.types import RawDocument

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 500
_SECONDS = 20.0  # for one document; looked at before each operator of a page
_LARGEST_STREAM = 4_000_000  # bytes of one decompressed stream; a page of text has ten thousand
_MOST_OPERATIONS = 500_000  # operators and operands of one page; a dense one has fifty thousand
_TRAILER_WINDOW = 2048  # bytes at the end in which %%EOF must be (ISO 32000-1, 7.5.5; tolerance)
_MARGIN_LINES = 2  # lines at the head and the foot of a page that may repeat on each
_SHORT = 0.75  # of the usual width: a line ended by its author

_PAGE_NUMBER = re.compile(
    r"(?:page|p\.)?\s*+[-–—]?\s*+\d{1,4}\s*+[-–—]?(?:\s*+(?:/|sur|of)\s*+\d{1,4})?", re.IGNORECASE
)
_FILE_NAME = re.compile(
    r"\.(?:docx?|pdf|odt|indd|tex|qxd|rtf|txt)\Z|\A(?:microsoft|untitled|sans titre)", re.IGNORECASE
)
_PERSON = re.compile(r"[^\W\d_][^\d@<>/\\:]{2,80}")


def read_pdf(document: RawDocument) -> Extraction:
    """Return the extraction of a PDF: at most 500 pages, read in at most 20 seconds.

    Repeated page heads and feet and page numbers are dropped. Title and author are those of the
    document's properties where they look like such. The date stays unknown: the properties hold
    when the file was made, which for a page printed to PDF is not when it was published.

    Raises:
        UnreadableDocumentError: truncated, damaged, protected, or without text (a scan).
        DocumentTooLargeError: more pages or more work than the bounds allow.
    """
    subject = document.origin
    if b"%%EOF" not in document.data[-_TRAILER_WINDOW:]:
        raise UnreadableDocumentError(
            "Ce PDF est tronqué : sa fin manque. Téléchargez-le de nouveau.", subject=subject
        )
    with _mapped_errors(subject):
        reader = _open(document.data, subject)
        pages = _page_lines(reader, subject)
        title, author = _properties(reader)
    text = _paragraphs(_without_margins(pages))
    if not any(map(str.isalpha, text)):
        raise UnreadableDocumentError(
            "Ce PDF ne contient pas de texte (des images, sans doute). Passez-le par une "
            "reconnaissance de caractères (OCR).",
            subject=subject,
        )
    return Extraction(text, title=title, author=author)


@contextmanager
def _mapped_errors(subject: str) -> Iterator[None]:
    """Map what pypdf raises; its documentation warns that broken files raise nearly anything."""
    from pypdf import apply_configuration
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of each repaired fault
    try:
        with apply_configuration(
            zlib_maximum_output_length=_LARGEST_STREAM,
            lzw_maximum_output_length=_LARGEST_STREAM,
            run_length_maximum_output_length=_LARGEST_STREAM,
            array_based_stream_maximum_output_length=_LARGEST_STREAM,
            stream_parsing_work_maximum_count=_MOST_OPERATIONS,
        ):
            yield
    except (UnreadableDocumentError, DocumentTooLargeError):
        raise
    except (FileNotDecryptedError, DependencyError) as error:
        raise _protected(subject) from error
    except LimitReachedError as error:
        raise _too_large(subject) from error
    except Exception as error:
        raise UnreadableDocumentError(
            "Ce PDF est endommagé et ne peut pas être lu. Téléchargez-le de nouveau.",
            subject=subject,
        ) from error


def _open(data: bytes, subject: str) -> PdfReader:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise _protected(subject)
    if len(reader.pages) > MOST_PAGES:
        raise _too_large(subject)
    return reader


def _page_lines(reader: PdfReader, subject: str) -> list[list[str]]:
    deadline = time.monotonic() + _SECONDS

    def check(*_: object) -> None:
        if time.monotonic() > deadline:
            raise _too_large(subject)

    pages = []
    for page in reader.pages:
        check()  # a page may have no operator
        text = page.extract_text(visitor_operand_before=check)
        pages.append(normalise(text).split("\n"))
    return pages


def _without_margins(pages: list[list[str]]) -> list[str]:
    """Return the lines of all pages, without page numbers and lines that head or foot several."""
    seen = Counter(key for page in pages for key in {_shape(line) for line in _margin(page)})
    needed = max(2, len(pages) // 2)
    lines: list[str] = []
    for page in pages:
        margin = set(_margin(page))
        for line in page:
            number = line in margin and _PAGE_NUMBER.fullmatch(line)
            if not number and not (line in margin and seen[_shape(line)] >= needed):
                lines.append(line)
    return lines


def _margin(page: list[str]) -> list[str]:
    filled = [line for line in page if line]
    return filled[:_MARGIN_LINES] + filled[-_MARGIN_LINES:] if len(filled) > 1 else filled


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _paragraphs(lines: list[str]) -> str:
    """Return the lines joined; a paragraph ends at a blank line, or where its author ended one."""
    lengths = sorted(len(line) for line in lines if line)
    if not lengths:
        return ""
    width = lengths[int(0.9 * (len(lengths) - 1))]
    words = frozenset(word for line in lines for word in line.split())
    parts = [lines[0]]
    for line, after in pairwise(lines):
        if not line or not after or _ends_paragraph(line, after, width):
            parts.append(f"\n\n{after}")
        else:
            parts[-1] = before_break(parts[-1], after, words)
            parts.append(after)
    return "".join(parts)


def _ends_paragraph(line: str, after: str, width: int) -> bool:
    if is_list_item(after):
        return True
    if not starts_sentence(after):
        return False
    short, short_after = len(line) < _SHORT * width, len(after) < _SHORT * width
    if ends_sentence(line):
        return short or (short_after and looks_like_headline(after))
    return short and looks_like_headline(line)


def _properties(reader: PdfReader) -> tuple[str | None, str | None]:
    """Return title and author of the document's properties, where they look like such."""
    properties = reader.metadata
    if properties is None:
        return None, None
    title, author = _text(properties.get("/Title")), _text(properties.get("/Author"))
    if title and (_FILE_NAME.search(title) or len(title.split()) < 2):
        title = None
    if author and (not _PERSON.fullmatch(author) or len(author.split()) < 2):
        author = None
    return title, author


def _text(value: object) -> str | None:
    return " ".join(normalise(value).split("\n")) or None if isinstance(value, str) else None


def _protected(subject: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        "Ce PDF est protégé par un mot de passe. Enregistrez-en une copie sans protection.",
        subject=subject,
    )


def _too_large(subject: str) -> DocumentTooLargeError:
    return DocumentTooLargeError(
        f"Ce PDF est trop volumineux pour être examiné (au plus {MOST_PAGES} pages). "
        "Découpez-le, ou donnez le texte de l’article.",
        subject=subject,
    )
