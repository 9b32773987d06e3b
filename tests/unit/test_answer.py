"""The order of the steps from a question to an answer, on a real database and a scripted model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.answer import AnswerLimits, Writer, answer_question, check_citations
from knowledge.errors import (
    CitationError,
    GenerationCancelledError,
    GenerationTimeoutError,
    GrammarError,
    ModelError,
)
from knowledge.model.grammar import ABSTENTION, AnswerStyle
from knowledge.model.templates import template_for
from knowledge.ports import FinishReason, Token
from knowledge.progress import OnProgress, Reading
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.text.segmentation import segment
from knowledge.types import (
    Answer,
    AnswerMode,
    Article,
    ArticleDraft,
    Citation,
    Claim,
    Hit,
    Passage,
    Prompt,
    Question,
    SearchFilter,
    Span,
    passage_id,
    text_hash,
)
from tests.empty_base import place_empty_base

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
        self._hits = tuple(_hits(store, article))

    def search(
        self, query: str, *, limit: int, now: datetime, where: SearchFilter | None = None
    ) -> tuple[Hit, ...]:
        return self._hits[:limit]


class ScriptedGenerator:
    """Says what it was given to say, and remembers what it was asked."""

    name = "scripted"

    def __init__(
        self,
        text: str = "",
        *,
        finish: FinishReason = FinishReason.STOP,
        failure: Exception | None = None,
        context_tokens: int = 4096,
    ) -> None:
        self.text, self.finish, self.failure = text, finish, failure
        self.context_tokens = context_tokens
        self.prompts: list[Prompt] = []
        self.written = 0  # characters

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def complete(
        self,
        prompt: Prompt,
        *,
        grammar: str | None,
        max_tokens: int,
        deadline: float | None = None,
        should_stop: Callable[[], bool] | None = None,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> Iterator[Token]:
        self.prompts.append(prompt)
        if self.failure is not None:
            raise self.failure
        for letter in self.text:
            self.written += 1
            yield Token(letter)
        yield Token("", self.finish)

    def close(self) -> None:
        pass


def _hits(store: SqlArticleStore, article: Article) -> Iterator[Hit]:
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


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlArticleStore]:
    opened = open_store(place_empty_base(tmp_path / "base.sqlite3"))
    yield opened
    opened.close()


@pytest.fixture
def article(store: SqlArticleStore) -> Article:
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


def test_nothing_is_told_of_an_extract(store: SqlArticleStore, article: Article) -> None:
    told: list[Reading | Claim] = []
    ask(store, article, on_progress=told.append)
    assert told == []


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


def test_the_same_claim_is_shown_once(store: SqlArticleStore, article: Article) -> None:
    words = "La piscine de Valmorin coûtera 14,6 millions d’euros."
    answer = ask(store, article, ScriptedGenerator(f"{words} [2]\n{words} [2]"))
    assert [claim.text for claim in answer.claims] == [words]


def test_a_quotation_that_the_store_no_longer_holds_is_never_shown(
    store: SqlArticleStore, article: Article
) -> None:
    other = TEXT.replace("14,6", "99,9")
    forged = replace(article, text=other, text_hash=text_hash(other))
    span = segment(TEXT).sentences[1]
    claim = Claim("", (Citation(forged, span, span.of(other)),))
    with pytest.raises(CitationError):
        check_citations([claim], store)


def test_a_quotation_of_an_older_version_stays_provable(
    store: SqlArticleStore, article: Article
) -> None:
    answer = ask(store, article)
    changed = TEXT.replace("14,6", "15,1")
    draft = ArticleDraft(
        origin="https://gazette.example/piscine", title="La piscine de Valmorin", text=changed
    )
    assert store.save(draft, segment(changed), now=NOW).article.version == 2
    check_citations(answer.claims, store)
