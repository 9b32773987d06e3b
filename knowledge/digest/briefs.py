"""One exactly quoted sentence a story: the one that carries its news. Needs no model. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.digest.events import MOST_TOLD, Event
from knowledge.digest.news import best_of, news_candidates
from knowledge.digest.types import Contrast, DigestItem
from knowledge.search.reading import Reading
from knowledge.types import Citation, Claim


def brief_items(event: Event, most: int = MOST_TOLD) -> tuple[DigestItem, ...]:
    """Return at most `most` quoted items of `event`, its contradicting figures with the first.

    An item that would only repeat a sentence of those figures is left to them.
    """
    items: list[DigestItem] = []
    told: list[Reading] = []
    for story in event.stories[: min(most, MOST_TOLD)]:
        best = best_of(news_candidates(story.lead), told)
        told.append(best.reading)
        article = story.lead.new.article
        citation = Citation.of_sentence(best.sentence, article)
        figures = event.contrasts if not items else ()
        if items and not story.sources and _is_shown(citation, event.contrasts):
            continue
        items.append(DigestItem(article, (Claim("", (citation,)),), story.sources, figures))
    return tuple(items)


def _is_shown(citation: Citation, contrasts: Sequence[Contrast]) -> bool:
    return any(
        (other.article.id, other.span) == (citation.article.id, citation.span)
        for contrast in contrasts
        for other in contrast.citations
    )
