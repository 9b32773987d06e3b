"""What an answer is worth, against what was right. Pure.

A quotation is right if it is an evidence sentence or holds the answer. Questions without an
answer are right when nothing is claimed. Risk–coverage in the manner of El-Yaniv and Wiener
(2010): what share is answered, and how right the answers are, as the threshold moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.evaluation.datasets import GoldQuestion
from knowledge.text.french import fold, tokenise


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered to one question when the product was made to answer at any confidence.

    `quote` is the first quotation (None if nothing was found), `passages` the texts retrieved,
    the best first, `baseline` the sentence that plain BM25 and overlap choose.
    """

    gold: GoldQuestion
    quote: str | None
    highlight: str | None
    confidence: float
    passages: tuple[str, ...]
    baseline: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """What happens at one threshold. Shares are None where nothing is counted.

    `answered` and `right` are shares of the answerable questions, `precision` of the answers
    given (to answerable and unanswerable questions), `abstained` of the unanswerable ones.
    """

    threshold: float
    answered: float | None
    right: float | None
    precision: float | None
    abstained: float | None


def folded(text: str) -> str:
    """Return `text` without case, accents or differences of spaces."""
    return " ".join(fold(text).split())


def is_right(gold: GoldQuestion, quote: str | None) -> bool:
    """Tell whether `quote` is an evidence sentence or holds an answer of `gold`."""
    return quote is not None and (is_evidence(gold, quote) or holds_answer(gold, quote))


def is_evidence(gold: GoldQuestion, quote: str) -> bool:
    """Tell whether `quote` is one of the evidence sentences, or one lies within the other."""
    found = folded(quote)
    return any(
        found == wanted or wanted in found or (found in wanted and 2 * len(found) > len(wanted))
        for wanted in map(folded, gold.evidence)
    )


def holds_answer(gold: GoldQuestion, quote: str) -> bool:
    """Tell whether one of the answers stands in `quote`, as whole words."""
    found = f" {' '.join(token.stem for token in tokenise(quote))} "
    wanted = [" ".join(token.stem for token in tokenise(answer)) for answer in gold.answers]
    return any(answer and f" {answer} " in found for answer in wanted)


def overlap(found: str, answer: str) -> float:
    """Return the F1 of the words of two short answers, as SQuAD counts it (articles left out)."""
    left = Counter(token.stem for token in tokenise(found) if token.stem not in _ARTICLES)
    right = Counter(token.stem for token in tokenise(answer) if token.stem not in _ARTICLES)
    common = (left & right).total()
    return 2.0 * common / (left.total() + right.total()) if common else 0.0


_ARTICLES = frozenset(("le", "la", "les", "un", "une", "des", "du", "de"))


def highlight_score(outcome: Outcome) -> float | None:
    """Return the best overlap of the highlight with an answer; None if none was marked."""
    if outcome.highlight is None:
        return None
    return max((overlap(outcome.highlight, one) for one in outcome.gold.answers), default=0.0)


def passage_hit(outcome: Outcome, k: int) -> bool:
    """Tell whether one of the first `k` passages holds an evidence sentence."""
    wanted = [folded(sentence) for sentence in outcome.gold.evidence]
    return any(one in folded(text) for text in outcome.passages[:k] for one in wanted)


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, or None of nothing."""
    return sum(values) / len(values) if values else None


def risk_point(outcomes: Sequence[Outcome], threshold: float) -> RiskPoint:
    """Return what happens when answers below `threshold` are abstentions."""
    answerable = [one for one in outcomes if one.gold.answerable]
    others = [one for one in outcomes if not one.gold.answerable]
    given = [one for one in outcomes if one.quote is not None and one.confidence >= threshold]
    right = [one for one in given if one.gold.answerable and is_right(one.gold, one.quote)]
    of_answerable = [one for one in given if one.gold.answerable]
    return RiskPoint(
        threshold=threshold,
        answered=_share(len(of_answerable), len(answerable)),
        right=_share(len(right), len(answerable)),
        precision=_share(len(right), len(given)),
        abstained=_share(len(others) - (len(given) - len(of_answerable)), len(others)),
    )


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the value below which `share` of the values lie (nearest rank)."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
