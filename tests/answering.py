"""A question about one stored article, answered by the steps themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.answer import AnswerLimits, Writer, answer_question
from knowledge.model.grammar import AnswerStyle
from knowledge.model.templates import template_for
from knowledge.progress import OnProgress
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.text.segmentation import segment
from knowledge.types import (
    Answer,
    Article,
    ArticleDraft,
    Hit,
    Passage,
    Question,
    SearchFilter,
    Span,
    passage_id,
)
from tests.empty_base import place_empty_base
from tests.scripted_model import ScriptedGenerator

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PUBLISHED = datetime(2026, 3, 14, tzinfo=UTC)
TEXT = (
    "Le conseil municipal de Valmorin a voté lundi le budget de la piscine. "
    "La piscine de Valmorin coûtera 14,6 millions d’euros, a annoncé la maire, Hélène Carvenec. "
    "Le chantier de la piscine durera dix-huit mois."
)
QUESTION = Question("Combien coûtera la piscine de Valmorin ?")
LIMITS = AnswerLimits(minimum_confidence=0.0, reading_confidence=0.0)


class WholeBase:
    """Finds every passage of one article."""

    def __init__(self, store: SqlArticleStore, article: Article) -> None:
        self._hits = tuple(hits_of(store, article))

    def search(
        self, query: str, *, limit: int, now: datetime, where: SearchFilter | None = None
    ) -> tuple[Hit, ...]:
        return self._hits[:limit]


def hits_of(store: SqlArticleStore, article: Article) -> Iterator[Hit]:
    segmented = segment(article.text)
    for index, (first, last) in enumerate(segmented.passages):
        span = Span(segmented.sentences[first].start, segmented.sentences[last].end)
        identifier = passage_id(article.id, article.version, index)
        text = span.of(article.text)
        yield Hit(
            Passage(identifier, article.id, article.version, index, first, last, span, text),
            1.0,
            {"lexical": index + 1},
        )


@pytest.fixture(name="store")
def fixture_store(tmp_path: Path) -> Iterator[SqlArticleStore]:
    opened = open_store(place_empty_base(tmp_path / "base.sqlite3"))
    yield opened
    opened.close()


@pytest.fixture(name="article")
def fixture_article(store: SqlArticleStore) -> Article:
    draft = ArticleDraft(
        origin="https://gazette.example/piscine",
        url="https://gazette.example/piscine",
        title="La piscine de Valmorin",
        text=TEXT,
        outlet="La Gazette",
        published=PUBLISHED,
    )
    return store.save(draft, segment(TEXT), now=NOW).article


def ask(
    store: SqlArticleStore,
    article: Article,
    generator: ScriptedGenerator | None = None,
    *,
    limits: AnswerLimits = LIMITS,
    style: AnswerStyle = AnswerStyle.WRITTEN,
    on_progress: OnProgress | None = None,
) -> Answer:
    writer = Writer(generator, template_for(style)) if generator else None
    return answer_question(
        QUESTION,
        retriever=WholeBase(store, article),
        store=store,
        limits=limits,
        now=NOW,
        writer=writer,
        on_progress=on_progress,
    )


def quotation(article: Article, sentence: int) -> str:
    return segment(TEXT).sentences[sentence].of(article.text)
