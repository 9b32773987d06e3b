"""Fit the weights of extract mode: ``python -m knowledge.evaluation.fit``.

On PIAF's training questions. Two models, each linear, so that the shipped file can be read:

- ranking: conditional logit (McFadden 1974) over the sentences of a question, by gradient
  descent; half of the questions;
- answerability: logistic regression by Newton's method (IRLS) on the other half, each asked three
  times: as it is, with its own article taken away, and with its own passage taken away but not
  its article. The label is whether the best sentence is the one that holds the answer.

Neither development questions, decoys, FQB nor the demo are read here.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.conversation import ContextualQuestion
from knowledge.evaluation.datasets import PiafQuestion, load_piaf
from knowledge.evaluation.memory_base import DenseIndex, MemoryBase
from knowledge.evaluation.piaf_base import PiafBase
from knowledge.index.builtin_embedder import BuiltinEmbedder
from knowledge.search.answerability import answerability_features
from knowledge.search.candidates import RankedSentence, rank_sentences
from knowledge.search.features import FeatureReader
from knowledge.search.retrieve import HybridRetriever
from knowledge.search.scoring import LinearModel
from knowledge.text.frequency import french_frequencies
from knowledge.types import Hit

Matrix = NDArray[np.float64]

_HITS = 20
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_WEIGHTS = Path(__file__).parents[1] / "search" / "weights.json"
_SHIFT = 0.85  # added to the confidence's logit: 0.5 then is where answers are worth giving

# Set by hand, since PIAF's paragraphs have no headings: a heading announces, it does not answer.
_FIXED = {"heading": -1.5, "short": -0.5}
# Read for the confidence only. Coverage by title or sentence is one («topic»): an article's
# topic is in its title, and the sentence that repeats it is no better for it.
_UNUSED = frozenset({"covered", "covered_squared", "title", "names_covered"})
_AWAY_WEIGHT = 0.6  # of a question asked without its article or passage, against 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as ranked: the reader, the sentences, and which of them hold the answer."""

    reader: FeatureReader
    ranked: tuple[RankedSentence, ...]
    right: tuple[bool, ...]
    weight: float = 1.0


class Bench:
    """PIAF's base with a real retriever over it."""

    def __init__(self, folder: Path) -> None:
        self.piaf = PiafBase(load_piaf())
        self.base = MemoryBase(self.piaf.drafts())
        records = self.base.records()
        self._retriever = HybridRetriever(
            self.base,
            dense=DenseIndex(records, BuiltinEmbedder()),
            lexical=self.base.lexical_index(folder / "lexical.sqlite3"),
        )

    def hits(self, text: str, limit: int = _HITS) -> tuple[Hit, ...]:
        """Return what is retrieved for `text`."""
        return self._retriever.search(text, limit=limit, now=_NOW)

    def ask(
        self, question: PiafQuestion, hits: Sequence[Hit], model: LinearModel, weight: float = 1.0
    ) -> Asked:
        """Return the sentences of `hits` ranked by `model`, and which are right."""
        reader, ranked = rank_sentences(
            ContextualQuestion(question.text),
            hits=hits,
            sentences=self.base.sentences_of([hit.passage for hit in hits]),
            articles=self.base.articles({hit.passage.article_id for hit in hits}),
            rarity=french_frequencies().rarity,
            model=model,
        )
        right = tuple(self.piaf.holds_answer(question, one.sentence) for one in ranked)
        return Asked(reader, ranked, right, weight)

    def away(self, question: PiafQuestion) -> Iterator[tuple[Hit, ...]]:
        """Yield the hits without the question's article, then without its passage alone."""
        hits = self.hits(question.text, 2 * _HITS)
        own, span = self.piaf.place(question.passage)
        others = [hit for hit in hits if hit.passage.article_id != own]
        yield tuple(others[:_HITS])
        near = [
            hit
            for hit in hits
            if hit.passage.article_id != own
            or hit.passage.span.end <= span.start
            or span.end <= hit.passage.span.start
        ]
        yield tuple(near[:_HITS])


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
    right = np.array([float(one.right[0]) for one in usable])
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


def with_shift(model: LinearModel, shift: float) -> LinearModel:
    """Return the model with `shift` added to its bias: moves what confidence 0.5 means."""
    return LinearModel(model.weights, model.bias + shift)


def main() -> None:
    """Fit both models and write them into the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=3000, help="training questions used")
    parser.add_argument(
        "--shift", type=float, default=_SHIFT, help="added to the confidence's logit"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        questions = _sample(load_piaf().train, options.questions)
        ranking = fit_ranking(_plain(bench, questions[::2]))
        answerable = with_shift(
            fit_answerable(_thrice(bench, questions[1::2], ranking)), options.shift
        )
    _WEIGHTS.write_text(json.dumps(_content(ranking, answerable, len(questions)), indent=1) + "\n")


def _sample(questions: Sequence[PiafQuestion], count: int) -> list[PiafQuestion]:
    step = max(1, len(questions) // count)
    return list(questions[::step][:count])


def _plain(bench: Bench, questions: Sequence[PiafQuestion]) -> list[Asked]:
    nothing = LinearModel({})
    return [bench.ask(one, bench.hits(one.text), nothing) for one in _told(questions)]


def _thrice(bench: Bench, questions: Sequence[PiafQuestion], model: LinearModel) -> list[Asked]:
    asked = []
    for one in _told(questions):
        asked.append(bench.ask(one, bench.hits(one.text), model))
        asked += [bench.ask(one, hits, model, _AWAY_WEIGHT) for hits in bench.away(one)]
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
