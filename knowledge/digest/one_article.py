"""One article told in its most telling sentences, exactly quoted, in the article's order.

The sentences are taken one after the other, each the best that does not say again what those
before it said: maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998) over the scores of
:mod:`knowledge.digest.news`. Needs no model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from math import inf

from knowledge.citations import check_citations
from knowledge.digest.news import Candidate, news_candidates
from knowledge.digest.openings import opens_unresolved
from knowledge.digest.reading import ReadArticle, rarity_share
from knowledge.digest.types import NewArticle
from knowledge.errors import SourceError
from knowledge.ports import ArticleStore
from knowledge.sources.addresses import canonical_url
from knowledge.types import ArticleId, Citation

_LEAST, _MOST = 3, 5
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
_SENTENCES_FOR_ONE = 8  # of the article, for each sentence beyond the least
_LOWEST = -1.0  # a score below: a question, a caption, a line of the site's own
_REPEATED = 2.5  # points that saying again wholly what was told costs
_SAME = 0.8  # share of a sentence's words, by their rarity, told already: it adds nothing
_CUT_OFF = 1.5  # points that costs what opens a list or lacks one end of a quotation
_FOLLOWS = 2.0  # points back where the sentence just before, which explains it, is shown too


def telling_sentences(article: ReadArticle) -> tuple[Candidate, ...]:
    """Return the three to five sentences that tell `article` best, in its order.

    Fewer where it has no more that say anything new; one at least, if it has any.
    """
    candidates = news_candidates(article)
    most = min(_MOST, _LEAST + len(article.sentences) // _SENTENCES_FOR_ONE)
    chosen: list[Candidate] = list(candidates[:1])
    left = list(candidates[1:])
    while left and len(chosen) < most:
        worth, best = max(
            ((_worth(one, chosen), one) for one in left),
            key=lambda pair: (pair[0], -pair[1].sentence.index),
        )
        if worth < _LOWEST:
            break
        chosen.append(best)
        left.remove(best)
    return tuple(sorted(chosen, key=lambda one: one.sentence.index))


def summarise_article(identifier: ArticleId, *, store: ArticleStore) -> tuple[Citation, ...]:
    """Return the quotations that tell the current version of an article, in its order.

    Empty if there is no such article now. Each was compared with the store.

    Raises:
        CitationError: a quotation is not the stored text; nothing may be sent.
        StoreError: the store failed.
    """
    article = store.article(identifier)
    if article is None:
        return ()
    sentences = store.sentences(article.id, article.version)
    # When it was saved says nothing about its sentences: any time serves.
    read = ReadArticle(NewArticle(article, sentences, article.published or _UNKNOWN))
    citations = tuple(
        Citation.of_sentence(one.sentence, article) for one in telling_sentences(read)
    )
    check_citations(citations, store)
    return citations


def article_at(
    links: Sequence[str], known: Callable[[Iterable[str]], Mapping[str, ArticleId]]
) -> ArticleId | None:
    """Return the article that is known at the first of `links` that is; None if none is.

    `known` gives the articles at canonical addresses. An address is looked for with and without
    the slash at its end, and by http and https.
    """
    forms = [form for link in links for form in _forms(link)]
    found = known(forms)
    return next((found[form] for form in forms if form in found), None)


def _forms(link: str) -> tuple[str, ...]:
    try:
        address = canonical_url(link)
    except SourceError:
        return ()
    scheme, _, rest = address.partition("://")
    other = rest.removesuffix("/") if rest.endswith("/") else f"{rest}/"
    swapped = "http" if scheme == "https" else "https"
    return tuple(f"{one}://{form}" for one in (scheme, swapped) for form in (rest, other))


def _worth(candidate: Candidate, chosen: Sequence[Candidate]) -> float:
    """Return what `candidate` adds to what is `chosen`; minus infinity for nothing."""
    told = frozenset[str]().union(*(one.reading.stem_set for one in chosen))
    repeated = rarity_share(told, candidate.reading.stem_set)
    if repeated >= _SAME:
        return -inf
    before = candidate.sentence.index - 1
    follows = any(one.sentence.index == before for one in chosen)
    unresolved = opens_unresolved(candidate.reading.text.strip())
    worth = candidate.score - _REPEATED * repeated
    if follows and unresolved:
        worth += _FOLLOWS
    return worth - _CUT_OFF if _is_cut_off(candidate.reading.text) else worth


def _is_cut_off(text: str) -> bool:
    return text.rstrip().endswith(":") or text.count("«") != text.count("»")
