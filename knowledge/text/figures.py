"""Figures as values: «200 000», «1,5 million», «vingt-cinq» and «25» compared by what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from knowledge.text.french import Token, fold, tokenise

_SCALES = {
    "mille": 10**3,
    "millier": 10**3,
    "million": 10**6,
    "milliard": 10**9,
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
}
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
_ORDINALS = {
    f"{word}ieme": value
    for value, word in enumerate(
        "deux trois quatr cinqu six sept huit neuv dix onz douz treiz quatorz quinz seiz".split(), 2
    )
} | {"second": 2, "seconde": 2, "vingtieme": 20, "centieme": 100}
_PARTS = {"tiers": Fraction(1, 3), "quart": Fraction(1, 4), "moitie": Fraction(1, 2)}
_PER_CENT = re.compile(r"\bpour[\s-]cents?\b", re.IGNORECASE)
_SHORT_SCALE = re.compile(r"(?<=\d)\s?(Mds?|M|k)\s?(?=[€$])")
_SHORT_SCALES = {"M": " millions ", "Md": " milliards ", "Mds": " milliards ", "k": " mille "}
_UNITS_AFTER = {
    "e": r"(?<=\d)(?:e|ème)\b",
    "%": "%",
    "pt": r"points?\b",
    "€": r"(?:€|(?:d['’])?euros?\b)",
    "$": r"(?:\$|(?:de )?dollars?\b)",
    "£": r"(?:£|(?:de )?livres?\b)",
    "franc": r"(?:de )?francs?\b",
    "°": r"(?:°|degrés?\b)",
    "ha": r"(?:ha|(?:d['’])?hectares?)\b",
    "km/h": r"(?:km\s?/\s?h|kilomètres?(?:[ -]| par )heure)\b",
    "km": r"(?:km|(?:de )?kilomètres?)\b(?!²|\s?/)",
    "km²": r"km²",
    "m²": r"(?:m²|(?:de )?mètres? carrés?\b)",
    "m": r"(?:m|(?:de )?mètres?)\b(?![²³])",
    "cm": r"(?:cm|centimètres?)\b",
    "kg": r"(?:kg|kilos?|kilogrammes?)\b",
    "t": r"(?:t|(?:de )?tonnes?)\b",
    "l": r"(?:de )?litres?\b",
    "an": r"(?:ans?|années?)\b",
    "mois": r"mois\b",
    "semaine": r"semaines?\b",
    "jour": r"jours?\b",
    "h": r"(?:h(?=\s?\d|\b)|heures?\b)",
    "min": r"(?:min|minutes?)\b",
    "s": r"secondes?\b",
}
_UNIT = [(re.compile(rf"\s*{form}", re.IGNORECASE), unit) for unit, form in _UNITS_AFTER.items()]
_RANGE = re.compile(r"\s+(?:à|et|ou)\s+\d+(?:,\d+)?(?=\s?%|\s[^\W\d_])")  # «5 à 7 %»
_MINUS = re.compile(r"(?:(?:^|[\s(])[-−–]|\bmoins )$", re.IGNORECASE)
_AT_LEAST = r"\b(?:plus d|au moins|dépass\w*|supérieure?s? à|minimum d)"
_AT_MOST = r"\b(?:moins d|au plus|au maximum|jusqu['’]à|inférieure?s? à|maximum d)"
_BOUNDS = tuple(
    (re.compile(rf"{form}(?:e |['’]| )*$", re.IGNORECASE), sign)
    for form, sign in ((_AT_LEAST, "+"), (_AT_MOST, "-"))
)
_PERSONS = r"(?:personnes?|mort(?:e|s|es)?|blessée?s?|victimes?|hommes?|femmes?|enfants?|décès)\b"
_ONE_PERSON = re.compile(rf"\b(?:un|une|1|seule?) (?:seule? )?{_PERSONS}", re.IGNORECASE)
_PERSONS_AFTER = re.compile(rf"\s*{_PERSONS}", re.IGNORECASE)
_SCORE = re.compile(r"(?<![\d-])(\d{1,3})\s?[-–]\s?(\d{1,3})(?![\d-])")
_NO_COUNTS = frozenset({"%", "e", "part"})  # «3 %» does not bear out «3 habitants»
_LONGEST_NUMBER = 30  # digits; a longer run is an identifier, not a figure


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, exact (0,1 is one tenth), its unit, and ``+`` or ``-`` if it is a bound.

    The unit is ``%``, ``€``, ``km``, … , ``e`` for an ordinal, ``part`` for a fraction, or empty.
    """

    value: Fraction
    unit: str = ""
    bound: str = ""


