"""Figures as values: «200 000», «1,5 million», «vingt-cinq» and «25» compared by what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from knowledge.text.french import Token, fold, tokenise

_SCALES = {"mille": 10**3, "millier": 10**3, "million": 10**6, "milliard": 10**9}
_UNITS = {
    word: value
    for value, word in enumerate(
        "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
        "seize".split()
    )
} | {"une": 1}
_TENS = {
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "octante": 80,
    "huitante": 80,
    "nonante": 90,
}
_PER_CENT = re.compile(r"\bpour[\s-]cents?\b", re.IGNORECASE)
_UNIT = re.compile(r"\s*(?:(%)|(€|(?:d['’])?euros?\b)|(\$|(?:de )?dollars?\b))", re.IGNORECASE)
_LONGEST_NUMBER = 30  # digits; a longer run is an identifier, not a figure


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, exact (0,1 is one tenth), and its unit: ``%``, ``€``, ``$`` or empty."""

    value: Fraction
    unit: str = ""


def figures(text: str) -> frozenset[Figure]:
    """Return the figures of `text`, in digits or in words.

    A scale word multiplies the figure before it: «1,5 million» is 1 500 000. A lone «un» or
    «une» is an article, not a figure.
    """
    text = _PER_CENT.sub("%", text)
    found: list[Figure] = []
    group: list[Token] = []
    for token in tokenise(text):
        if group and not _adjoins(text, group[-1], token):
            found += _figure_of(group, text)
            group = []
        if token.is_number or _is_number_word(token) or (group and fold(token.text) == "et"):
            group.append(token)
        elif group:
            found += _figure_of(group, text)
            group = []
    return frozenset(found + _figure_of(group, text))


def states_figures(claim: str, ground: str) -> bool:
    """Tell whether each figure of `claim` is one of `ground`, with its unit if it has one."""
    grounded = figures(ground)
    values = {figure.value for figure in grounded}
    return all(
        figure in grounded if figure.unit else figure.value in values for figure in figures(claim)
    )


def _adjoins(text: str, left: Token, right: Token) -> bool:
    """Whether only spaces or hyphens stand between, and both are parts of one number."""
    if text[left.end : right.start].strip(" \u00a0\u202f\t\n-‐‑"):
        return False
    return not right.is_number  # «12 5» is two figures


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and word != "trois" else word


def _is_number_word(token: Token) -> bool:
    word = _singular(fold(token.text))
    return word in _UNITS or word in _TENS or word in _SCALES or word == "cent"


def _figure_of(group: list[Token], text: str) -> list[Figure]:
    """Return the figure that adjoining number tokens make, or nothing."""
    words = [fold(token.text) for token in group]
    while words and words[-1] == "et":
        words.pop()
    if not words or words in (["un"], ["une"]):
        return []
    total, current = Fraction(0), Fraction(0)
    for word, token in zip(words, group, strict=False):
        if token.is_number:
            if len(token.stem) > _LONGEST_NUMBER:
                return []
            current = Fraction(token.stem)
            continue
        total, current = _apply(_singular(word), total, current)
    return [Figure(total + current, _unit_after(group[len(words) - 1], text))]


def _unit_after(token: Token, text: str) -> str:
    match = _UNIT.match(text, token.end)
    return "%€$"[(match.lastindex or 1) - 1] if match else ""


def _apply(word: str, total: Fraction, current: Fraction) -> tuple[Fraction, Fraction]:
    if word in _SCALES:
        return total + max(current, Fraction(1)) * _SCALES[word], Fraction(0)
    if word == "cent":
        return total, max(current, Fraction(1)) * 100
    if word == "vingt" and current % 100 == 4:  # quatre-vingts
        return total, current - 4 + 80
    return total, current + _UNITS.get(word, _TENS.get(word, 0))
