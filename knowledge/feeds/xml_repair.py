"""Any XML of the web to well-formed XML of bounded size, in linear time.

libxml2 recovers what it can of a broken document, in C; Python's parsers then meet only what is
well-formed, small and without entities of its own. Measured: 5 MB of «<», of unclosed elements or
of bad attributes take 0.3 s at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from itertools import islice
from typing import TYPE_CHECKING

from knowledge.feeds.xml_bounds import trim

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30};)")
_STRAY_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)")
_STRAY_ANGLE = re.compile(r"<(?![A-Za-z_/!?])")
_MARK = re.compile("[<=]")
_MOST_MARKS = 1_000_000  # read: each may be an element or an attribute of about 200 bytes
_CDATA = "<![CDATA["
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"\s*+<\?xml[^>]{0,300}\?>")
# Prefixes that feeds use without declaring them.
_NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "atom": "http://www.w3.org/2005/Atom",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}


def recover(text: str, *, max_entries: int) -> tuple[_Element | None, bool]:
    """Return the root of what can be read of `text` with its first entries, and whether some went.

    The root is None where there is no element at all. Comments, processing instructions, the
    document type and its entities are gone.
    """
    root, _ = read_tree(text)
    return root, root is not None and trim(root, max_entries)


def read_tree(text: str) -> tuple[_Element | None, bool]:
    """Return the root of what libxml2 recovers of `text`, and whether that was broken.

    The root is None where there is no element. Broken is what was cut or is not well-formed beyond
    what is mended here: some of it may be lost. Entities are neither expanded nor kept, nothing is
    fetched, and depth is bounded.
    """
    from lxml import etree

    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(_prepared(text).encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, True
    if root is not None:
        etree.strip_elements(root, etree.Entity, with_tail=False)
    fatal = etree.ErrorLevels.FATAL  # others tell of prefixes that were never declared
    return root, any(error.level == fatal for error in parser.error_log)


def serialised(root: _Element) -> bytes:
    """Return `root` as well-formed XML in UTF-8, its undeclared prefixes given a meaning."""
    from lxml import etree

    for element in root.iter("*"):
        _bind(element)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _prepared(text: str) -> str:
    start = max(text.find("<"), 0)
    text = _ILLEGAL.sub("", _bounded(text[start:]))
    declaration = _DECLARATION.match(text)
    text = _without_doctype(text[declaration.end() if declaration else 0 :])
    return "".join(_mended(piece) for piece in _pieces(text))


def _bounded(text: str) -> str:
    """Return `text` up to so many elements and attributes as a tree in memory may have."""
    if text.count("<") + text.count("=") <= _MOST_MARKS:
        return text
    return text[: next(islice(_MARK.finditer(text), _MOST_MARKS, None)).start()]


def _pieces(text: str) -> Iterator[str]:
    """Yield `text` cut around its CDATA sections, which are left as they are."""
    start = 0
    while (opened := text.find(_CDATA, start)) >= 0:
        closed = text.find("]]>", opened)
        if closed < 0:
            break
        yield text[start:opened]
        yield text[opened : closed + 3]
        start = closed + 3
    yield text[start:]


def _mended(piece: str) -> str:
    """Return text outside CDATA with its stray & and < escaped, and HTML's names replaced."""
    if piece.startswith(_CDATA) and piece.endswith("]]>"):
        return piece
    piece = _NAMED.sub(_character, piece)
    return _STRAY_ANGLE.sub("&lt;", _STRAY_AMPERSAND.sub("&amp;", piece))


def _without_doctype(text: str) -> str:
    """Return `text` without its document type, where entities would be declared."""
    head = text[:200].upper().find("<!DOCTYPE")
    if head < 0:
        return text
    end, subset = text.find(">", head), text.find("[", head)
    if 0 <= subset < end:
        end = text.find("]>", subset) + 1 or text.find(">", text.find("]", subset))
    return text[:head] + text[end + 1 :] if end > 0 else ""


def _character(match: re.Match[str]) -> str:
    """Return the character of a name that HTML knows and XML does not."""
    return html5.get(match[1], match[0])


def _bind(element: _Element) -> None:
    """Give a prefix that was never declared its usual namespace; drop other such names."""
    tag = str(element.tag)
    if not tag.startswith("{") and ":" in tag:
        prefix, _, name = tag.partition(":")
        namespace = _NAMESPACES.get(prefix.lower())
        name = name.replace(":", "_") or "unknown"
        element.tag = f"{{{namespace}}}{name}" if namespace else name
    for attribute in list(element.attrib):
        if ":" in attribute and not attribute.startswith("{"):
            del element.attrib[attribute]
