"""What is kept of a feed before Python reads it: what we look at of it, of bounded size.

feedparser searches every author for an address in quadratic time (60,000 letters and an «@» take
minutes, during which no other thread runs), compares every tag with all before it, and follows
prefixes and bases through every element. It is given none of that.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_ELEMENTS = 30_000  # of what is kept; a feed of 200 long entries has ten thousand
_MOST_ELSEWHERE = 500  # of one child of the channel that is no entry
_MOST_CHANNELS = 3
_MOST_ATTRIBUTES = 100  # of one element; Python's SAX takes quadratic time for more
_MOST_ALIKE = 20  # children of one name in an entry, links above all
_MOST_SPACES = 50  # XML namespaces; a feed has about ten
_LONGEST_TEXT = 500_000  # characters of one text that may be an article
_LONGEST_LINE = 5000  # of any other: more than an address may have, so that none is cut into one
_LONGEST_NAME = 200  # of a person
_LONGEST_BASE = 1000

_ENTRIES = frozenset(("item", "entry"))
_HEAD = frozenset(("title", "language", "ttl"))
_TEXTS = frozenset("title description abstract summary content encoded body fullitem".split())
_NAMES = frozenset(
    "author managingeditor webmaster creator publisher contributor owner credit name email".split()
)
_OF_ENTRY = _TEXTS | frozenset(
    "author managingeditor creator name link origlink guid id published pubdate issued "
    "created updated modified lastbuilddate date".split()
)
_MEDIA_CONTENT = "search.yahoo.com/mrss"  # it leads to files, and is no text
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BASES = (f"{_XML}base", "xml:base", "base")


def trim(root: _Element, max_entries: int) -> bool:
    """Keep the first `max_entries` entries, what is read of them, and the head of the feed.

    Returns whether entries went.
    """
    from lxml import etree

    spaces: set[str] = set()
    _bound_attributes(root, spaces, within_text=False)
    entries = elements = 0
    trimmed = False
    for element in _children(root, spaces):
        is_entry = local_name(element.tag) in _ENTRIES
        entries += is_entry
        limit = min(_MOST_ELEMENTS - elements, _MOST_ELEMENTS if is_entry else _MOST_ELSEWHERE)
        size = sum(1 for _ in islice(element.iter(), limit + 1))
        if size > limit or (is_entry and entries > max_entries):
            trimmed = trimmed or is_entry
            _remove(element)
            continue
        if is_entry:
            _keep_read(element)
            size = sum(1 for _ in element.iter())
        elements += size
        _bound(element, spaces)
    etree.cleanup_namespaces(root)
    return trimmed


def local_name(tag: Any) -> str:
    """Return the name of an element without its namespace or prefix, in small letters."""
    return str(tag).rpartition("}")[2].rpartition(":")[2].lower()


def _children(root: _Element, spaces: set[str]) -> list[_Element]:
    """Return what is read of the root and, for RSS, of its channels; drop the rest."""
    found: list[_Element] = []
    channels = 0
    for child in list(root):
        if local_name(child.tag) != "channel":
            found.append(child)
            continue
        channels += 1
        if channels > _MOST_CHANNELS:
            root.remove(child)
            continue
        _bound_attributes(child, spaces, within_text=False)
        found.extend(child)
    for element in found:
        if not _is_read(element):
            _remove(element)
    return [element for element in found if element.getparent() is not None]


def _is_read(element: _Element) -> bool:
    """Tell whether a child of a channel is read: an entry, or one inside what was not closed."""
    name = local_name(element.tag)
    inner = islice(element.iter("*"), 1, _MOST_ELSEWHERE)
    return name in _ENTRIES | _HEAD or any(local_name(one.tag) in _ENTRIES for one in inner)


def _keep_read(element: _Element) -> None:
    """Drop what is not read of an entry; what is read may stand in what was not closed."""
    counts: Counter[str] = Counter()
    for child in list(element):
        name = local_name(child.tag)
        counts[name] += 1
        media = name == "content" and _MEDIA_CONTENT in str(child.tag)
        read = name in _OF_ENTRY and not media
        if not read:
            child.text = None
            _keep_read(child)
        if counts[name] > _MOST_ALIKE or not (read or len(child)):
            _remove(child)


def _bound(element: _Element, spaces: set[str]) -> None:
    """Cut the texts in `element`, and drop attributes and namespaces beyond the bounds."""
    from lxml import etree

    limits = [_LONGEST_LINE]
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if event == "end":
            limits.pop()
            if inner.tail:
                inner.tail = inner.tail[: limits[-1]] if limits[-1] == _LONGEST_TEXT else None
            continue
        limits.append(_limit(local_name(inner.tag), limits[-1]))
        if inner.text and len(inner.text) > limits[-1]:
            inner.text = inner.text[: limits[-1]]
        _bound_attributes(inner, spaces, within_text=limits[-2] == _LONGEST_TEXT)
        if not _is_allowed(inner.tag, spaces):
            inner.tag = "unknown"


def _limit(name: str, outer: int) -> int:
    """Return how long the text of an element may be; `outer` is the limit around it."""
    if name in _NAMES:
        return _LONGEST_NAME
    return _LONGEST_TEXT if name in _TEXTS else outer


def _bound_attributes(element: _Element, spaces: set[str], *, within_text: bool) -> None:
    if len(element.attrib) > _MOST_ATTRIBUTES:
        element.attrib.clear()
    for name, value in list(element.attrib.items()):
        is_base = name in _BASES
        long = len(value) > (_LONGEST_BASE if is_base else _LONGEST_LINE)
        if long or (is_base and within_text) or not _is_allowed(name, spaces):
            del element.attrib[name]


def _is_allowed(name: Any, spaces: set[str]) -> bool:
    """Tell whether the namespace of a name is among the first of the feed, which it may join."""
    space = str(name).rpartition("}")[0]
    if space and len(spaces) < _MOST_SPACES:
        spaces.add(space)
    return not space or space in spaces


def _remove(element: _Element) -> None:
    """Take an element and the text after it out of the tree."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
