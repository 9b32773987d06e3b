"""Fit the weights of extract mode: ``python -m knowledge.evaluation.fit``.

On PIAF's training questions. Two models, each linear, so that the shipped file can be read:

- ranking: conditional logit (McFadden 1974) over the sentences of a question, by gradient
  descent; half of the questions;
- answerability: logistic regression by Newton's method (IRLS) on the other half, each asked as
  it is and with its own sentence, passage and topic taken away (see
  :mod:`knowledge.evaluation.fit_bench`). The label is whether the best sentence answers.

Every other question is asked to paragraphs as news. Boosted trees and small networks, on the
same features and on five times as many, did no better (cross-validated on articles): at 85 % of
the right answers kept, all refuse three quarters of the questions without one.

Neither development questions, decoys, FQB nor the demo are read here.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.evaluation.datasets import PiafQuestion, load_piaf
from knowledge.evaluation.fit_bench import Asked, Bench, NewsBase
from knowledge.evaluation.piaf_base import PiafBase
from knowledge.search.answerability import answerability_features
from knowledge.search.scoring import LinearModel, shipped_weights

Matrix = NDArray[np.float64]

_WEIGHTS = Path(__file__).parents[1] / "search" / "weights.json"
_KEPT = 0.8  # of the right first sentences: the share that confidence 0.5 lets through

# Set by hand, since PIAF's paragraphs have no headings: a heading announces, it does not answer.
_FIXED = {"heading": -1.5, "short": -0.5}
# Read for the confidence only. Coverage by title or sentence is one («topic»): an article's
# topic is in its title, and the sentence that repeats it is no better for it.
_UNUSED = frozenset({"covered", "covered_squared", "title", "names_covered"})


def fit_ranking(asked: Sequence[Asked], *, steps: int = 200, decay: float = 1e-4) -> LinearModel:
    """Return the weights under which right sentences have the largest share (Adam)."""
    usable = [one for one in asked if any(one.right)]
    samples = [sentence.features for one in usable for sentence in one.ranked]
    names = sorted(set(samples[0]) - _UNUSED - set(_FIXED))
    rows = _matrix(samples, names)
    fixed = _matrix(samples, list(_FIXED)) @ np.array(list(_FIXED.values()))
    right = np.array([flag for one in usable for flag in one.right])
    group = np.repeat(np.arange(len(usable)), [len(one.ranked) for one in usable])
    weights = np.zeros(len(names))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, steps + 1):
        share = _grouped_softmax(rows @ weights + fixed, group)
        wanted = share * right
        wanted /= np.bincount(group, wanted)[group]
        gradient = rows.T @ (share - wanted) / len(usable) + decay * weights
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        size = np.sqrt(second / (1 - 0.99**step)) + 1e-8
        weights -= 0.1 * first / (1 - 0.9**step) / size
    return LinearModel({**_FIXED, **dict(zip(names, weights.tolist(), strict=True))})


def fit_answerable(asked: Sequence[Asked], *, decay: float = 1.0) -> LinearModel:
    """Return the logistic regression of «the best sentence is right» (IRLS)."""
    usable = [one for one in asked if one.ranked]
    samples = [answerability_features(one.reader, one.ranked) for one in usable]
    names = sorted(samples[0])
    rows = np.column_stack([_matrix(samples, names), np.ones(len(samples))])
    right = np.array([float(one.answers) for one in usable])
    importance = np.array([one.weight for one in usable])
    penalty = decay * np.eye(rows.shape[1])
    penalty[-1, -1] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(25):
        chance = 1.0 / (1.0 + np.exp(-rows @ weights))
        gradient = rows.T @ (importance * (chance - right)) + penalty @ weights
        curvature = rows.T @ (rows * (importance * chance * (1 - chance))[:, None]) + penalty
        weights -= np.linalg.solve(curvature, gradient)
    return LinearModel(dict(zip(names, weights.tolist(), strict=False)), float(weights[-1]))


def _matrix(samples: Sequence[Mapping[str, float]], names: Sequence[str]) -> Matrix:
    return np.array([[sample[name] for name in names] for sample in samples])


def _grouped_softmax(scores: Matrix, group: NDArray[np.int64]) -> Matrix:
    highest = np.full(group[-1] + 1, -np.inf)
    np.maximum.at(highest, group, scores)
    powers = np.exp(scores - highest[group])
    share: Matrix = powers / np.bincount(group, powers)[group]
    return share


def keeping(model: LinearModel, asked: Sequence[Asked], share: float) -> LinearModel:
    """Return `model` with the bias at which `share` of the right first sentences reach 0.5."""
    scores = [
        model.score(answerability_features(one.reader, one.ranked)) for one in asked if one.answers
    ]
    return LinearModel(model.weights, model.bias - float(np.quantile(scores, 1.0 - share)))


def main() -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=3000, help="training questions used")
    parser.add_argument("--kept", type=float, default=_KEPT, help="of right answers, at 0.5")
    parser.add_argument(
        "--confidence-only", action="store_true", help="keep the ranking that is shipped"
    )
    options = parser.parse_args()
    piaf = load_piaf()
    questions = _sample(piaf.train, options.questions)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        benches = (Bench(PiafBase(piaf), Path(one)), Bench(NewsBase(piaf), Path(other)))
        if options.confidence_only:
            ranking, rest = shipped_weights().ranking, questions
        else:
            ranking, rest = fit_ranking(_plain(benches, questions[::2])), questions[1::2]
        asked = _with_and_without(benches, rest, ranking)
    answerable = keeping(fit_answerable(asked), asked, options.kept)
    content = _content(ranking, answerable, len(questions))
    _WEIGHTS.write_text(json.dumps(content, indent=1) + "\n")


def _sample(questions: Sequence[PiafQuestion], count: int) -> list[PiafQuestion]:
    step = max(1, len(questions) // count)
    return list(questions[::step][:count])


def _plain(benches: Sequence[Bench], questions: Sequence[PiafQuestion]) -> list[Asked]:
    nothing = LinearModel({})
    return [
        benches[place % len(benches)].ask(one, nothing)
        for place, one in enumerate(_told(questions))
    ]


def _with_and_without(
    benches: Sequence[Bench], questions: Sequence[PiafQuestion], model: LinearModel
) -> list[Asked]:
    asked = []
    for place, one in enumerate(_told(questions)):
        bench = benches[place % len(benches)]
        asked += [bench.ask(one, model), *bench.ask_away(one, model)]
    return asked


def _told(questions: Sequence[PiafQuestion]) -> Iterator[PiafQuestion]:
    for count, question in enumerate(questions, 1):
        if count % 250 == 0:
            sys.stderr.write(f"{count} / {len(questions)}\n")
        yield question


def _content(ranking: LinearModel, answerable: LinearModel, questions: int) -> dict[str, object]:
    return {
        "source": f"knowledge.evaluation.fit on {questions} training questions of PIAF 1.1",
        "ranking": _rounded(ranking),
        "answerable": _rounded(answerable),
    }


def _rounded(model: LinearModel) -> dict[str, object]:
    weights = {name: round(value, 3) for name, value in sorted(model.weights.items())}
    return {"bias": round(model.bias, 3), "weights": weights}


if __name__ == "__main__":
    main()
