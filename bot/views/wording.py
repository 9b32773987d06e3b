"""Small French for the interface: typography, dates in Paris, «de» before a name. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from knowledge.text.days import written_day

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"

_SPELLED = ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
UNKNOWN_DATE = "date inconnue"

_ELIDED = re.compile(r"[aàâäæeéèêëiîïoôöœuùûü]|y[^aeéèêiou]", re.IGNORECASE)
# Most first names in h are elided, most surnames are not; these are the usual first names.
_MUTE_H = re.compile(r"h(?:el|él|en|erm|ervé|ipp|ono|ora|ort|ubert|yac)", re.IGNORECASE)


def typeset(text: str) -> str:
    """Return `text`, typed with plain spaces and apostrophes, in French typography."""
    text = text.replace("'", "’").replace("« ", "«" + NO_BREAK_SPACE)
    text = text.replace("n° ", "n°" + NO_BREAK_SPACE).replace(" Mio", NO_BREAK_SPACE + "Mio")
    text = re.sub(r" ([»:%€°])", NO_BREAK_SPACE + r"\1", text)
    return re.sub(r" ([;!?])", NARROW_NO_BREAK_SPACE + r"\1", text)


def number(value: int) -> str:
    """Return a whole number with its thousands apart: ``1 000``."""
    return f"{value:,}".replace(",", NARROW_NO_BREAK_SPACE)


def spelled(value: int) -> str:
    """Return a whole number in letters from two to nine, else in digits: «un» has a gender."""
    return _SPELLED[value - 2] if 2 <= value <= 9 else number(value)


def ordinal(value: int) -> str:
    """Return a place: ``1er``, ``2ᵉ``, ``1 000ᵉ``."""
    return "1er" if value == 1 else f"{number(value)}ᵉ"


def french_date(moment: datetime | None) -> str:
    """Return the day of `moment` in Paris: ``14 mars 2026``, ``1er mars 2026``."""
    return UNKNOWN_DATE if moment is None else written_day(moment)


def of_someone(name: str) -> str:
    """Return `name` after «de»: ``d’Anne``, ``du maire``, ``des experts``, ``de Paul``."""
    for article, contracted in (("le ", "du "), ("les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    elided = _ELIDED.match(name) or _MUTE_H.match(name)
    return ("d’" if elided else "de ") + name
