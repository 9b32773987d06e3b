"""From a base's new articles to digests, on a real database and a scripted model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.answer import Writer
from knowledge.citations import check_citations
from knowledge.digest.build import build_digests
from knowledge.digest.openings import opens_unresolved
from knowledge.digest.synthesis import DigestLimits
from knowledge.digest.types import Digest, DigestRequest, DigestStyle, NewArticle, Subjects, Window
from knowledge.errors import (
    CitationError,
    GenerationCancelledError,
    GenerationTimeoutError,
    GrammarError,
)
from knowledge.model.grammar import ABSTENTION, AnswerStyle
from knowledge.model.templates import template_for
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.types import AnswerMode, Article, text_hash
from tests.empty_base import place_empty_base
from tests.news import NOW, POOL, TRAIN, WINDOW, draft, save
from tests.scripted_model import ScriptedGenerator

COPY = POOL.replace("18 millions", "19 millions")
SYNTHESIS = DigestRequest(WINDOW, style=DigestStyle.SYNTHESIS)
CLAIM = "Le conseil municipal de Valmorin a voté la reconstruction de la piscine. [1]"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlArticleStore]:
    opened = open_store(place_empty_base(tmp_path / "base.sqlite3"))
    save(
        opened,
        draft(),
        draft(COPY, outlet="Ouest Presse", published=NOW - timedelta(hours=1)),
        draft(TRAIN, "La ligne de Port-Lannec rouvrira", outlet="Horizon"),
    )
    yield opened
    opened.close()


def _one(store: SqlArticleStore, request: DigestRequest) -> Digest:
    (digest,) = build_digests([request], store=store, now=NOW)
    assert digest is not None
    return digest


def _written(
    store: SqlArticleStore,
    generator: ScriptedGenerator,
    *,
    style: AnswerStyle = AnswerStyle.WRITTEN,
    limits: DigestLimits | None = None,
) -> Digest:
    writer = Writer(generator, template_for(style))
    (digest,) = build_digests([SYNTHESIS], store=store, now=NOW, writer=writer, limits=limits)
    assert digest is not None
    return digest


def test_each_story_is_told_once_by_its_news_with_its_sources_and_figures(
    store: SqlArticleStore,
) -> None:
    digest = _one(store, DigestRequest(WINDOW))
    assert [
        (
            item.article.outlet,
            item.claims[0].citations[0].quote.split(",")[0],
            [source.outlet for source in item.sources],
            [[one.quote[:34] for one in contrast.citations] for contrast in item.figures],
        )
        for item in digest.items
    ] == [
        (
            "La Gazette",
            "Lundi 4 mai",
            ["Ouest Presse"],
            [["Le chantier coûtera 18 millions d’", "Le chantier coûtera 19 millions d’"]],
        ),
        ("Horizon", "La ligne de Port-Lannec rouvrira aux voyageurs dimanche 13 décembre", [], []),
    ]
    assert (digest.mode, digest.prompt_version, digest.left_out) == (AnswerMode.EXTRACT, None, 0)
    check_citations(digest.citations, store)


def test_equal_requests_share_one_digest_and_nothing_wanted_is_none(
    store: SqlArticleStore,
) -> None:
    requests = [
        DigestRequest(WINDOW, Subjects(words=("train",))),
        DigestRequest(WINDOW, Subjects(words=("football",))),
        DigestRequest(WINDOW, Subjects(words=(" trains", "train"))),
        DigestRequest(WINDOW, Subjects(words=("train",))),
        DigestRequest(Window(NOW - timedelta(days=3), NOW - timedelta(days=2))),
    ]
    found = build_digests(requests, store=store, now=NOW)
    assert found[0] is found[3]
    assert found[0] is not None
    assert found[2] is not None
    assert found[0].citations == found[2].citations
    assert (found[1], found[4]) == (None, None)


def test_what_exceeds_the_greatest_number_is_counted(store: SqlArticleStore) -> None:
    digest = _one(store, DigestRequest(WINDOW, most_items=1))
    assert [item.article.outlet for item in digest.items] == ["La Gazette"]
    assert digest.left_out == 1


def test_a_digest_does_not_depend_on_what_else_is_asked_for(store: SqlArticleStore) -> None:
    alone = _one(store, DigestRequest(WINDOW))
    wide = replace(WINDOW, since=WINDOW.since - timedelta(days=2))
    among = build_digests([DigestRequest(wide), DigestRequest(WINDOW)], store=store, now=NOW)
    assert among[1] == alone


class _Changing(SqlArticleStore):
    """Changes every version as soon as the digest has read it, or forgets it."""

    def changed(self, article: Article) -> Article | None:
        text = article.text.replace("Valmorin", "Vermelle")
        return replace(article, text=text, text_hash=text_hash(text))

    def article(self, article_id: str, version: int | None = None) -> Article | None:
        found = super().article(article_id, version)
        return None if found is None else self.changed(found)

    def articles(self, article_ids: Iterable[str]) -> dict[str, Article]:
        found = {key: self.changed(one) for key, one in super().articles(article_ids).items()}
        return {key: one for key, one in found.items() if one is not None}


class _Forgetting(_Changing):
    def changed(self, article: Article) -> Article | None:
        return None


class _Moving(_Changing):
    """Has gone on to another version of everything, and keeps the one that was read."""

    def articles(self, article_ids: Iterable[str]) -> dict[str, Article]:
        found = super().articles(article_ids)
        return {key: replace(one, version=one.version + 1) for key, one in found.items()}

    def article(self, article_id: str, version: int | None = None) -> Article | None:
        return SqlArticleStore.article(self, article_id, version)


@pytest.mark.parametrize("kind", [_Changing, _Forgetting])
def test_nothing_leaves_whose_quotation_the_store_does_not_hold(
    store: SqlArticleStore, kind: type[_Changing]
) -> None:
    changed = kind(store.database, store_id=store.store_id)
    with pytest.raises(CitationError):
        build_digests([DigestRequest(WINDOW)], store=changed, now=NOW)


def test_a_version_that_was_replaced_since_may_be_quoted(store: SqlArticleStore) -> None:
    request = DigestRequest(WINDOW)
    moving = _Moving(store.database, store_id=store.store_id)
    assert build_digests([request], store=moving, now=NOW) == (_one(store, request),)


def test_a_synthesis_is_claims_with_exact_quotations(store: SqlArticleStore) -> None:
    generator = ScriptedGenerator(CLAIM)
    digest = _written(store, generator)
    assert digest.prompt_version == "digest.v1"
    assert digest.mode is AnswerMode.MODEL
    pool = digest.items[0]
    assert pool.claims[0].text == CLAIM.removesuffix(" [1]")
    assert pool.claims[0].citations[0].quote.startswith("Lundi 4 mai, le conseil municipal")
    assert [source.outlet for source in pool.sources] == ["Ouest Presse"]
    assert len(pool.figures) == 1
    asked = "".join(part.text for part in generator.prompts[0].messages[1].parts)
    assert "Sujet : Valmorin vote la reconstruction" in asked


def test_a_claim_that_is_not_borne_out_leaves_the_event_to_quotations(
    store: SqlArticleStore,
) -> None:
    digest = _written(store, ScriptedGenerator("La piscine de Paris coûtera 7 euros. [1]"))
    assert digest == _one(store, replace(SYNTHESIS, style=DigestStyle.BRIEFS))


@pytest.mark.parametrize(
    "generator",
    [
        ScriptedGenerator(ABSTENTION),
        ScriptedGenerator("n’importe quoi"),
        ScriptedGenerator(failure=GenerationTimeoutError("trop long")),
        ScriptedGenerator(failure=GrammarError("hors grammaire")),
        ScriptedGenerator(CLAIM, context_tokens=10),
    ],
    ids=["abstention", "not of the grammar", "timeout", "grammar", "no room"],
)
def test_any_failure_of_the_model_falls_back_to_quotations(
    store: SqlArticleStore, generator: ScriptedGenerator
) -> None:
    assert _written(store, generator) == _one(store, DigestRequest(WINDOW))


def test_labels_alone_and_no_time_left_quote_too(store: SqlArticleStore) -> None:
    quoted = _one(store, DigestRequest(WINDOW))
    assert _written(store, ScriptedGenerator("[1]"), style=AnswerStyle.CITATIONS) == quoted
    late = ScriptedGenerator(CLAIM)
    assert _written(store, late, limits=DigestLimits(seconds=0.0)) == quoted
    assert late.prompts == []


def test_an_event_is_written_once_for_all_who_ask(store: SqlArticleStore) -> None:
    generator = ScriptedGenerator(CLAIM)
    build_digests(
        [SYNTHESIS, replace(SYNTHESIS, most_items=3), replace(SYNTHESIS, most_items=1)],
        store=store,
        now=NOW,
        writer=Writer(generator, template_for(AnswerStyle.WRITTEN)),
    )
    assert len(generator.prompts) == 2  # events


def test_a_stop_is_no_failure(store: SqlArticleStore) -> None:
    with pytest.raises(GenerationCancelledError):
        _written(store, ScriptedGenerator(failure=GenerationCancelledError("arrêt")))


def test_an_article_is_in_the_window_it_arrives_in_however_late(tmp_path: Path) -> None:
    store = open_store(tmp_path / "late.sqlite3")
    late = draft(TRAIN, "Le train", published=NOW - timedelta(days=3))
    save(store, draft(), now=NOW - timedelta(hours=30))
    save(store, late, now=NOW)
    windows = [
        Window(NOW - timedelta(days=back + 1), NOW - timedelta(days=back), WINDOW.basis)
        for back in (1, 0, -1)
    ]
    seen: list[list[NewArticle]] = [list(store.new_articles(window)) for window in windows]
    store.close()
    assert [[one.article.title for one in found] for found in seen] == [
        ["Valmorin vote la reconstruction de la piscine des Tanneurs"],
        [],
        ["Le train"],
    ]
    assert not opens_unresolved(seen[2][0].sentences[0].text)
