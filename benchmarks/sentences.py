"""Compare our sentence splitter with pysbd (French): ``python -m benchmarks.sentences [--json]``.

Both get the texts of ``tests/data/sentences.fr.toml``. Sentences are compared stripped. A boundary
is the place between two sentences, counted in visible characters before it, so that white space
and zero-width marks given to one side or the other cost nothing. The table was written together
with our splitter and follows its conventions: it shows what ours does, and the share that another
good splitter gets without knowing them; it is no neutral test.

Speed is measured on the table's news prose, repeated, one article of about 700 characters at a
time, as ingestion calls it.
"""

from __future__ import annotations

import argparse
import json
import time
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge.text.sentences import split_sentences

Split = Callable[[str], list[str]]

MARK = "‖"
TABLE = Path(__file__).parents[1] / "tests" / "data" / "sentences.fr.toml"
_ARTICLE = 700  # characters
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A text of the table and its sentences."""

    name: str
    text: str
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Score:
    """How well one splitter does on the cases; shares lie in 0..1, speed is in characters/s."""

    splitter: str
    cases: int
    right: int
    precision: float
    recall: float
    f1: float
    characters_per_second: float
    milliseconds_per_article: float
    failures: tuple[str, ...]


def load_cases(path: Path = TABLE) -> list[Case]:
    """Return the cases of the table, named ``group.name``."""
    groups = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Case(
            f"{group}.{name}",
            marked.replace(MARK, ""),
            [part.strip() for part in marked.split(MARK)],
        )
        for group, cases in groups.items()
        for name, marked in cases.items()
    ]


def boundaries(sentences: list[str]) -> set[int]:
    """Return where sentences meet, in visible characters from the start of the text."""
    found, position = set(), 0
    for sentence in sentences[:-1]:
        position += sum(not (char.isspace() or char in "\u200b\ufeff\u00ad") for char in sentence)
        found.add(position)
    return found


def score(name: str, split: Split, cases: list[Case]) -> Score:
    """Run a splitter over the cases and measure its speed."""
    matched = given = expected = 0
    failures = []
    for case in cases:
        sentences = split(case.text)
        got, want = boundaries(sentences), boundaries(case.sentences)
        matched, given, expected = matched + len(got & want), given + len(got), expected + len(want)
        if sentences != case.sentences:
            failures.append(f"{case.name}: {sentences}")
    precision, recall = matched / max(1, given), matched / max(1, expected)
    seconds, characters = _time(split, cases)
    return Score(
        splitter=name,
        cases=len(cases),
        right=len(cases) - len(failures),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / max(1e-9, precision + recall),
        characters_per_second=characters / seconds,
        milliseconds_per_article=1000 * seconds * _ARTICLE / characters,
        failures=tuple(failures),
    )


def _time(split: Split, cases: list[Case]) -> tuple[float, int]:
    """Return the best round in seconds of processor, and the characters of a round."""
    news = [case for case in cases if case.name.startswith("news.")]
    prose = " ".join(case.text for case in news or cases)
    articles = [prose[start : start + _ARTICLE] for start in range(0, len(prose), _ARTICLE)] * 10
    best = float("inf")
    for _ in range(_ROUNDS):
        started = time.process_time()
        for article in articles:
            split(article)
        best = min(best, time.process_time() - started)
    return best, sum(map(len, articles))


def split_ours(text: str) -> list[str]:
    """Split with Sourcier's splitter."""
    return [span.of(text) for span in split_sentences(text)]


def load_pysbd() -> Split:
    """Return pysbd's French splitter, without cleaning; its empty sentences are left out."""
    import pysbd  # a development dependency, slow to import

    segmenter = pysbd.Segmenter(language="fr", clean=False)

    def split(text: str) -> list[str]:
        return [stripped for part in segmenter.segment(text) if (stripped := part.strip())]

    return split


def render(scores: list[Score]) -> str:
    """Return the scores as a table, with our own failures below."""
    lines = [
        f"{'':8}{'right':>15}{'precision':>11}{'recall':>9}{'F1':>8}{'char/s':>13}{'ms/700':>9}"
    ]
    lines += [
        f"{item.splitter:8}{item.right:>8}/{item.cases:<6}{item.precision:>11.3f}{item.recall:>9.3f}"
        f"{item.f1:>8.3f}{item.characters_per_second:>13,.0f}{item.milliseconds_per_article:>9.3f}"
        for item in scores
    ]
    lines += [f"ours fails: {failure}" for failure in scores[0].failures]
    return "\n".join(lines)


def run() -> list[Score]:
    """Score our splitter, then pysbd."""
    cases = load_cases()
    return [score("ours", split_ours, cases), score("pysbd", load_pysbd(), cases)]


def main() -> None:
    """Print the comparison as a table, or as JSON."""
    parser = argparse.ArgumentParser(description="Compare our sentence splitter with pysbd.")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    arguments = parser.parse_args()
    scores = run()
    if arguments.json:
        print(json.dumps([asdict(item) for item in scores], ensure_ascii=False))
    else:
        print(render(scores))


if __name__ == "__main__":
    main()
