"""No quotation leaves that is not the stored text, however many are compared together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.citations import check_citations
from knowledge.errors import CitationError
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.text.segmentation import segment
from knowledge.types import Article, ArticleDraft, ArticleId, Citation, Span, text_hash
from tests.empty_base import place_empty_base

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = "La piscine coûtera 14 millions d’euros. Le chantier durera deux ans."
LATER = TEXT.replace("14", "15")
ORIGINS = ("https://gazette.example/piscine", "https://gazette.example/train")


class CountingStore(SqlArticleStore):
    """Remembers what it was asked for, together and by itself."""

    together: list[set[ArticleId]]
    alone: list[tuple[ArticleId, int | None]]

    def forget_requests(self) -> None:
        self.together, self.alone = [], []

    def articles(self, article_ids: Iterable[ArticleId]) -> Mapping[ArticleId, Article]:
        wanted = set(article_ids)
        self.together.append(wanted)
        return super().articles(wanted)

    def article(self, article_id: ArticleId, version: int | None = None) -> Article | None:
        self.alone.append((article_id, version))
        return super().article(article_id, version)


@pytest.fixture(name="store")
def fixture_store(tmp_path: Path) -> Iterator[CountingStore]:
    opened = open_store(place_empty_base(tmp_path / "base.sqlite3"))
    store = CountingStore(opened.database, store_id=opened.store_id)
    store.forget_requests()
    yield store
    store.close()


def saved(store: SqlArticleStore, origin: str = ORIGINS[0], text: str = TEXT) -> Article:
    draft = ArticleDraft(origin=origin, title="La piscine", text=text)
    return store.save(draft, segment(text), now=NOW).article


def quoted(article: Article) -> tuple[Citation, ...]:
    """Return a citation of each sentence of `article`."""
    return tuple(
        Citation(article, span, span.of(article.text)) for span in segment(article.text).sentences
    )


def forged(article: Article) -> Citation:
    """Return a quotation that the store does not hold, of a version that it has."""
    text = article.text.replace("14", "99")
    return Citation(replace(article, text=text, text_hash=text_hash(text)), Span(0, 39), text[:39])


def of_version(citation: Citation, version: int) -> Citation:
    return replace(citation, article=replace(citation.article, version=version))


def test_current_versions_are_read_together_and_no_other_is_asked_for(
    store: CountingStore,
) -> None:
    articles = saved(store), saved(store, ORIGINS[1], f"Lundi. {TEXT}")
    check_citations([one for article in articles for one in quoted(article)], store)
    assert (store.together, store.alone) == ([{article.id for article in articles}], [])


def test_nothing_quoted_asks_nothing_of_the_store(store: CountingStore) -> None:
    check_citations([], store)
    assert (store.together, store.alone) == ([], [])


def test_a_version_replaced_since_is_compared_with_its_own_text_read_once(
    store: CountingStore,
) -> None:
    first = saved(store)
    second = saved(store, text=LATER)
    assert (first.version, second.version) == (1, 2)
    store.forget_requests()
    check_citations((*quoted(first), *quoted(second)), store)
    assert store.alone == [(first.id, 1)]
    with pytest.raises(CitationError, match="rien n’est affiché") as raised:
        check_citations([of_version(quoted(second)[0], first.version)], store)
    assert raised.value.subject == f"{first.id} version 1"
    assert raised.value.retryable


def test_an_article_removed_since_stays_provable_by_its_own_version_alone(
    store: CountingStore,
) -> None:
    article = saved(store)
    assert store.remove(article.id, now=NOW)
    check_citations(quoted(article), store)
    with pytest.raises(CitationError):
        check_citations([forged(article)], store)


@pytest.mark.parametrize("forged_first", [True, False])
def test_each_of_two_quotations_at_one_place_is_compared(
    store: CountingStore, forged_first: bool
) -> None:
    article = saved(store)
    both = [quoted(article)[0], forged(article)]
    assert both[0].span == both[1].span
    with pytest.raises(CitationError):
        check_citations(reversed(both) if forged_first else both, store)


def test_what_the_store_never_held_is_refused(store: CountingStore) -> None:
    known, unknown = saved(store), saved(store, ORIGINS[1], f"Lundi. {TEXT}")
    other = replace(unknown, id="0" * len(unknown.id))
    for citations in (quoted(other), [of_version(quoted(known)[0], 7)]):
        with pytest.raises(CitationError):
            check_citations((*quoted(known), *citations), store)
