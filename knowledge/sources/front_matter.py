"""Front matter: ``key: value`` lines between two ``---`` lines at the head of a text file.

Values are verbatim: no quoting, no types, no nesting. A file that starts with ``---`` and has no
closing line, or other lines than these between, has no front matter.
"""

from __future__ import annotations

import re

KEYS = frozenset(("title", "outlet", "author", "published", "updated", "url", "language"))
_LINE = re.compile(r"([A-Za-z][\w-]{0,40})[ \t]*:(?:[ \t]+(.*))?")
_MOST_LINES = 60


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the known, non-empty values of the front matter of `text`, and what follows it.

    Unknown keys are ignored; of a key given twice, the first value counts. Without front matter:
    an empty dictionary and `text` itself.
    """
    if not text.startswith("---"):
        return {}, text
    lines = text.split("\n", _MOST_LINES)
    if lines[0].strip() != "---":
        return {}, text
    values: dict[str, str] = {}
    consumed = len(lines[0]) + 1
    for line in lines[1:_MOST_LINES]:
        consumed += len(line) + 1
        if line.strip() == "---":
            return values, text[consumed:]
        match = _LINE.fullmatch(line.strip())
        if match is None and line.strip():
            return {}, text
        if match and match[2] and match[1].lower() in KEYS:
            values.setdefault(match[1].lower(), match[2].strip())
    return {}, text
