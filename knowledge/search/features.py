"""What speaks for a sentence as the answer of a question, as numbers from about 0 to 1. Pure.

The weights of these features are fitted (``knowledge/evaluation/fit.py``) and shipped; their
names are the contract between this module and that file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.search.matching import Matcher
from knowledge.search.question import AnswerType, QuestionAnalysis
from knowledge.search.reading import Reading
from knowledge.search.spans import answer_spans

HIGHEST_RARITY = 6.5  # of a stem in :mod:`knowledge.text.frequency`, about

Rarity = Callable[[str], float]
"""How rare a stem is, 0 and above: the rarer, the more a match of it tells."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the sentences of one passage.

    `rank` is the passage's; `title`, `passage` and `article` are stems: of the title, of its own
    text and of all passages found of its article, whose sentences are `siblings`.
    """

    rank: int
    title: frozenset[str]
    passage: frozenset[str]
    article: frozenset[str]
    siblings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer; `before` and `after` are its neighbours, if any."""

    reading: Reading
    before: Reading | None
    after: Reading | None
    index: int
    around: Surroundings


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the sentences of one passage share: matches of the title, features.

    It holds `around`, by whose identity it is kept.
    """

    around: Surroundings
    title: Mapping[int, float]
    with_passage: float
    shared: Mapping[str, float]


_CUES: Mapping[AnswerType, Callable[[Reading], bool]] = {
    AnswerType.REASON: lambda reading: reading.has_reason,
    AnswerType.MANNER: lambda reading: reading.has_manner,
    AnswerType.PLACE: lambda reading: reading.has_place,
    AnswerType.DEFINITION: lambda reading: reading.has_definition,
}


class FeatureReader:
    """Reads the features of candidates for one question.

    `rarities` are those of the question's stems, by position; `weights` are the same, scaled to a
    sum of 1.
    """

    def __init__(self, question: QuestionAnalysis, rarity: Rarity) -> None:
        self.question = question
        self._matcher = Matcher(question.stems)
        weights = [rarity(stem) for stem in question.stems]
        total = sum(weights) or 1.0
        self.weights = [weight / total for weight in weights]
        self.rarities = weights
        self._grounds: dict[int, _Ground] = {}
        self._local: dict[int, list[float]] = {}
        self._matches: dict[str, Mapping[int, float]] = {}

    def coverage(self, strengths: Mapping[int, float]) -> float:
        """Return the share of the question, by rarity, that is matched: 0 to 1."""
        return sum(self.weights[position] * value for position, value in strengths.items())

    def _ground(self, around: Surroundings) -> _Ground:
        """Return what all sentences of one passage share; read once a passage."""
        known = self._grounds.get(id(around))
        if known is None:
            known = self._grounds[id(around)] = self._read_ground(around)
        return known

    def _read_ground(self, around: Surroundings) -> _Ground:
        title, passage, article = (
            self._matcher.strengths(stems)
            for stems in (around.title, around.passage, around.article)
        )
        everywhere = _union(title, passage, article)
        with_passage = self.coverage(_union(title, passage))
        whole = self.coverage(everywhere)
        question = self.question
        shared = {
            "article": whole - with_passage,
            "whole": whole,
            "missing": self._rarest_missing(everywhere),
            "names_missing": 1.0 - self._share(everywhere, question.names, none=1.0),
            "numbers_missing": 1.0 - self._share(everywhere, question.numbers, none=1.0),
            "head_missing": 1.0 - self._share(everywhere, {question.head or ""}, none=1.0),
            "top_rank": 1.0 / around.rank,
            "rank": math.log(around.rank) / 3.0,
        }
        return _Ground(around, title, with_passage, shared)

    def matches(self, reading: Reading | None) -> Mapping[int, float]:
        """Return the matches of one sentence, by position in the question's stems."""
        if reading is None:
            return {}
        known = self._matches.get(reading.text)
        if known is None:
            known = self._matches[reading.text] = self._matcher.strengths(reading.stem_set)
        return known

    def counts(self, readings: Sequence[Reading]) -> list[float]:
        """Return how many of `readings` match each of the question's stems, by strength."""
        counts = [0.0] * len(self.rarities)
        for reading in readings:
            for position, strength in self.matches(reading).items():
                counts[position] += strength
        return counts

    def read(self, candidate: Candidate) -> dict[str, float]:
        """Return the features of `candidate` by name."""
        own = self.matches(candidate.reading)
        ground = self._ground(candidate.around)
        title = ground.title
        with_title = self.coverage(_union(own, title))
        with_near = self.coverage(
            _union(own, self.matches(candidate.before), self.matches(candidate.after))
        )
        covered = self.coverage(own)
        beyond = self._beyond(own, title)
        features = {
            **ground.shared,
            "told": self._told(candidate.around.siblings, own, title),
            "beyond": beyond,
            "topic": with_title,
            "topic_squared": with_title**2,
            "covered": covered,
            "covered_squared": covered * covered,
            "near": max(0.0, with_near - with_title),
            "title": with_title - covered,
            "passage": ground.with_passage - max(with_near, with_title),
            "names_covered": self._share(own, self.question.names),
            "numbers_covered": self._share(own, self.question.numbers),
            "head_covered": self._share(own, {self.question.head or ""}),
            "pairs": self._pairs(candidate.reading, title),
            "closeness": self._closeness(candidate.reading, own, title),
        }
        features.update(self._shape(candidate, own))
        features.update(self._answer_features(candidate, covered, beyond))
        return features

    def _told(
        self,
        siblings: tuple[Reading, ...],
        own: Mapping[int, float],
        title: Mapping[int, float],
    ) -> float:
        """Return how much the matched stems tell where in its article to look: 0 to 1."""
        telling = self._local_weights(siblings)
        return sum(
            telling[position] * value * (1.0 - title.get(position, 0.0))
            for position, value in own.items()
        )

    def _local_weights(self, siblings: tuple[Reading, ...]) -> list[float]:
        """Return what each question stem tells about where to look within one article.

        A stem that most of its sentences hold tells little, one that a single sentence holds
        tells most; one that none holds tells nothing. The weights sum to 1.
        """
        known = self._local.get(id(siblings))
        if known is None:
            weights = [
                rarity * math.log(1.0 + len(siblings) / max(count, 0.5)) if count else 0.0
                for rarity, count in zip(self.rarities, self.counts(siblings), strict=True)
            ]
            total = sum(weights) or 1.0
            known = self._local[id(siblings)] = [weight / total for weight in weights]
        return known

    def _beyond(self, own: Mapping[int, float], title: Mapping[int, float]) -> float:
        """Return the share matched of what the question says beyond the article's topic."""
        rest = [(i, w) for i, w in enumerate(self.weights) if title.get(i, 0.0) < 1.0]
        total = sum(weight for _, weight in rest)
        return sum(own.get(i, 0.0) * weight for i, weight in rest) / total if total else 0.0

    def _rarest_missing(self, matches: Mapping[int, float]) -> float:
        """Return the rarity of the rarest stem that is matched nowhere around: 0 to about 1."""
        missing = (r * (1.0 - matches.get(i, 0.0)) for i, r in enumerate(self.rarities))
        return max(missing, default=0.0) / HIGHEST_RARITY

    def _share(
        self,
        matches: Mapping[int, float],
        wanted: frozenset[str] | set[str],
        none: float = 0.0,
    ) -> float:
        """Return how much of the `wanted` stems is matched; `none` if none is wanted."""
        positions = [i for i, stem in enumerate(self.question.stems) if stem in wanted]
        if not positions:
            return none
        return sum(matches.get(i, 0.0) for i in positions) / len(positions)

    def _pairs(self, reading: Reading, title: Mapping[int, float]) -> float:
        """Return the share of the question's neighbouring stems that are neighbours here.

        Neighbours that both stand in the title («Port-Lannec») are known already.
        """
        stems = self.question.stems
        if len(stems) < 2:
            return 0.0
        places: dict[str, list[int]] = {}
        for place, stem in enumerate(reading.stems):
            places.setdefault(stem, []).append(place)
        together = sum(
            any(0 < right - left <= 2 for left in places.get(one, ()) for right in places[two])
            for position, (one, two) in enumerate(pairwise(stems))
            if two in places and not (position in title and position + 1 in title)
        )
        return together / (len(stems) - 1)

    def _closeness(
        self, reading: Reading, own: Mapping[int, float], title: Mapping[int, float]
    ) -> float:
        """Return how near to each other the matched stems stand: 1 when side by side."""
        matched = {self.question.stems[i] for i in own if i not in title}
        places = [place for place, stem in enumerate(reading.stems) if stem in matched]
        if len(places) < 2:
            return 0.0
        return len(places) / (places[-1] - places[0] + 1)

    def _shape(self, candidate: Candidate, own: Mapping[int, float]) -> dict[str, float]:
        """Return how long the sentence is, how much it adds, where it stands and how it ends."""
        reading = candidate.reading
        words = max(1, len(reading.stems))
        matched = {self.question.stems[i] for i in own}
        fresh = sum(stem not in matched for stem in reading.stem_set)
        return {
            "length": min(math.log(words) / 4.0, 1.2),
            "short": 1.0 if words < 4 else 0.0,
            "fresh": min(fresh, 8) / 8.0,
            "first": 1.0 if candidate.index == 0 else 0.0,
            "unresolved": float(reading.is_unresolved),
            "question": float(reading.is_question),
            "heading": float(reading.is_heading),
        }

    def _answer_features(
        self, candidate: Candidate, covered: float, beyond: float
    ) -> dict[str, float]:
        """Return whether the sentence holds what the question's type asks for."""
        kind = self.question.type
        spans = answer_spans(self.question, candidate.reading)
        present = 1.0 if spans else 0.0
        reading = candidate.reading
        features = {f"has_{one.value}": 0.0 for one in AnswerType}
        if kind in _CUES:
            present = float(_CUES[kind](reading))
        if self.question.units and spans and not spans[0].is_sure:
            present = 0.3
        sure = 1.0 if spans and spans[0].is_sure else 0.0
        features[f"has_{kind.value}"] = present
        features["has_and_covered"] = present * covered
        features["has_and_beyond"] = present * beyond
        features["sure_span"] = sure
        features["sure_and_beyond"] = sure * beyond
        return features


def _union(*matches: Mapping[int, float]) -> dict[int, float]:
    best: dict[int, float] = {}
    for some in matches:
        for position, strength in some.items():
            if strength > best.get(position, 0.0):
                best[position] = strength
    return best
