"""The kind of a document: what its bytes say first, then its carrier, then its name."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath

from knowledge.errors import UnreadableDocumentError
from knowledge.types import RawDocument


class Kind(StrEnum):
    """The kinds of documents that can become articles."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"


KIND_OF_SUFFIX = {
    ".txt": Kind.TEXT,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".pdf": Kind.PDF,
}
_KIND_OF_MEDIA_TYPE = {
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "text/markdown": Kind.MARKDOWN,
    "text/x-markdown": Kind.MARKDOWN,
    "application/pdf": Kind.PDF,
    "text/plain": Kind.TEXT,
}
_FOREIGN = (
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"GIF8", "une image GIF"),
    (b"RIFF", "un fichier d’image ou de son"),
    (b"ID3", "un fichier de son"),
    (b"OggS", "un fichier de son"),
    (b"\x1f\x8b", "une archive gzip"),
    (b"BZh", "une archive bzip2"),
    (b"\xfd7zXZ", "une archive xz"),
    (b"7z\xbc\xaf", "une archive 7z"),
    (b"PK\x03\x04", "une archive ou un document bureautique (docx, odt, epub…)"),
    (b"\xd0\xcf\x11\xe0", "un document bureautique ancien (doc, xls…)"),
    (b"{\\rtf", "un document RTF"),
    (b"\x7fELF", "un programme"),
    (b"SQLite format 3\x00", "une base de données"),
    (b"GGUF", "un modèle de langue"),
)
_PDF_WINDOW = 1024  # bytes in which readers look for the header (ISO 32000-1, annex H)
_HTML_WINDOW = 2048
_HTML_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]{0,200}>\s*+)?(?>(?:<!--.{0,1500}?-->\s*+)*)"
    rb"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_PIECE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!--|article|div|h[1-6]|main|meta|p|section|script|style|title)\b"
    rb"[^<]{0,500}>",
    re.IGNORECASE,
)


def kind_of(document: RawDocument) -> Kind:
    """Return the kind of `document`.

    The header of a PDF or of an HTML page outweighs what carrier and name claim; a mere piece of
    HTML (Markdown may begin with one) does not.

    Raises:
        UnreadableDocumentError: the bytes are those of an image, an archive, a program…
    """
    head = document.data[:_HTML_WINDOW]
    for magic, words in _FOREIGN:
        if head.startswith(magic):
            raise UnreadableDocumentError(
                f"Ce document est {words}. Enregistrez son texte en PDF, en HTML ou en texte brut.",
                subject=document.origin,
            )
    if b"%PDF-" in head[:_PDF_WINDOW] and not _HTML_PAGE.match(head):
        return Kind.PDF
    if _HTML_PAGE.match(
        head if b"\x00" not in head else head.replace(b"\x00", b"").lstrip(b"\xff\xfe")
    ):
        return Kind.HTML
    claimed = _claimed_kind(document)
    if claimed in (None, Kind.TEXT) and _HTML_PIECE.match(head):
        return Kind.HTML
    return claimed or Kind.TEXT


def _claimed_kind(document: RawDocument) -> Kind | None:
    media_type = (document.media_type or "").partition(";")[0].strip().lower()
    kind = _KIND_OF_MEDIA_TYPE.get(media_type)
    name = document.filename or document.origin.partition("?")[0]
    named = KIND_OF_SUFFIX.get(PurePosixPath(name).suffix.lower())
    if kind is Kind.TEXT and named is Kind.MARKDOWN:
        return named  # servers know Markdown as plain text
    return kind or named
