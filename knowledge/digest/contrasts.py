"""Figures of one event on which its articles differ: found by what they count. Pure.

Precision before recall: a pair is shown only if both figures have one unit or count the same
kind of thing, in contexts that say nearly the same, each the other's best match, and neither
article gives the other's figure too. Nobody says which one is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from knowledge.articles import Sentence, Span
from knowledge.digest.reading import (
    ReadArticle,
    Vector,
    cosine,
    once_an_article,
    stem_rarity,
    unit,
)
from knowledge.digest.types import Contrast
from knowledge.search.reading import Reading, is_content
from knowledge.text.figures import Figure, figures
from knowledge.text.french import stem
from knowledge.types import Citation

SAME_THING = 0.35
"""Likeness of the contexts of two figures from which they are about one thing.

Chosen on the shipped articles on one event (a07 and a08, b01 and b02); see the evaluation.
"""

_SENTENCES = 20
_MOST = 2  # contrasts of one event
_TITLE_WEIGHT = 0.7
_REST_WEIGHT = 0.5  # of the words of a sentence outside the figure's own clause
_CLOSE = 0.02  # share by which two figures may differ and say the same
_ROUGHLY_CLOSE = 0.15  # the same, for «environ 400»
_ROUGH = re.compile(
    r"\b(?:environ|près d|quelque|à peu près|autour d|presque|une? \w+aine)[\w’' ]{0,4}$",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:()«»–—]")
_POPULATION = re.compile(r"(?:\bde |[\(,] ?)$")
_SKIPPED_UNITS = frozenset({"e", "part", "an", "h", "min", "s", "jour", "semaine", "mois", "°"})
_KINDS = """
personne habitant manifestant participant riverain sinistré évacué spectateur visiteur passager gens
mort décès victime tué décédé
blessé
maison logement habitation
emploi poste salarié licenciement
""".strip().splitlines()
_KIND_OF = {stem(word): str(place) for place, words in enumerate(_KINDS) for word in words.split()}
_INHABITANT = stem("habitant")


@dataclass(frozen=True)
class Quantity:
    """A figure of a sentence: its place in it, what it counts, and the words around.

    `span` is in code points of the sentence. `counted` is the class or the stem of what is counted,
    empty where the figure has a unit; `rough` tells «environ 400». `context` has length 1.
    """

    article: ReadArticle
    sentence: Sentence
    span: Span
    figure: Figure
    counted: str
    rough: bool
    context: Vector

    @property
    def kind(self) -> tuple[str, str]:
        """What must be the same for two figures to be compared."""
        return self.figure.unit, self.counted

    @property
    def citation(self) -> Citation:
        """The whole sentence, the figure marked."""
        marked = self.span.shift(self.sentence.span.start)
        return Citation.of_sentence(self.sentence, self.article.new.article, marked)


@once_an_article
def quantities(article: ReadArticle) -> tuple[Quantity, ...]:
    """Return the figures of the first sentences that count or measure something."""
    headline = list(_figures(article.title))
    found = []
    read = zip(article.sentences, article.readings, strict=True)
    for sentence, reading in islice(read, _SENTENCES):
        for span, figure, rough in _figures(reading):
            noun = _noun(reading, span)
            counted = _counted(reading, span, figure, noun)
            if counted is None:
                continue
            named = any(_may_be_one(figure, other) for _, other, _ in headline)
            context = _context(reading, span, article.title.stem_set if named else frozenset())
            context = unit({word: weight for word, weight in context.items() if word != noun})
            found.append(Quantity(article, sentence, span, figure, counted, rough, context))
    return tuple(found)


def contrasts(articles: Sequence[ReadArticle]) -> tuple[Contrast, ...]:
    """Return what `articles`, all on one event, give different figures for: at most two.

    The clearest comes first; the sentences of each are the oldest first.
    """
    told = [quantities(article) for article in articles]
    found = sorted(
        (pair for one, other in combinations(told, 2) for pair in _differing(one, other)),
        key=lambda pair: (-pair[0], pair[1].sentence.index, pair[1].article.new.id),
    )
    chosen: list[Contrast] = []
    kinds: set[tuple[str, str]] = set()
    for _, one, other in found:
        if one.kind not in kinds and len(chosen) < _MOST:
            kinds.add(one.kind)
            pair = sorted(
                (one, other), key=lambda each: (each.article.new.moment, each.article.new.id)
            )
            chosen.append(Contrast(tuple(each.citation for each in pair)))
    return tuple(chosen)


def _differing(
    ones: Sequence[Quantity], others: Sequence[Quantity]
) -> Iterator[tuple[float, Quantity, Quantity]]:
    for one in ones:
        other, alike = _best(one, others)
        if other is None or alike < SAME_THING or _best(other, ones)[0] is not one:
            continue
        if not (_given(one, others) or _given(other, ones) or _agree(one, other)):
            yield alike, one, other


def _best(quantity: Quantity, among: Sequence[Quantity]) -> tuple[Quantity | None, float]:
    """Return what is most likely about the same thing, and how likely; ties by place."""
    best, most = None, 0.0
    for other in among:
        if other.kind == quantity.kind:
            alike = cosine(quantity.context, other.context)
            if alike > most:
                best, most = other, alike
    return best, most


def _given(quantity: Quantity, among: Sequence[Quantity]) -> bool:
    return any(
        other.kind == quantity.kind and other.figure.value == quantity.figure.value
        for other in among
    )


def _agree(one: Quantity, other: Quantity) -> bool:
    """Whether both may be true: a bound that the other is within, or nearly the same."""
    if _may_be_one(one.figure, other.figure):
        return True
    small, large = sorted((abs(one.figure.value), abs(other.figure.value)))
    close = _ROUGHLY_CLOSE if one.rough or other.rough else _CLOSE
    return large - small <= close * large


def _may_be_one(one: Figure, other: Figure) -> bool:
    if one.unit != other.unit:
        return False
    if one.bound and other.bound and one.bound != other.bound:
        return False
    for bounded, exact in ((one, other), (other, one)):
        if bounded.bound == "+" and exact.value >= bounded.value:
            return True
        if bounded.bound == "-" and exact.value <= bounded.value:
            return True
    return one.value == other.value


def _figures(reading: Reading) -> Iterator[tuple[Span, Figure, bool]]:
    """Yield the figures that are no dates, with their places and whether they are rough."""
    spans = _joined(reading)
    for place, span in enumerate(spans):
        if any(span.start < date.end and date.start < span.end for date in reading.dates):
            continue
        start = max(spans[place - 1].end if place else 0, span.start - 24)
        following = spans[place + 1].start if place + 1 < len(spans) else len(reading.text)
        found = figures(reading.text[start : min(following, span.end + 30)])
        if len(found) == 1:
            yield (
                span,
                next(iter(found)),
                _ROUGH.search(reading.text[start : span.start]) is not None,
            )


def _joined(reading: Reading) -> list[Span]:
    """Return the numbers of a sentence; «2 millions» and «vingt-cinq» are one each."""
    spans: list[Span] = []
    for span in reading.numbers:
        if spans and reading.text[spans[-1].end : span.start].strip(" \u00a0\u202f-‐‑") == "":
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    return spans


def _noun(reading: Reading, span: Span) -> str | None:
    """Return the stem of the word that a number is followed by, «de» left out."""
    after = [token for token in reading.tokens if token.start >= span.end][:2]
    if after and after[0].text.casefold() in ("de", "des"):
        del after[0]
    found = after[0] if after else None
    return found.stem if found and is_content(found) and not found.is_number else None


def _counted(reading: Reading, span: Span, figure: Figure, noun: str | None) -> str | None:
    """Return the class of what the figure counts, empty for a measure, None if it is to skip."""
    if figure.unit:
        return None if figure.unit in _SKIPPED_UNITS else ""
    if noun == _INHABITANT and _POPULATION.search(reading.text[: span.start]):
        return None  # «une commune de 6 200 habitants»: no figure of the event
    return None if noun is None else _KIND_OF.get(noun, noun)


def _context(reading: Reading, span: Span, title: frozenset[str]) -> Vector:
    """Return the words around a figure, those of its clause twice as heavy; length 1."""
    start = max((m.end() for m in _CLAUSE_END.finditer(reading.text, 0, span.start)), default=0)
    after = _CLAUSE_END.search(reading.text, span.end)
    end = after.start() if after else len(reading.text)
    weights: dict[str, float] = dict.fromkeys(title, _TITLE_WEIGHT)
    for token in reading.tokens:
        if is_content(token) and not token.is_number and token.stem not in _KIND_OF:
            gain = 1.0 if start <= token.start < end else _REST_WEIGHT
            weights[token.stem] = max(weights.get(token.stem, 0.0), gain)
    return unit(_weighed(weights))


def _weighed(weights: Mapping[str, float]) -> dict[str, float]:
    return {
        each: weight * stem_rarity(each)
        for each, weight in weights.items()
        if not each[0].isdecimal() and each not in _KIND_OF
    }
