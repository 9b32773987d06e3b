"""An article as a digest reads it: once, however many readers want it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

from knowledge.articles import Sentence
from knowledge.digest.types import NewArticle
from knowledge.search.reading import Reading, read_sentence
from knowledge.text.french import content_stems
from knowledge.text.frequency import french_frequencies

_READ = 80  # sentences: what a longer article adds beyond is not its news
_OF_SUBJECT = 60  # stems that stand for an article when it is compared
_TITLE_WEIGHT = 3.0
_LEAD_WEIGHT = 2.0
_LEAD = 6  # sentences
_NAME_WEIGHT = 2.0  # two floods have the same words; places and people tell them apart

Vector = Mapping[str, float]


@dataclass(frozen=True)
class ReadArticle:
    """An article and what its words say; each reading is made when first asked for."""

    new: NewArticle

    @cached_property
    def title_stems(self) -> frozenset[str]:
        """The stems of the title that carry meaning."""
        return frozenset(content_stems(self.new.article.title))

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """The first sentences, read."""
        return tuple(read_sentence(sentence.text) for sentence in self.sentences)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The first 80 sentences."""
        return self.new.sentences[:_READ]

    @cached_property
    def title(self) -> Reading:
        """The title, read."""
        return read_sentence(self.new.article.title)

    @cached_property
    def stem_runs(self) -> str:
        """All stems of title and text in order, each between blanks, parts apart by bars."""
        parts = (content_stems(text) for text in self._texts())
        return " | ".join(f" {' '.join(stems)} " for stems in parts)

    def _texts(self) -> Iterator[str]:
        yield self.new.article.title
        for sentence in self.new.sentences:
            yield sentence.text

    @cached_property
    def body(self) -> Vector:
        """The words of the text by their weight: how often, and how rare in French; length 1."""
        counts = Counter(stem for reading in self.readings for stem in reading.stems)
        return unit({stem: sqrt(count) * _rarity(stem) for stem, count in counts.items()})

    @cached_property
    def subject(self) -> Vector:
        """The heaviest stems of the article, its title, its beginning and its names; length 1."""
        weights: dict[str, float] = dict.fromkeys(self.title.stem_set, _TITLE_WEIGHT)
        for place, reading in enumerate(self.readings):
            gain = _LEAD_WEIGHT if place < _LEAD else 1.0
            for stem in reading.stem_set:
                weights[stem] = weights.get(stem, 0.0) + gain
        names = self.name_stems
        heavy = {
            stem: sqrt(weight) * _rarity(stem) * (_NAME_WEIGHT if stem in names else 1.0)
            for stem, weight in weights.items()
        }
        best = sorted(heavy, key=lambda stem: (-heavy[stem], stem))[:_OF_SUBJECT]
        return unit({stem: heavy[stem] for stem in best})

    @cached_property
    def name_stems(self) -> frozenset[str]:
        """The stems of the names in the title and the text."""
        return frozenset(
            token.stem
            for reading in (self.title, *self.readings)
            for span in reading.names
            for token in reading.tokens
            if span.start <= token.start < span.end and not token.is_stopword
        )


def unit(weights: Mapping[str, float]) -> Vector:
    """Return the weights scaled to a vector of length 1; an empty one stays empty."""
    norm = sqrt(sum(weight * weight for weight in weights.values()))
    return {stem: weight / norm for stem, weight in weights.items()} if norm else {}


def cosine(one: Vector, other: Vector) -> float:
    """Return the cosine of two vectors of length 1, from 0 to 1."""
    small, large = sorted((one, other), key=len)
    return sum(weight * large.get(stem, 0.0) for stem, weight in small.items())


def rarity_share(part: frozenset[str], whole: frozenset[str]) -> float:
    """Return how much of `whole`, by the rarity of its stems, is in `part`: from 0 to 1."""
    total = sum(map(_rarity, whole))
    return sum(map(_rarity, part & whole)) / total if total else 0.0


def _rarity(stem: str) -> float:
    return french_frequencies().rarity(stem)
