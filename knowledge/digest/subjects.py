"""Does an article belong to what a reader wants to read about? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from knowledge.digest.reading import ReadArticle
from knowledge.digest.types import Subjects, Window
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
    """What a reader wants to be told of a window, ready to be asked about many articles.

    An article comes to a reader when it first was of the chosen outlets and had come by the chosen
    feeds, which may be long after it was saved: that moment is in one window of theirs only.
    """

    def __init__(self, subjects: Subjects, window: Window) -> None:
        self._window = window
        self._words = Terms(subjects.words)
        self._avoid = Terms(subjects.avoid)
        self._outlets = frozenset(map(fold, subjects.outlets))
        self._feeds = frozenset(subjects.feeds)

    def includes(self, article: ReadArticle) -> bool:
        """Tell whether `article` is wanted; see :class:`Subjects`."""
        if self._words and not self._words.any_in(article):  # first: it leaves out the most
            return False
        arrived = self._arrived(article)
        if arrived is None or not self._window.has(article.new.article.published, arrived):
            return False
        return not self._avoid.any_in(article)

    def is_new_to_all(self, article: ReadArticle) -> bool:
        """Tell whether `article` is new to who chose neither outlets nor feeds."""
        return self._window.has(article.new.article.published, article.new.saved_at)

    def _arrived(self, article: ReadArticle) -> datetime | None:
        """Return when `article` came to this reader; None if it did not."""
        arrived = article.new.saved_at
        for chosen, came in (
            (self._outlets, article.by_outlet),
            (self._feeds, article.by_feed),
        ):
            if chosen:
                first = _first(chosen, came)
                if first is None:
                    return None
                arrived = max(arrived, first)
        return arrived


def _first(chosen: Iterable[str], came: Mapping[str, datetime]) -> datetime | None:
    return min((came[name] for name in chosen if name in came), default=None)
