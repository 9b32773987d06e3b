"""Does an article belong to what a reader wants to read about? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from knowledge.digest.reading import ReadArticle
from knowledge.digest.types import Subjects
from knowledge.text.french import content_stems, fold, tokenise


@dataclass(frozen=True)
class Term:
    """A subject as it is looked for: by its stems in a row, or as it is if it has none."""

    text: str

    @cached_property
    def _stems(self) -> tuple[str, ...]:
        return content_stems(self.text)

    @cached_property
    def _run(self) -> str:
        return f" {' '.join(self._stems)} "

    @cached_property
    def _words(self) -> str:
        return f" {' '.join(fold(token.text) for token in tokenise(self.text))} "

    def is_in(self, article: ReadArticle) -> bool:
        """Tell whether the title or a sentence of `article` has the term.

        Words count by their stems: «élections» finds «l’élection». Those of a term of several
        stand together, whatever stop words are between: «prix de l’eau» finds «prix des eaux».
        A term of stop words alone («est») is found as it is written.
        """
        if not self._stems:
            return bool(self._words.strip()) and self._words in article.folded
        if not article.stems.issuperset(self._stems):
            return False
        return len(self._stems) == 1 or self._run in article.stem_runs


class Wanted:
    """What a reader wants, ready to be asked about many articles."""

    def __init__(self, subjects: Subjects) -> None:
        self._words = tuple(map(Term, subjects.words))
        self._avoid = tuple(map(Term, subjects.avoid))
        self._outlets = frozenset(map(fold, subjects.outlets))
        self._feeds = frozenset(subjects.feeds)

    def includes(self, article: ReadArticle) -> bool:
        """Tell whether `article` is wanted; see :class:`Subjects`."""
        new = article.new
        if self._outlets and self._outlets.isdisjoint(map(fold, new.outlets)):
            return False
        if self._feeds and self._feeds.isdisjoint(new.feeds):
            return False
        if self._words and not any(term.is_in(article) for term in self._words):
            return False
        return not any(term.is_in(article) for term in self._avoid)
