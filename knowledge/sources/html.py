"""HTML to an extraction: trafilatura finds the text, the page's own statements the rest.

The tree is built here, by libxml2 without its «huge» option: nesting beyond 256 levels is cut
by the parser, entities are not expanded, nothing is fetched.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from knowledge.errors import DocumentTooLargeError, NoArticleError
from knowledge.sources.crowded import has_crowded_tag
from knowledge.sources.decoding import decode
from knowledge.sources.extraction import Extraction
from knowledge.sources.html_metadata import read_metadata
from knowledge.text.characters import fold
from knowledge.text.paragraphs import is_list_item
from knowledge.types import RawDocument

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LARGEST = 8_000_000  # characters of markup; the largest news pages have two million
_MOST_ELEMENTS = 30_000  # extraction takes up to 0.2 ms each; news pages have five thousand
_DECLARED_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w:-]{2,30})""", re.IGNORECASE
)
# Javanese ornaments stand for no-break spaces; where a page has them itself, they go.
_STAND_INS = {"\u00a0": "\ua9c1", "\u202f": "\ua9c2", "\u2009": "\ua9c2"}
_NO_BREAK_SPACE_OF = str.maketrans({"\ua9c1": "\u00a0", "\ua9c2": "\u202f"})
_NO_BREAK_SPACE = re.compile(
    "(?<=\\S)[\u00a0\u202f\u2009]|[\u00a0\u202f\u2009](?=\\S)|[\ua9c1\ua9c2]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION_WINDOW = 4096
_XML_DECLARATION = re.compile(r"\s*+<\?xml[^>]{0,200}\?>")


def read_html(document: RawDocument, *, now: datetime) -> Extraction:
    """Return the extraction of an HTML page.

    Raises:
        UnreadableDocumentError: its encoding is not to be found out.
        DocumentTooLargeError: it has too many elements to be examined in a bounded time.
        NoArticleError: no article is in it.
    """
    declared = _DECLARED_CHARSET.search(document.data[:_DECLARATION_WINDOW])
    markup = decode(
        document.data,
        declared=(document.charset, declared[1].decode("ascii") if declared else None),
        subject=document.origin,
    )
    tree = _parse(markup, document.origin)
    metadata = read_metadata(tree, now=now)  # first: the extraction changes the tree
    return Extraction(
        _without_heading(_main_text(tree, document.origin), metadata.heading),
        title=metadata.title,
        outlet=metadata.outlet,
        author=metadata.author,
        published=metadata.published,
        url=_absolute(document.url, metadata.canonical),
        language=metadata.language,
    )


def _absolute(base: str | None, address: str | None) -> str | None:
    if not address:
        return None
    try:
        return urljoin(base or "", address.strip())
    except ValueError:  # a broken IPv6 host
        return None


def _parse(markup: str, subject: str) -> HtmlElement:
    from lxml import etree, html

    if len(markup) > _LARGEST or has_crowded_tag(markup):
        raise _too_large(subject)
    parser = html.HTMLParser(
        huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    declaration = _XML_DECLARATION.match(markup)
    data = markup[declaration.end() if declaration else 0 :].encode("utf-8", "replace")
    try:
        tree = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise _no_article(subject) from error
    for count, _ in enumerate(tree.iter()):
        if count > _MOST_ELEMENTS:
            raise _too_large(subject)
    return tree


def _main_text(tree: HtmlElement, subject: str) -> str:
    import trafilatura

    _protect_spaces(tree)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs each refusal as an error
    try:
        found = trafilatura.bare_extraction(
            tree,
            include_comments=False,
            include_tables=False,
            favor_precision=True,
            deduplicate=False,
            with_metadata=False,
        )
    except Exception as error:  # the library lets what its parsers raise escape
        raise _no_article(subject) from error
    text = found.text if found is not None else None
    if not text or not text.strip():
        raise _no_article(subject)
    return _paragraphs(text.translate(_NO_BREAK_SPACE_OF))


def _protect_spaces(tree: HtmlElement) -> None:
    """Put stand-ins for the no-break spaces within text, which trafilatura makes plain ones."""
    for element in tree.iter("*"):
        if element.text and _NO_BREAK_SPACE.search(element.text):
            element.text = _with_stand_ins(element.text)
        if element.tail and _NO_BREAK_SPACE.search(element.tail):
            element.tail = _with_stand_ins(element.tail)


def _with_stand_ins(text: str) -> str:
    # lxml refuses to write the control characters that it reads
    return _NO_BREAK_SPACE.sub(_stand_in, _CONTROL.sub("", text))


def _stand_in(space: re.Match[str]) -> str:
    return _STAND_INS.get(space.group(), "")


def _without_heading(text: str, heading: str | None) -> str:
    first, _, rest = text.partition("\n\n")
    if heading and rest and len(first) <= 2 * len(heading) and fold(first) == fold(heading):
        return rest
    return text


def _paragraphs(text: str) -> str:
    """Return the lines that trafilatura gives, one a paragraph, as paragraphs; lists together."""
    parts: list[str] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        in_list = bool(parts) and is_list_item(line) and is_list_item(parts[-1].lstrip("\n"))
        parts.append(line if not parts else ("\n" if in_list else "\n\n") + line)
    return "".join(parts)


def _no_article(subject: str) -> NoArticleError:
    return NoArticleError(
        "Cette page ne contient pas d’article. Donnez l’adresse de l’article lui-même.",
        subject=subject,
    )


def _too_large(subject: str) -> DocumentTooLargeError:
    return DocumentTooLargeError(
        "Cette page est trop volumineuse pour être examinée. Enregistrez le texte de l’article "
        "dans un fichier.",
        subject=subject,
    )
