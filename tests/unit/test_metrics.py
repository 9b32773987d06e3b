"""What an answer is worth."""

import pytest

from knowledge.evaluation.datasets import GoldQuestion
from knowledge.evaluation.metrics import (
    Outcome,
    RiskPoint,
    highlight_score,
    is_right,
    overlap,
    passage_hit,
    percentile,
    risk_point,
)
from knowledge.evaluation.report import summarise, table

COST = GoldQuestion("1", "Combien ?", ("18,4 millions",), ("Le coût est de 18,4 millions.",))
NONE = GoldQuestion("2", "Qui ?")


def outcome(gold: GoldQuestion, quote: str | None, confidence: float) -> Outcome:
    return Outcome(
        gold, quote, "18,4", confidence, ("Avant. Le coût est de 18,4 millions.",), quote, 0.01
    )


@pytest.mark.parametrize(
    ("quote", "right"),
    [
        ("Le coût est de 18,4 millions.", True),
        ("LE COÛT est de\u00a018,4 millions.", True),
        ("La facture atteint 18,4 millions d’euros.", True),
        ("Le coût est de 118,4 millions.", False),
        ("Le", False),
        (None, False),
    ],
)
def test_a_quotation_is_right_if_it_is_the_evidence_or_holds_the_answer(
    quote: str | None, right: bool
) -> None:
    assert is_right(COST, quote) is right


def test_overlap_is_the_f1_of_words_without_articles() -> None:
    assert overlap("le 5 mai", "5 mai 2026") == pytest.approx(2 * 2 / 5)
    assert overlap("Paris", "Lyon") == 0.0
    assert highlight_score(outcome(COST, "x", 1.0)) == pytest.approx(2 / 3)


def test_a_passage_hit_looks_at_the_first_passages_only() -> None:
    found = outcome(COST, None, 0.0)
    assert passage_hit(found, 1)
    assert not passage_hit(found, 0)


def test_one_threshold_tells_coverage_precision_and_abstention() -> None:
    outcomes = [
        outcome(COST, "Le coût est de 18,4 millions.", 0.9),
        outcome(COST, "Autre chose.", 0.6),
        outcome(COST, "Le coût est de 18,4 millions.", 0.2),
        outcome(NONE, "Faux.", 0.7),
        outcome(NONE, "Faux.", 0.1),
    ]
    assert risk_point(outcomes, 0.5) == RiskPoint(
        threshold=0.5, answered=2 / 3, right=1 / 3, precision=1 / 3, abstained=1 / 2
    )


def test_a_set_without_answerable_questions_has_no_share_of_them() -> None:
    figures = summarise([outcome(NONE, None, 0.0)], 0.5)
    assert figures["quotation"] == {"right": None, "baseline_right": None}
    assert "abstained" in table(figures)


def test_evidence_is_counted_where_it_is_known_and_not_spoken_of_where_it_is_not() -> None:
    unproved = GoldQuestion("3", "Combien ?", ("18,4 millions",))
    figures = summarise([outcome(unproved, "La facture : 18,4 millions.", 0.9)], 0.5)
    assert figures["retrieval"] == {}
    assert figures["quotation"] == {"right": 1.0, "baseline_right": 1.0}
    assert "hit@" not in table(figures)
    both = [outcome(each, "Le coût est de 18,4 millions.", 0.9) for each in (COST, unproved)]
    mixed = summarise(both, 0.5)
    assert mixed["retrieval"] == dict.fromkeys(("hit@1", "hit@3", "hit@5", "hit@10", "hit@20"), 1.0)
    assert mixed["quotation"] == {"right": 1.0, "baseline_right": 1.0, "evidence": 1.0}


def test_a_percentile_of_nothing_is_nothing() -> None:
    assert percentile([], 0.5) is None
    assert percentile([3.0, 1.0, 2.0], 0.95) == 3.0
