"""Training questions with their answer taken away, on a small PIAF."""

from pathlib import Path

import pytest

from knowledge.evaluation.datasets import Piaf, PiafPassage, PiafQuestion
from knowledge.evaluation.fit import fit_answerable, keeping
from knowledge.evaluation.fit_bench import Asked, Bench, NewsBase
from knowledge.evaluation.piaf_base import PiafBase
from knowledge.search.answerability import answerability_features
from knowledge.search.scoring import shipped_weights

LIGHTHOUSE = (
    "Le phare de Kervel domine la côte. Il a été allumé en 1863 par les ingénieurs. "
    "Sa lanterne éclaire la mer."
)
HARBOUR = "Le port de Kervel abrite trente bateaux. Les pêcheurs y débarquent la sardine."
MILL = "Le moulin de Brenne broie le blé. Il appartient à la famille Osmont."
PIAF = Piaf(
    (
        PiafPassage("p1", "Kervel", LIGHTHOUSE),
        PiafPassage("p2", "Kervel", HARBOUR),
        PiafPassage("p3", "Brenne", MILL),
    ),
    (
        PiafQuestion(
            "q1",
            "p1",
            "Quand a été allumé le phare de Kervel ?",
            (("1863", LIGHTHOUSE.index("1863")),),
        ),
        PiafQuestion(
            "q2", "p3", "À qui appartient le moulin ?", (("famille Osmont", MILL.index("famille")),)
        ),
    ),
    (),
    (),
)


@pytest.fixture(params=[PiafBase, NewsBase])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    return Bench(request.param(PIAF), tmp_path)


def test_a_question_finds_the_annotated_sentence(bench: Bench) -> None:
    asked = bench.ask(PIAF.train[0], shipped_weights().ranking)
    assert asked.ranked[0].sentence.text.startswith("Il a été allumé en 1863")
    assert (asked.answers, asked.weight, sum(asked.right)) == (True, 1.0, 1)


def test_what_is_taken_away_is_not_found_again(bench: Bench) -> None:
    away = list(bench.ask_away(PIAF.train[0], shipped_weights().ranking))
    assert away[0].weight == 0.3
    for asked in away:
        assert not asked.answers
        assert not any("1863" in one.sentence.text for one in asked.ranked)


def test_the_sentence_alone_is_cut_from_its_passage(bench: Bench) -> None:
    cut = next(bench.ask_away(PIAF.train[0], shipped_weights().ranking))
    assert "Sa lanterne éclaire la mer." in {one.sentence.text for one in cut.ranked}


def test_paragraphs_as_news_have_headlines_of_their_own() -> None:
    drafts = list(NewsBase(PIAF).drafts())
    assert [draft.title for draft in drafts] == [
        "Kervel : Le phare de Kervel domine la côte.",
        "Kervel : Le port de Kervel abrite trente bateaux.",
        "Brenne : Le moulin de Brenne broie le blé.",
    ]
    assert [draft.text for draft in drafts] == [LIGHTHOUSE, HARBOUR, MILL]


def test_a_question_that_names_a_period_finds_nothing(bench: Bench) -> None:
    assert bench.hits("Que disent les articles d’hier ?") == ()


def test_the_confidence_fitted_prefers_what_answers_and_keeps_the_share(bench: Bench) -> None:
    model = shipped_weights().ranking
    asked: list[Asked] = []
    for question in PIAF.train:
        asked += [bench.ask(question, model), *bench.ask_away(question, model)]
    fitted = keeping(fit_answerable(asked, decay=0.1), asked, 1.0)
    chances = {True: [1.0], False: [0.0]}
    for one in asked:
        if one.ranked:
            read = answerability_features(one.reader, one.ranked)
            chances[one.answers].append(fitted.probability(read))
    assert min(chances[True]) >= 0.499
    assert max(chances[False]) < min(chances[True])
