"""What is answered where a model fails, has no room, or is not worth asking; and what never is."""

from __future__ import annotations

import pytest

from knowledge.answer import AnswerLimits, Writer, answer_question
from knowledge.errors import (
    GenerationCancelledError,
    GenerationTimeoutError,
    GrammarError,
    ModelError,
)
from knowledge.model.grammar import AnswerStyle
from knowledge.model.templates import template_for
from knowledge.ports import FinishReason
from knowledge.store.articles import SqlArticleStore
from knowledge.text.segmentation import segment
from knowledge.types import (
    AnswerMode,
    Article,
    ArticleDraft,
)
from tests.answering import (
    LIMITS,
    NOW,
    QUESTION,
    TEXT,
    WholeBase,
    ask,
    fixture_article,  # noqa: F401 - fixture
    fixture_store,  # noqa: F401 - fixture
    quotation,
)
from tests.scripted_model import ScriptedGenerator


@pytest.mark.parametrize(
    "generator",
    [
        ScriptedGenerator("La piscine", finish=FinishReason.LENGTH),
        ScriptedGenerator(failure=GenerationTimeoutError("trop long")),
    ],
)
def test_an_unfinished_answer_becomes_the_extract_and_says_so(
    store: SqlArticleStore, article: Article, generator: ScriptedGenerator
) -> None:
    answer = ask(store, article, generator)
    assert (answer.mode, answer.prompt_version) == (AnswerMode.EXTRACT, None)
    assert [citation.quote for citation in answer.citations] == [quotation(article, 1)]


def test_a_cancelled_answer_is_not_replaced(store: SqlArticleStore, article: Article) -> None:
    with pytest.raises(GenerationCancelledError):
        ask(store, article, ScriptedGenerator(failure=GenerationCancelledError("arrêt")))


def test_the_model_is_not_called_when_nothing_found_is_worth_reading(
    store: SqlArticleStore, article: Article
) -> None:
    generator = ScriptedGenerator("Rien [1]")
    answer = ask(store, article, generator, limits=AnswerLimits(reading_confidence=1.0))
    assert (generator.prompts, answer.mode) == ([], AnswerMode.EXTRACT)


def test_a_context_without_room_gives_the_extract_and_a_log_line_that_names_the_setting(
    store: SqlArticleStore, article: Article, caplog: pytest.LogCaptureFixture
) -> None:
    answer = ask(store, article, ScriptedGenerator("x [1]", context_tokens=64))
    assert (answer.mode, answer.abstained) == (AnswerMode.EXTRACT, False)
    assert "SOURCIER_CONTEXT_TOKENS" in caplog.text


@pytest.mark.parametrize(
    ("failure", "level"),
    [
        (GenerationTimeoutError("Trop long."), "WARNING"),
        (GrammarError("Grammaire refusée."), "ERROR"),
        (ModelError("Le modèle est arrêté."), "ERROR"),
    ],
)
def test_any_failure_of_the_model_leaves_the_extract_and_a_french_log_line(
    store: SqlArticleStore,
    article: Article,
    caplog: pytest.LogCaptureFixture,
    failure: ModelError,
    level: str,
) -> None:
    answer = ask(store, article, ScriptedGenerator(failure=failure))
    assert (answer.mode, answer.abstained) == (AnswerMode.EXTRACT, False)
    expected = f"Le modèle n’a pas répondu, l’extrait est affiché : {failure.message}"
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [(level, expected)]


def test_passages_of_an_older_version_are_not_read_and_nothing_fails(
    store: SqlArticleStore, article: Article, caplog: pytest.LogCaptureFixture
) -> None:
    base = WholeBase(store, article)
    changed = TEXT.replace("14,6", "15,1")
    draft = ArticleDraft(origin="https://gazette.example/piscine", title="Piscine", text=changed)
    store.save(draft, segment(changed), now=NOW)
    generator = ScriptedGenerator("La piscine coûtera 14,6 millions d’euros. [2]")
    answer = answer_question(
        QUESTION,
        retriever=base,
        store=store,
        limits=LIMITS,
        now=NOW,
        writer=Writer(generator, template_for(AnswerStyle.WRITTEN)),
    )
    assert (answer.mode, generator.prompts, caplog.records) == (AnswerMode.EXTRACT, [], [])
