"""Extract mode: the right sentence, marked, or silence. On small bases and the real weights."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.conversation import ContextualQuestion
from knowledge.evaluation.memory_base import MemoryBase
from knowledge.extract import ExtractedAnswer, extract_answer
from knowledge.index.lexical import LexicalIndex
from knowledge.types import Article, ArticleDraft, Hit

POOL = ArticleDraft(
    origin="file:pool",
    title="Valmorin : le conseil municipal vote la reconstruction de la piscine",
    text=(
        "Le conseil municipal de Valmorin a adopté jeudi la reconstruction de la piscine.\n\n"
        "Le chantier doit commencer en septembre 2026. Le coût total est estimé à 18,4 millions "
        "d’euros hors taxes. « Cette ville apprendra à nager à ses enfants », a déclaré la maire, "
        "Hélène Carvenec.\n\nL’ancien bassin est fermé depuis l’effondrement de son plafond."
    ),
)
FLOOD = ArticleDraft(
    origin="file:flood",
    title="Crue de l’Aurelle : le bilan de la préfecture",
    text=(
        "L’Aurelle a débordé mardi à Valcombe. Selon la préfecture, 412 personnes ont été "
        "évacuées à Valcombe pendant la crue. Les secours ont mobilisé deux hélicoptères."
    ),
)
TOWN_HALL = ArticleDraft(
    origin="file:town-hall",
    title="Crue de l’Aurelle : la mairie compte les évacués",
    text=(
        "La mairie de Valcombe a publié son décompte de la crue. Selon elle, 340 personnes ont "
        "été évacuées à Valcombe pendant la crue. Le gymnase a servi de refuge."
    ),
)


class Base:
    """A base in memory behind the real lexical index."""

    def __init__(self, folder: Path, drafts: Sequence[ArticleDraft]) -> None:
        self.memory = MemoryBase(drafts)
        self.index: LexicalIndex = self.memory.lexical_index(folder / "lexical.sqlite3")

    def ask(self, question: str | ContextualQuestion, *, threshold: float = 0.5) -> ExtractedAnswer:
        asked = ContextualQuestion(question) if isinstance(question, str) else question
        found = dict(self.index.search(asked.search_text, limit=20))
        passages = self.memory.passages(list(found))
        return extract_answer(
            asked,
            hits=[Hit(passages[one], score) for one, score in found.items()],
            sentences=self.memory.sentences_of(list(passages.values())),
            articles=self.memory.by_id,
            threshold=threshold,
        )

    def article(self, draft: ArticleDraft) -> Article:
        return next(one for one in self.memory.by_id.values() if one.title == draft.title)


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path, [POOL, FLOOD, TOWN_HALL])


@pytest.mark.parametrize(
    ("question", "sentence", "marked"),
    [
        (
            "Combien coûtera la piscine de Valmorin ?",
            "Le coût total est estimé à 18,4 millions d’euros hors taxes.",
            "18,4 millions d’euros",
        ),
        (
            "Quand commencera le chantier de la piscine de Valmorin ?",
            "Le chantier doit commencer en septembre 2026.",
            "septembre 2026",
        ),
    ],
)
def test_the_sentence_that_answers_is_quoted_and_its_answer_marked(
    base: Base, question: str, sentence: str, marked: str
) -> None:
    answer = base.ask(question)
    citation = answer.claims[0].citations[0]
    assert citation.quote == sentence
    assert citation.highlight is not None
    assert citation.highlight.of(citation.article.text) == marked


@pytest.mark.parametrize(
    "question",
    [
        "Qui a gagné la coupe du monde de football en 1998 ?",
        "Combien d’habitants compte Port-Lannec ?",
        "Quel est le salaire de Bertrand Lesaulnier ?",
        "",
        "???",
        "le la les de",
    ],
)
def test_what_the_base_does_not_tell_is_an_abstention(base: Base, question: str) -> None:
    answer = base.ask(question)
    assert answer.claims == ()
    assert answer.confidence < 0.5


def test_two_sources_that_differ_are_both_shown(base: Base) -> None:
    answer = base.ask("Combien de personnes ont été évacuées à Valcombe pendant la crue ?")
    shown = [claim.citations[0] for claim in answer.claims]
    assert {one.article.id for one in shown} == {
        base.article(FLOOD).id,
        base.article(TOWN_HALL).id,
    }
    marks = {one.highlight.of(one.article.text) for one in shown if one.highlight}
    assert marks == {"412 personnes", "340 personnes"}


def test_a_figure_of_another_kind_is_no_second_opinion(tmp_path: Path) -> None:
    town = ArticleDraft(
        origin="file:town",
        title="Crue de l’Aurelle à Valcombe : des personnes évacuées",
        text=(
            "La crue a envahi les quartiers bas de Valcombe, une commune de 6 200 habitants, et "
            "des rues évacuées pendant la nuit."
        ),
    )
    answer = Base(tmp_path, [FLOOD, town]).ask(
        "Combien de personnes ont été évacuées à Valcombe pendant la crue ?"
    )
    assert [claim.citations[0].article.title for claim in answer.claims] == [FLOOD.title]


def test_a_follow_up_is_answered_from_the_article_that_answered_before(base: Base) -> None:
    asked = ContextualQuestion(
        "Et combien coûtera-t-elle ?", ("piscine", "Valmorin"), (base.article(POOL).id,)
    )
    answer = base.ask(asked)
    assert answer.claims[0].citations[0].quote.startswith("Le coût total")


def test_the_threshold_decides_between_answer_and_silence(base: Base) -> None:
    question = "Combien coûtera la piscine de Valmorin ?"
    confidence = base.ask(question).confidence
    assert base.ask(question, threshold=confidence).claims
    assert base.ask(question, threshold=min(1.0, confidence + 0.01)).claims == ()


def test_nothing_found_is_an_abstention_without_evidence() -> None:
    answer = extract_answer(ContextualQuestion("Quoi ?"), hits=[], sentences={}, articles={})
    assert answer == ExtractedAnswer((), 0.0)


def test_hits_of_an_article_that_is_gone_are_left_out(base: Base) -> None:
    found = dict(base.index.search("piscine Valmorin", limit=5))
    passages = base.memory.passages(list(found))
    answer = extract_answer(
        ContextualQuestion("Combien coûtera la piscine ?"),
        hits=[Hit(passages[one], score) for one, score in found.items()],
        sentences=base.memory.sentences_of(list(passages.values())),
        articles={},
    )
    assert answer.claims == ()


@settings(max_examples=60, deadline=None)
@given(question=st.text(max_size=60), text=st.text(min_size=1, max_size=300))
def test_every_quotation_is_an_exact_slice_with_its_mark_inside(question: str, text: str) -> None:
    if not text.strip():
        return
    memory = MemoryBase([ArticleDraft(origin="file:any", title="Titre", text=text)])
    passages = [record.passage for record in memory.records()]
    answer = extract_answer(
        ContextualQuestion(question),
        hits=[Hit(passage, 1.0) for passage in passages],
        sentences=memory.sentences_of(passages),
        articles=memory.by_id,
        threshold=0.0,
    )
    for claim in answer.claims:
        for citation in claim.citations:
            assert citation.quote == citation.span.of(text)
            assert citation.highlight is None or citation.span.contains(citation.highlight)


def test_a_typing_error_changes_neither_the_quotation_nor_the_confidence(base: Base) -> None:
    asked = "Combien de personnes ont été évacuées à Valcombe pendant la crue ?"
    mistyped = asked.replace("personnes", "personnnes")
    assert base.ask(mistyped) == base.ask(asked)


def test_a_word_of_the_same_letters_but_the_last_accent_is_no_support(tmp_path: Path) -> None:
    hamlet = ArticleDraft(
        origin="file:hamlet",
        title="Inondations dans les Monts-d’Aure",
        text=(
            "Les secours ont effectué 57 hélitreuillages, principalement dans le hameau de "
            "Combe-Noire, coupé du monde. Deux pompiers ont été blessés."
        ),
    )
    base = Base(tmp_path, [POOL, FLOOD, TOWN_HALL, hamlet])
    assert base.ask("Quel hameau est coupé du monde ?").confidence > 0.9
    cup = [base.ask(f"Qui a {won} la Coupe du monde ?").confidence for won in ("gagné", "gagne")]
    assert max(cup) < 0.8  # 0.9 if it were the same word
    assert base.ask("Qui a remporté la Coupe du monde ?", threshold=0.6).claims == ()
