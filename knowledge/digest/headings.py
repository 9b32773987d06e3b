"""What to write above several stories of one event: the names and words they share. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from knowledge.digest.reading import ReadArticle, once_an_article, stem_rarity
from knowledge.search.reading import Reading, is_content
from knowledge.text.days import MONTH_NAMES
from knowledge.text.french import fold

_WORDS = 2
_LEAST_RARITY = 3.0  # «ici» names nothing
_LEAD = 4  # sentences beside the title
_LONGEST = 40  # characters of one name
_CALENDAR = frozenset(
    "lundi mardi mercredi jeudi vendredi samedi dimanche".split() + [fold(m) for m in MONTH_NAMES]
)


def heading(articles: Sequence[ReadArticle]) -> str:
    """Return at most two names or words of the titles that most of `articles` share.

    As they are written in the first title or lead that has them, the weightiest first: «Port-Lannec
    · maternité». Empty for fewer than two articles, and where nothing is shared.
    """
    if len(articles) < 2:
        return ""
    forms: dict[tuple[str, ...], str] = {}
    shared: Counter[tuple[str, ...]] = Counter()
    for article in articles:
        own = _forms(article)
        shared.update(own.keys())
        for key, form in own.items():
            forms.setdefault(key, form)
    titles = frozenset[str]().union(*(article.title_stems for article in articles))
    names = frozenset[str]().union(*(article.name_stems for article in articles))
    least = len(articles) // 2 + 1
    weight = {
        key: count * sum(map(stem_rarity, key))
        for key, count in shared.items()
        if count >= least
        and (titles | names).issuperset(key)
        and max(map(stem_rarity, key)) >= _LEAST_RARITY
    }
    chosen: list[tuple[str, ...]] = []
    for key in sorted(weight, key=lambda key: (-weight[key], key)):
        if len(chosen) < _WORDS and not any(set(key) & set(other) for other in chosen):
            chosen.append(key)
    return " · ".join(forms[key] for key in chosen)


@once_an_article
def _forms(article: ReadArticle) -> Mapping[tuple[str, ...], str]:
    """Return the stems of each name or word of title and lead, and how it was written last."""
    return dict(_terms(article))


def _terms(article: ReadArticle) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the names and the other words of title and lead, with their stems."""
    for reading in (article.title, *article.readings[:_LEAD]):
        yield from _names(reading)
        for token in reading.tokens:
            if not is_content(token) or token.is_number or fold(token.text) in _CALENDAR:
                continue
            if token.stem not in article.name_stems:
                yield (token.stem,), token.text.lower()


def _names(reading: Reading) -> Iterator[tuple[tuple[str, ...], str]]:
    for span in reading.names:
        form = span.of(reading.text)
        stems = tuple(
            token.stem
            for token in reading.tokens
            if span.start <= token.start < span.end and is_content(token)
        )
        if stems and len(form) <= _LONGEST:
            yield stems, form
