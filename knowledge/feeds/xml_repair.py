"""Any XML of the web to well-formed XML of bounded size, in linear time.

libxml2 recovers what it can of a broken document, in C; Python's parsers then meet only what is
well-formed, small and without entities of its own. Measured: 5 MB of «<», of unclosed elements or
of bad attributes take 0.3 s at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_ELEMENTS = 30_000  # of what is kept; a feed of 200 long entries has ten thousand
_MOST_ELSEWHERE = 500  # of one child of the channel that is no entry
_MOST_ATTRIBUTES = 100  # of one element; Python's SAX takes quadratic time for more
_LONGEST_TEXT = 500_000  # characters of one text
_ENTRIES = frozenset(("item", "entry"))
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30};)")
_STRAY_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)")
_STRAY_ANGLE = re.compile(r"<(?![A-Za-z_/!?])")
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
    root = safe_tree(text)
    return root, root is not None and _trim(root, max_entries)


def safe_tree(text: str) -> _Element | None:
    """Return the root of what libxml2 recovers of `text`, None where there is no element.

    Entities are neither expanded nor kept, nothing is fetched, and depth is bounded.
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
        return None
    if root is not None:
        etree.strip_elements(root, etree.Entity, with_tail=False)
    return root


def serialised(root: _Element) -> bytes:
    """Return `root` as well-formed XML in UTF-8, its undeclared prefixes given a meaning."""
    from lxml import etree

    for element in root.iter("*"):
        _bind(element)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def local_name(tag: Any) -> str:
    """Return the name of an element without its namespace or prefix, in small letters."""
    return str(tag).rpartition("}")[2].rpartition(":")[2].lower()


def _prepared(text: str) -> str:
    start = max(text.find("<"), 0)
    text = _ILLEGAL.sub("", text[start:])
    declaration = _DECLARATION.match(text)
    text = _without_doctype(text[declaration.end() if declaration else 0 :])
    return "".join(_mended(piece) for piece in _pieces(text))


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


def _trim(root: _Element, max_entries: int) -> bool:
    """Drop entries after the first `max_entries`, and whatever is too large to be looked at."""
    entries = elements = 0
    trimmed = False
    for element in _children(root):
        is_entry = local_name(element.tag) in _ENTRIES
        size = sum(1 for _ in element.iter())
        entries += is_entry
        fits = elements + size <= _MOST_ELEMENTS and (is_entry or size <= _MOST_ELSEWHERE)
        if (is_entry and entries > max_entries) or not fits:
            trimmed = trimmed or is_entry
            _remove(element)
            continue
        elements += size
        for inner in element.iter("*"):
            if inner.text and len(inner.text) > _LONGEST_TEXT:
                inner.text = inner.text[:_LONGEST_TEXT]
    return trimmed


def _children(root: _Element) -> list[_Element]:
    """Return the children of the root and, for RSS, those of its channel."""
    found: list[_Element] = []
    for child in root:
        if local_name(child.tag) == "channel":
            found.extend(child)
        else:
            found.append(child)
    return found


def _remove(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _bind(element: _Element) -> None:
    """Give a prefix that was never declared its usual namespace; drop other such names."""
    tag = str(element.tag)
    if not tag.startswith("{") and ":" in tag:
        prefix, _, name = tag.partition(":")
        namespace = _NAMESPACES.get(prefix.lower())
        name = name.replace(":", "_") or "unknown"
        element.tag = f"{{{namespace}}}{name}" if namespace else name
    if len(element.attrib) > _MOST_ATTRIBUTES:
        element.attrib.clear()
    for attribute in list(element.attrib):
        if ":" in attribute and not attribute.startswith("{"):
            del element.attrib[attribute]
