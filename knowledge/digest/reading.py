"""An article as a digest reads it: once, however many readers want it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache, wraps
from math import sqrt
from typing import TypeVar

from knowledge.articles import Sentence
from knowledge.digest.shingles import Shingles, shingles
from knowledge.digest.types import Arrival, NewArticle
from knowledge.search.reading import Reading, read_sentence
from knowledge.text.dates import DateMention
from knowledge.text.days import paris_day
from knowledge.text.french import content_stems, fold, tokenise
from knowledge.text.frequency import french_frequencies

_READ = 80  # sentences: what a longer article adds beyond is not its news
_HEAVIEST = 100  # stems that stand for an article when it is compared
_TITLE_WEIGHT = 4.0
_LEAD_WEIGHT = 3.0
_LEAD = 6  # sentences
_RARE_NAME, _RARE_WORD = 4.0, 3.5  # rarities of what tells one event from another
_WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()

Vector = Mapping[str, float]
_Found = TypeVar("_Found")


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
    def outlets(self) -> frozenset[str]:
        """The outlets that are known to have published this very text, folded."""
        return frozenset(map(fold, self.new.outlets))

    @cached_property
    def by_outlet(self) -> Mapping[str, datetime]:
        """When it first came from each outlet, folded, that it ever had."""
        came = _earliest((fold(one.name), one) for one in self.new.by_outlets)
        return dict.fromkeys(self.outlets, self.new.saved_at) | came

    @cached_property
    def by_feed(self) -> Mapping[str, datetime]:
        """When each feed, by its id, first brought it."""
        return _earliest((one.name, one) for one in self.new.by_feeds)

    @cached_property
    def stem_runs(self) -> str:
        """All stems of title and text in order, each between blanks, sentences apart by bars."""
        read = [reading.stems for reading in (self.title, *self.readings)]
        rest = [content_stems(one.text) for one in self.new.sentences[_READ:]]
        return " | ".join(f" {' '.join(stems)} " for stems in (*read, *rest))

    @cached_property
    def stems(self) -> frozenset[str]:
        """All stems of title and text."""
        return frozenset(self.stem_runs.split())

    @cached_property
    def folded(self) -> str:
        """Every word of title and text in order, stop words too, without case and accents."""
        text = f"{self.new.article.title} | {self.new.article.text}"
        return f" {' '.join(fold(token.text) for token in tokenise(text))} "

    @cached_property
    def shingles(self) -> Shingles:
        """What the text is compared by; see :mod:`knowledge.digest.shingles`."""
        return shingles(fold(token.text) for one in self.readings for token in one.tokens)

    @cached_property
    def rare_names(self) -> frozenset[str]:
        """The stems of its names that few articles have."""
        return frozenset(stem for stem in self.names if stem_rarity(stem) >= _RARE_NAME)

    @cached_property
    def rare_words(self) -> frozenset[str]:
        """The rare stems of the title and of the first sentences that are no names."""
        told = (self.title, *self.readings[:_LEAD])
        stems = frozenset[str]().union(*(reading.stem_set for reading in told)) - self.name_stems
        return frozenset(stem for stem in stems if stem_rarity(stem) >= _RARE_WORD)

    @cached_property
    def body(self) -> Vector:
        """The words of the text by their weight: how often, and how rare in French; length 1."""
        counts = Counter(stem for reading in self.readings for stem in reading.stems)
        return unit({stem: sqrt(count) * stem_rarity(stem) for stem, count in counts.items()})

    @cached_property
    def topic(self) -> Vector:
        """The heaviest of its words that are no names: what happened."""
        return self._heaviest[0]

    @cached_property
    def names(self) -> Vector:
        """The heaviest of its names: where and to whom."""
        return self._heaviest[1]

    @cached_property
    def _heaviest(self) -> tuple[Vector, Vector]:
        """The topic and the names."""
        weights: dict[str, float] = dict.fromkeys(self.title.stem_set, _TITLE_WEIGHT)
        for place, reading in enumerate(self.readings):
            gain = _LEAD_WEIGHT if place < _LEAD else 1.0
            for stem in reading.stem_set:
                weights[stem] = weights.get(stem, 0.0) + gain
        topic: dict[str, float] = {}
        names: dict[str, float] = {}
        for stem, weight in weights.items():
            if not stem[0].isdecimal():
                kind = names if stem in self.name_stems else topic
                kind[stem] = sqrt(weight) * stem_rarity(stem)
        return _heaviest_of(topic), _heaviest_of(names)

    @cached_property
    def days(self) -> frozenset[tuple[int, int]]:
        """The days (month, day) that its beginning names, «samedi» by the publication's date."""
        published = self.new.article.published
        day = paris_day(published) if published else None
        found = (
            named
            for reading in (self.title, *self.readings[:_LEAD])
            for mention in reading.date_mentions
            if (named := _day_of(mention, reading.text, day)) is not None
        )
        return frozenset(found)

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


def _earliest(arrivals: Iterable[tuple[str, Arrival]]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for name, arrival in arrivals:
        found[name] = min(arrival.moment, found.get(name, arrival.moment))
    return found


def once_an_article(function: Callable[[ReadArticle], _Found]) -> Callable[[ReadArticle], _Found]:
    """Return `function`, each result kept with its article and gone with it.

    As its cached properties are, for what other modules find in an article, which never changes.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def found(article: ReadArticle) -> _Found:
        known = vars(article)
        if name not in known:
            known[name] = function(article)
        result: _Found = known[name]
        return result

    return found


def _heaviest_of(weights: Mapping[str, float]) -> Vector:
    best = sorted(weights, key=lambda stem: (-weights[stem], stem))[:_HEAVIEST]
    return {stem: weights[stem] for stem in best}


def _day_of(mention: DateMention, text: str, published: date | None) -> tuple[int, int] | None:
    """Return the month and day of a mention; a lone weekday is the last one before `published`."""
    if mention.month and mention.day:
        return mention.month, mention.day
    word = fold(mention.span.of(text)).split()[0]
    if published is None or (word not in _WEEKDAYS and word != "hier"):
        return None
    back = 1 if word == "hier" else (published.weekday() - _WEEKDAYS.index(word)) % 7
    day = published - timedelta(days=back)
    return day.month, day.day


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
    total = sum(map(stem_rarity, whole))
    return sum(map(stem_rarity, part & whole)) / total if total else 0.0


@lru_cache(maxsize=65_536)
def stem_rarity(stem: str) -> float:
    """Return how rare `stem` is in French, from about 0.2 to 6.5."""
    return french_frequencies().rarity(stem)
