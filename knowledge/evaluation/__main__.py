"""Measure quality: ``python -m knowledge.evaluation --dataset NAME [--json]``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from knowledge.errors import SourcierError
from knowledge.evaluation import digests
from knowledge.evaluation.report import summarise, table
from knowledge.evaluation.run import DATASETS, Exam, exam, take
from knowledge.settings import KnowledgeSettings

# Below it the product, as it is shipped, shows nothing.
_THRESHOLD: float = KnowledgeSettings.model_fields["minimum_confidence"].default
_DIGESTS = "digests"  # no questions: see knowledge.evaluation.digests


def main(arguments: Sequence[str] | None = None) -> None:
    """Take the exams named and write their figures on standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = (*DATASETS, _DIGESTS)
    parser.add_argument("--dataset", choices=names, action="append", help="may be repeated")
    parser.add_argument("--limit", type=int, help="ask only so many questions, evenly spread")
    parser.add_argument(
        "--threshold", type=float, default=_THRESHOLD, help="confidence to answer at"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    results: dict[str, dict[str, object]] = {}
    for name in options.dataset or ["demo"]:
        try:
            if name == _DIGESTS:
                results[name] = digests.as_json(scores := digests.measure())
                shown = digests.table(scores)
            else:
                results[name] = measure(name, limit=options.limit, threshold=options.threshold)
                shown = table(results[name])
        except SourcierError as error:
            sys.exit(f"{name} : {error.message}")
        if not options.json:
            sys.stdout.write(f"{name}\n{shown}\n\n")
    if options.json:
        sys.stdout.write(json.dumps(results, ensure_ascii=False, indent=2) + "\n")


def measure(
    dataset: str, *, limit: int | None = None, threshold: float = _THRESHOLD
) -> dict[str, object]:
    """Return the figures of one exam (see :func:`knowledge.evaluation.report.summarise`).

    Raises:
        SourcierError: the data is missing, or the base failed.
    """
    test = exam(dataset)
    if limit is not None and limit < len(test.questions):
        step = len(test.questions) / limit
        chosen = tuple(test.questions[int(place * step)] for place in range(limit))
        test = Exam(chosen, test.fill)
    with tempfile.TemporaryDirectory(prefix="sourcier-evaluation-") as folder:
        outcomes = take(test, Path(folder), now=datetime.now(UTC))
    return summarise(outcomes, threshold)


if __name__ == "__main__":
    main()
