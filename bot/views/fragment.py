"""Links to a sentence within a page: text fragments (WICG, «URL Fragment Text Directives»).

``https://media.fr/article#:~:text=debut%20de%20phrase,fin%20de%20phrase`` scrolls to the words
and marks them; a browser without the feature opens the page as usual.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit, urlunsplit

from knowledge.types import Span

MAX_LINK_CHARACTERS = 2000  # longer addresses are cut or refused on the way

_WHOLE_CHARACTERS = 80  # up to here the sentence is named whole, beyond by its two ends
_EDGE_WORDS = range(4, 16)
_PREFIX_WORDS = 4
_DIRECTIVE = ":~:"
_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*|\d{1,3}(?:\.\d{1,3}){3}"
)
_LONGEST_HOST = 253  # octets (RFC 1035); Python's IDNA takes the square of the length
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"


def article_link(url: str | None) -> str | None:
    """Return `url` in ASCII, or None where it is no web address that Telegram would take."""
    if url is None:
        return None
    try:
        parts = urlsplit(url.strip())
        named = parts.hostname or ""
        if len(named) > _LONGEST_HOST:
            return None
        host = named.encode("idna").decode("ascii").removesuffix(".") if named else ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # UnicodeError included
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return None
    if "@" in parts.netloc:  # what stands before the @ may be a password
        return None
    link = urlunsplit(
        (
            parts.scheme,
            host + port,
            _quoted(parts.path, _PATH_SAFE),
            _quoted(parts.query, _PATH_SAFE + "?"),
            _quoted(parts.fragment, _PATH_SAFE + "?"),
        )
    )
    return link if len(link) <= MAX_LINK_CHARACTERS else None


def sentence_link(url: str | None, text: str, span: Span) -> str | None:
    """Return the link to ``text[span]`` in the page at `url`.

    It is the page's own link where no words single the sentence out in `text`, and None
    where there is no page.
    """
    link = article_link(url)
    directive = _directive(text, span) if link else None
    if link is None or directive is None:
        return link
    page, _, fragment = link.partition("#")
    kept = fragment.partition(_DIRECTIVE)[0]  # one directive only: ours
    found = f"{page}#{kept}{_DIRECTIVE}text={directive}"
    return found if len(found) <= MAX_LINK_CHARACTERS else link


def _quoted(part: str, safe: str) -> str:
    return quote(part, safe=safe, errors="replace")


def _directive(text: str, span: Span) -> str | None:
    """Return the value of ``text=``, or None if no words name the sentence for certain."""
    sentence = span.of(text)
    start = span.start + len(sentence) - len(sentence.lstrip())
    sentence = sentence.strip()
    if not sentence:
        return None
    if len(sentence) <= _WHOLE_CHARACTERS and "\n" not in sentence:
        return _whole(text, start, sentence)
    for first in _leading(sentence):
        if text.find(first) != start:
            continue
        for last in _trailing(sentence, len(first)):
            # The range ends at the first occurrence of its end after its start.
            if text.find(last, start + len(first)) == start + len(sentence) - len(last):
                return f"{_encoded(first)},{_encoded(last)}"
    return None


def _whole(text: str, start: int, sentence: str) -> str | None:
    if text.find(sentence) == start:
        return _encoded(sentence)
    line = text[text.rfind("\n", 0, start) + 1 : start].split()
    if not line:
        return None
    prefix = " ".join(line[-_PREFIX_WORDS:])
    return f"{_encoded(prefix)}-,{_encoded(sentence)}"


def _leading(sentence: str) -> Iterator[str]:
    """Yield beginnings of the sentence, of whole words in one line, longer and longer."""
    ends = [match.end() for match in re.finditer(r"\S+", sentence.partition("\n")[0])]
    for count in _EDGE_WORDS:
        if count <= len(ends):
            yield sentence[: ends[count - 1]]
    if 0 < len(ends) < _EDGE_WORDS.start:
        yield sentence[: ends[-1]]


def _trailing(sentence: str, after: int) -> Iterator[str]:
    """Yield ends of the sentence, of whole words in one line, that begin beyond `after`."""
    first = max(after, sentence.rfind("\n") + 1)
    starts = [match.start() for match in re.finditer(r"(?<!\S)\S", sentence)]
    starts = [start for start in starts if start >= first]
    for count in _EDGE_WORDS:
        if count <= len(starts):
            yield sentence[starts[-count] :]
    if 0 < len(starts) < _EDGE_WORDS.start:
        yield sentence[starts[0] :]


def _encoded(words: str) -> str:
    """Return the words percent-encoded, with the directive's own signs ``- , &``."""
    return quote(words, safe="", errors="replace").replace("-", "%2D")
