"""Every quotation is compared with the store just before it is shown: the first promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from knowledge.errors import CitationError
from knowledge.ports import ArticleStore
from knowledge.types import ArticleId, Citation


def check_citations(citations: Iterable[Citation], store: ArticleStore) -> None:
    """Compare every quotation with the text that the store holds now for that version.

    A version that was replaced, or whose article was removed, stays quotable: its text is kept.

    Raises:
        CitationError: a quotation differs, or the store has no such version: nothing may be sent.
        StoreError: the store failed.
    """
    cited = tuple(citations)
    versions = dict.fromkeys((one.article.id, one.article.version) for one in cited)
    texts = _stored_texts(versions, store)
    for citation in cited:
        article = citation.article
        text = texts.get((article.id, article.version))
        if text is None or citation.span.of(text) != citation.quote:
            raise CitationError(
                "Une citation ne correspond plus à l’article enregistré ; rien n’est affiché. "
                "Reposez la question.",
                subject=f"{article.id} version {article.version}",
                retryable=True,
            )


def _stored_texts(
    versions: Iterable[tuple[ArticleId, int]], store: ArticleStore
) -> Mapping[tuple[ArticleId, int], str]:
    """Return the text of each version that the store has.

    The current versions are read together, the others one by one: those are rare.
    """
    wanted = tuple(versions)
    current = store.articles({identifier for identifier, _ in wanted}) if wanted else {}
    texts: dict[tuple[ArticleId, int], str] = {}
    for identifier, version in wanted:
        stored = current.get(identifier)
        if stored is None or stored.version != version:
            stored = store.article(identifier, version)
        if stored is not None:
            texts[identifier, version] = stored.text
    return texts
