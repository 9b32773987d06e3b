"""Articles in a French of sorts: distinct, seeded, with the word frequencies of real news.

For speed and memory only. Quality is measured on real texts.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from knowledge.types import ArticleDraft

_ONSETS = "b c d f g l m n p r s t v br cr dr fl gr pl pr tr ch qu".split()
_VOWELS = "a e i o u ou an on in é ai oi eu".split()
_NOUN_ENDINGS = "tion ment age eur ette isme ité ure ance oir".split()
_VERB_ENDINGS = "ait a era aient ont eront".split()
_ADJECTIVE_ENDINGS = "ique al eux if able aire".split()
_TITLES = "M. Mme Dr".split()
_OUTLETS = ("La Dépêche du Val", "Le Quotidien des Monts", "L’Écho de la Serne")
_START = datetime(2023, 1, 1, 6, tzinfo=UTC)


class _Language:
    """A vocabulary drawn once, words chosen by a Zipf law (the n-th as often as 1/n)."""

    def __init__(self, generator: random.Random) -> None:
        self._random = generator
        stems = sorted({self._stem() for _ in range(6_000)})
        generator.shuffle(stems)
        self._nouns = [stem + generator.choice(_NOUN_ENDINGS) for stem in stems[:2_500]]
        self._verbs = [stem + generator.choice(_VERB_ENDINGS) for stem in stems[2_500:3_300]]
        self._adjectives = [stem + generator.choice(_ADJECTIVE_ENDINGS) for stem in stems[3_300:]]
        self._names = [stem.capitalize() + "ac" for stem in stems[:800]]
        self._weights: dict[int, list[float]] = {}

    def _stem(self) -> str:
        pick = self._random.choice
        return "".join(pick(_ONSETS) + pick(_VOWELS) for _ in range(self._random.randint(1, 3)))

    def word(self, words: list[str]) -> str:
        """Draw a word, the first of the list the most often."""
        if len(words) not in self._weights:
            ranks = (1 / rank for rank in range(1, len(words) + 1))
            self._weights[len(words)] = list(itertools.accumulate(ranks))
        return self._random.choices(words, cum_weights=self._weights[len(words)])[0]

    def clause(self) -> str:
        """Return a clause of five to a dozen words."""
        noun, other = self.word(self._nouns), self.word(self._nouns)
        return (
            f"{self._random.choice(('le', 'la', 'une', 'cette'))} {noun} "
            f"{self.word(self._adjectives)} {self.word(self._verbs)} "
            f"{self._random.choice(('dans la', 'pour une', 'avec le', 'sans'))} {other}"
        )

    def sentence(self) -> str:
        """Return a sentence of one of four shapes news is made of."""
        shape = self._random.randrange(4)
        clause = self.clause()
        name = self.word(self._names)
        if shape == 0:
            number = self._random.randint(2, 9_999)
            return f"À {name}, {clause}, soit {number} {self.word(self._nouns)}s de plus."
        if shape == 1:
            return f"« {clause.capitalize()} », a déclaré {self._random.choice(_TITLES)} {name}."
        if shape == 2:
            return f"{clause.capitalize()}, tandis que {self.clause()}."
        return f"{clause.capitalize()} depuis l’{self.word(self._nouns)} de {name}."

    def text(self, characters: int) -> str:
        """Return sentences in paragraphs of about three, as many as the length asks for."""
        text = ""
        for count in itertools.count(1):
            text += self.sentence()
            if len(text) >= characters:
                return text
            text += "\n\n" if count % 3 == 0 else " "
        raise AssertionError("unreachable")


def synthetic_articles(count: int, characters: int = 700, seed: int = 0) -> Iterator[ArticleDraft]:
    """Yield `count` distinct articles of about `characters` characters, the same for a seed."""
    language = _Language(random.Random(seed))  # noqa: S311 - reproducible, not secret
    for number in range(count):
        yield ArticleDraft(
            origin=f"https://exemple.test/{seed}/{number}",
            url=f"https://exemple.test/{seed}/{number}",
            title=language.clause().capitalize(),
            text=language.text(characters),
            outlet=_OUTLETS[number % len(_OUTLETS)],
            published=_START + timedelta(hours=number),
        )


def synthetic_questions(count: int, seed: int = 0) -> Iterator[str]:
    """Yield questions in the words of :func:`synthetic_articles` with the same seed."""
    language = _Language(random.Random(seed))  # noqa: S311 - reproducible, not secret
    for _ in range(count):
        yield f"Pourquoi {language.clause()} ?"
