"""A list of subjects as people type it: «budget, école sauf football». Pure."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[,;\n]+")
_AVOIDED = re.compile(r"(?:-\s*|–\s*|sauf\s+|pas\s+de\s+|sans\s+)(?=\S)", re.IGNORECASE)
_AVOIDED_WITHIN = re.compile(r"\s(?=sauf\s)", re.IGNORECASE)  # «sans» is in many a name
_BULLET = re.compile(r"^[ \t]*[-–•*][ \t]+", re.MULTILINE)


def subject_list(text: str) -> list[str]:
    """Return the parts of `text` between commas, semicolons and ends of lines, in their order.

    A part that holds no letter or digit names nothing, and is left out.
    """
    parts = (part.strip(" .\t") for part in _SEPARATORS.split(text))
    return [part for part in parts if _names_something(part)]


def asked_parts(text: str) -> list[str]:
    """Return the parts of `text` as :func:`subject_list` does, and «sauf …» begins another one.

    `avoided` tells what each is. At the beginning of one line of several, a dash that stands
    apart is the mark of a list and no «sauf».
    """
    listed = _BULLET.sub("", text) if "\n" in text.strip() else text
    parts = subject_list(_AVOIDED_WITHIN.sub(",", listed))
    return [part for part in parts if _names_something(avoided(part) or part)]


def avoided(part: str) -> str | None:
    """Return what `part` leaves out: «football» of «sauf football»; None if it asks for it."""
    found = _AVOIDED.match(part)
    return part[found.end() :] if found else None


def _names_something(part: str) -> bool:
    return any(map(str.isalnum, part))
