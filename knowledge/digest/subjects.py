"""Does an article belong to what a reader wants to read about? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.digest.reading import ReadArticle
from knowledge.digest.types import Subjects
from knowledge.text.french import content_stems, fold, tokenise


class Terms:
    """Subjects as they are looked for: by their stems in a row, or as they are without any.

    Words count by their stems: «élections» finds «l’élection». Those of a term of several stand
    together, whatever stop words are between: «prix de l’eau» finds «prix des eaux». A term of
    stop words alone («est») is found as it is written.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        stems = {term: content_stems(term) for term in terms}
        self._single = frozenset(found[0] for found in stems.values() if len(found) == 1)
        self._rows = tuple(found for found in stems.values() if len(found) > 1)
        self._plain = tuple(_as_written(term) for term, found in stems.items() if not found)

    def __bool__(self) -> bool:
        return bool(self._single or self._rows or self._plain)

    def any_in(self, article: ReadArticle) -> bool:
        """Tell whether the title or a sentence of `article` has one of the terms."""
        if not self._single.isdisjoint(article.stems):
            return True
        if self._rows and any(_in_a_row(row, article) for row in self._rows):
            return True
        return bool(self._plain) and any(plain in article.folded for plain in self._plain)


def _in_a_row(stems: Sequence[str], article: ReadArticle) -> bool:
    return article.stems.issuperset(stems) and f" {' '.join(stems)} " in article.stem_runs


def _as_written(term: str) -> str:
    return f" {' '.join(fold(token.text) for token in tokenise(term)) or term} "


class Wanted:
    """What a reader wants, ready to be asked about many articles."""

    def __init__(self, subjects: Subjects) -> None:
        self._words = Terms(subjects.words)
        self._avoid = Terms(subjects.avoid)
        self._outlets = frozenset(map(fold, subjects.outlets))
        self._feeds = frozenset(subjects.feeds)

    def includes(self, article: ReadArticle) -> bool:
        """Tell whether `article` is wanted; see :class:`Subjects`."""
        if self._outlets and self._outlets.isdisjoint(article.outlets):
            return False
        if self._feeds and self._feeds.isdisjoint(article.new.feeds):
            return False
        if self._words and not self._words.any_in(article):
            return False
        return not self._avoid.any_in(article)
