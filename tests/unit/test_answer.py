"""The order of the steps from a question to an answer, on a real database and a scripted model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from knowledge.errors import (
    CitationError,
)
from knowledge.model.grammar import ABSTENTION, AnswerStyle
from knowledge.progress import Reading
from knowledge.store.articles import SqlArticleStore
from knowledge.text.segmentation import segment
from knowledge.types import (
    AnswerMode,
    Article,
    ArticleId,
    Citation,
    Claim,
    text_hash,
)
from tests.answering import (
    LIMITS,
    PUBLISHED,
    TEXT,
    ask,
    fixture_article,  # noqa: F401 - fixture
    fixture_store,  # noqa: F401 - fixture
    quotation,
)
from tests.scripted_model import ScriptedGenerator


def test_without_a_model_the_answering_sentence_is_quoted(
    store: SqlArticleStore, article: Article
) -> None:
    answer = ask(store, article)
    assert (answer.mode, answer.abstained, answer.near) == (AnswerMode.EXTRACT, False, ())
    [citation] = answer.citations
    assert citation.quote == quotation(article, 1)
    assert citation.highlight is not None
    assert citation.highlight.of(article.text) == "14,6 millions d’euros"


def test_below_the_confidence_asked_for_the_nearest_articles_are_named_and_nothing_quoted(
    store: SqlArticleStore, article: Article
) -> None:
    answer = ask(store, article, limits=replace(LIMITS, minimum_confidence=1.0))
    assert (answer.claims, answer.near, answer.newest) == ((), (article,), PUBLISHED)


def test_a_supported_claim_keeps_its_words_and_cites_the_sentence_of_its_label(
    store: SqlArticleStore, article: Article
) -> None:
    words = "La piscine de Valmorin coûtera 14,6 millions d’euros."
    answer = ask(store, article, ScriptedGenerator(f"{words} [2]"))
    expected = Citation(article, segment(TEXT).sentences[1], quotation(article, 1), None, None)
    [claim] = answer.claims
    assert (claim.text, answer.mode, answer.prompt_version) == (
        words,
        AnswerMode.MODEL,
        "answer.v1",
    )
    assert [(c.span, c.quote) for c in claim.citations] == [(expected.span, expected.quote)]


@pytest.mark.parametrize(
    "words",
    [
        "La piscine coûtera 15 millions d’euros.",
        "La piscine de Courvigny coûtera 14,6 millions d’euros.",
        "The swimming pool will cost 14,6 millions.",
    ],
)
def test_an_unsupported_claim_is_replaced_by_its_quotation(
    store: SqlArticleStore, article: Article, words: str
) -> None:
    answer = ask(store, article, ScriptedGenerator(f"{words} [2]"))
    [claim] = answer.claims
    assert claim.text == ""
    assert [citation.quote for citation in claim.citations] == [quotation(article, 1)]


def test_a_sentence_without_words_around_it_is_shown_once(
    store: SqlArticleStore, article: Article
) -> None:
    generator = ScriptedGenerator("[2][2] [3]")
    answer = ask(store, article, generator, style=AnswerStyle.CITATIONS)
    assert [citation.quote for citation in answer.citations] == [
        quotation(article, 1),
        quotation(article, 2),
    ]


def test_the_models_abstention_cites_nothing_and_names_the_nearest(
    store: SqlArticleStore, article: Article
) -> None:
    answer = ask(store, article, ScriptedGenerator(ABSTENTION))
    assert (answer.claims, answer.near, answer.mode) == ((), (article,), AnswerMode.MODEL)


def test_what_is_read_and_each_claim_are_told_in_order_once_they_are_checked(
    store: SqlArticleStore, article: Article
) -> None:
    supported = "La piscine de Valmorin coûtera 14,6 millions d’euros."
    invented = "La piscine de Courvigny coûtera 99 millions d’euros."
    told: list[Reading | Claim] = []
    written_then: list[int] = []

    def on_progress(progress: Reading | Claim) -> None:
        told.append(progress)
        written_then.append(generator.written)

    generator = ScriptedGenerator(f"{supported} [2]\n{invented} [3]\n{supported} [2]")
    answer = ask(store, article, generator, on_progress=on_progress)
    passages = len(segment(TEXT).passages)
    assert told == [Reading(passages, 1), *answer.claims]
    assert [claim.text for claim in answer.claims] == [supported, ""]
    # Each as soon as its line is written, not at the end.
    assert written_then == [0, len(f"{supported} [2]\n"), len(f"{supported} [2]\n{invented} [3]\n")]


def test_a_claim_whose_quotation_the_store_no_longer_holds_is_not_told(
    store: SqlArticleStore, article: Article
) -> None:
    told: list[Reading | Claim] = []

    def on_progress(progress: Reading | Claim) -> None:
        told.append(progress)
        with store.database.writing() as connection:  # the text changes under the running answer
            connection.exec_driver_sql(
                "UPDATE article_versions SET text = 'autre', text_hash = ?", (text_hash("autre"),)
            )

    generator = ScriptedGenerator("La piscine de Valmorin coûtera 14,6 millions d’euros. [2]\n")
    with pytest.raises(CitationError):
        ask(store, article, generator, on_progress=on_progress)
    assert [type(each) for each in told] == [Reading]


class EditedOnceRead(SqlArticleStore):
    """Another hand changes the stored texts as soon as an answer has read them."""

    def articles(self, article_ids: Iterable[ArticleId]) -> Mapping[ArticleId, Article]:
        found = super().articles(article_ids)
        with self.database.writing() as connection:
            connection.exec_driver_sql(
                "UPDATE article_versions SET text = 'autre', text_hash = ?", (text_hash("autre"),)
            )
        return found


@pytest.mark.parametrize(
    "generator",
    [None, ScriptedGenerator("La piscine de Valmorin coûtera 14,6 millions d’euros. [2]")],
    ids=["extract", "model"],
)
def test_no_answer_is_returned_whose_quotation_the_store_no_longer_holds(
    store: SqlArticleStore, article: Article, generator: ScriptedGenerator | None
) -> None:
    edited = EditedOnceRead(store.database, store_id=store.store_id)
    with pytest.raises(CitationError):
        ask(edited, article, generator)


def test_nothing_is_told_of_an_extract(store: SqlArticleStore, article: Article) -> None:
    told: list[Reading | Claim] = []
    ask(store, article, on_progress=told.append)
    assert told == []


def test_the_same_claim_is_shown_once(store: SqlArticleStore, article: Article) -> None:
    words = "La piscine de Valmorin coûtera 14,6 millions d’euros."
    answer = ask(store, article, ScriptedGenerator(f"{words} [2]\n{words} [2]"))
    assert [claim.text for claim in answer.claims] == [words]
