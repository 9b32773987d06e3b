"""One exactly quoted sentence a story: the one that carries its news. Needs no model. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.digest.events import MOST_TOLD, Event
from knowledge.digest.news import Candidate, best_of, news_candidates
from knowledge.digest.stories import Story
from knowledge.digest.types import Contrast, DigestItem
from knowledge.search.reading import Reading
from knowledge.types import Citation, Claim


def news_of(event: Event, most: int = MOST_TOLD) -> tuple[tuple[Story, Candidate], ...]:
    """Return at most `most` stories of `event` in order, each with the sentence of its news.

    A sentence that says again what one before it said gives way to one nearly as good.
    """
    chosen: list[tuple[Story, Candidate]] = []
    told: list[Reading] = []
    for story in event.stories[: min(most, MOST_TOLD)]:
        best = best_of(news_candidates(story.lead), told)
        told.append(best.reading)
        chosen.append((story, best))
    return tuple(chosen)


def brief_items(event: Event, most: int = MOST_TOLD) -> tuple[DigestItem, ...]:
    """Return at most `most` quoted items of `event`, its contradicting figures with the first.

    An item that would only repeat a sentence of those figures is left to them.
    """
    items: list[DigestItem] = []
    for story, best in news_of(event, most):
        article = story.lead.new.article
        citation = Citation.of_sentence(best.sentence, article)
        if items and not story.sources and _is_shown(citation, event.contrasts):
            continue
        figures = () if items else event.contrasts
        items.append(DigestItem(article, (Claim("", (citation,)),), story.sources, figures))
    return tuple(items)


def _is_shown(citation: Citation, contrasts: Sequence[Contrast]) -> bool:
    return any(
        (other.article.id, other.span) == (citation.article.id, citation.span)
        for contrast in contrasts
        for other in contrast.citations
    )