def figures(text: str) -> frozenset[Figure]:
    """Return the figures of `text`, in digits or in words.

    A scale word multiplies the figure before it: «1,5 million» is 1 500 000. A lone «un» or
    «une» is an article, not a figure. «premier» is none either, for most are no count.
    """
    text = _spelt_out(text)
    tokens = tokenise(text)
    found: list[Figure] = []
    group: list[Token] = []
    for index, token in enumerate(tokens):
        if group and not _adjoins(text, group[-1], token):
            found += _figure_of(group, text)
            group = []
        joins = group and _joins(group[-1], token, tokens[index + 1 : index + 2])
        if token.is_number or _is_number_word(token) or joins:
            group.append(token)
            continue
        found += _figure_of(group, text)
        found += _ordinal_or_half(token)
        group = []
    return frozenset(found + _figure_of(group, text))


def states_figures(claim: str, ground: str) -> bool:
    """Tell whether each figure of `claim` is one of `ground`.

    Its unit, if it has one, and its bound («plus de») must be the same; a score must be in the
    same order; one person is not several.
    """
    grounded = figures(ground)
    bare = {(figure.value, figure.bound) for figure in grounded if figure.unit not in _NO_COUNTS}
    stated = all(
        figure in grounded if figure.unit else (figure.value, figure.bound) in bare
        for figure in figures(claim)
    )
    return stated and _same_scores(claim, ground) and not _one_of_several(claim, ground)


def _spelt_out(text: str) -> str:
    text = _PER_CENT.sub("%", text)
    return _SHORT_SCALE.sub(lambda match: _SHORT_SCALES[match.group(1)], text)


def _same_scores(claim: str, ground: str) -> bool:
    told = set(_SCORE.findall(ground))
    return not any(
        (second, first) in told and (first, second) not in told
        for first, second in _SCORE.findall(claim)
    )


def _one_of_several(claim: str, ground: str) -> bool:
    if not _ONE_PERSON.search(claim) or _ONE_PERSON.search(ground):
        return False
    return any(
        (token.is_number or _is_number_word(token)) and _PERSONS_AFTER.match(ground, token.end)
        for token in tokenise(ground)
    )


def _joins(left: Token, token: Token, following: tuple[Token, ...]) -> bool:
    """Whether `token` is the «et» of «vingt et un», not that of «deux et trois»."""
    return (
        fold(token.text) == "et"
        and _singular(fold(left.text)) in _TENS
        and bool(following)
        and fold(following[0].text) in ("un", "une", "onze")
    )


def _ordinal_or_half(token: Token) -> list[Figure]:
    word = _singular(fold(token.text))
    if word in _ORDINALS:
        return [Figure(Fraction(_ORDINALS[word]), "e")]
    if word == "moitie":
        return [Figure(_PARTS[word], "part")]
    if token.stem.isdecimal() and token.stem != "1":  # «XIXe»
        return [Figure(Fraction(token.stem), "e")]
    return []


def _adjoins(text: str, left: Token, right: Token) -> bool:
    """Whether only spaces or hyphens stand between, and both are parts of one number."""
    if text[left.end : right.start].strip(" \u00a0\u202f\t\n-‐‑"):
        return False
    return not right.is_number  # «12 5» is two figures


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and word not in ("trois", "tiers") else word


def _is_number_word(token: Token) -> bool:
    word = _singular(fold(token.text))
    return word in _UNITS or word in _TENS or word in _SCALES or word == "cent"


def _figure_of(group: list[Token], text: str) -> list[Figure]:
    """Return the figure that adjoining number tokens make, or nothing."""
    words = [fold(token.text) for token in group]
    if not words:
        return []
    part = _part_after(group[-1], text)
    if words in (["un"], ["une"]) and not part:
        return []
    total, current = Fraction(0), Fraction(0)
    for word, token in zip(words, group, strict=False):
        if token.is_number:
            if len(token.stem) > _LONGEST_NUMBER:
                return []
            current = Fraction(token.stem)
            continue
        total, current = _apply(_singular(word), total, current)
    before = text[max(0, group[0].start - 24) : group[0].start]
    value, bound = total + current, _bound(before)
    if part:
        return [Figure(value * part, "part", bound)]
    if _MINUS.search(before):
        value = -value
    return [Figure(value, _unit_after(group[-1], text), bound)]


def _bound(before: str) -> str:
    return next((sign for form, sign in _BOUNDS if form.search(before)), "")


def _part_after(token: Token, text: str) -> Fraction | None:
    match = re.compile(r"\s+(tiers|quart)s?\b", re.IGNORECASE).match(text, token.end)
    return _PARTS[match.group(1).lower()] if match else None


def _unit_after(token: Token, text: str) -> str:
    range_ = _RANGE.match(text, token.end)
    place = range_.end() if range_ else token.end
    return next((unit for form, unit in _UNIT if form.match(text, place)), "")


def _apply(word: str, total: Fraction, current: Fraction) -> tuple[Fraction, Fraction]:
    if word in _SCALES:
        return total + max(current, Fraction(1)) * _SCALES[word], Fraction(0)
    if word == "cent":
        return total, max(current, Fraction(1)) * 100
    if word == "vingt" and current % 100 == 4:  # quatre-vingts
        return total, current - 4 + 80
    return total, current + _UNITS.get(word, _TENS.get(word, 0))
