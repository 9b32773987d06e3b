"""Questions on a large base: ``python -m benchmarks.retrieval [--json]``.

A base of 20,000 passages on the real store, Chroma and FTS5, filled once; then, in a process of
its own, the time from the import to an open base, the resident memory, the time of a search and
that of a whole extracted answer. Questions are words of the passages themselves, half of them
with a typing error.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.memory import resident_mib

PASSAGES = 20_000
QUESTIONS = 200
TARGETS = {"retrieval_p95_ms": 30.0, "answer_p95_ms": 100.0, "ready_s": 3.5, "memory_mib": 350.0}

_CHARACTERS = 700
_BATCH = 500
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_OPENERS = ("Combien de", "Quand", "Qui", "Pourquoi", "Où", "Quel est le")


def fill(folder: Path, passages: int) -> None:
    """Ingest synthetic articles of one passage each into a base in `folder`."""
    from benchmarks.corpus import synthetic_articles
    from knowledge.chunks import chunks
    from knowledge.text.segmentation import segment

    knowledge = _open(folder)
    try:
        drafts = list(synthetic_articles(passages, _CHARACTERS))
        for batch in chunks(drafts, _BATCH):
            knowledge.store.save_many([(one, segment(one.text)) for one in batch], now=_NOW)
        knowledge.synchronise()
    finally:
        knowledge.close()


def measure(folder: Path, questions: int) -> dict[str, float]:
    """Return the figures of a base, as a fresh process sees them."""
    start = time.perf_counter()
    knowledge = _open(folder)
    figures = {"ready_s": time.perf_counter() - start}
    try:
        figures["passages"] = float(knowledge.summary().passages)
        asked = _questions(knowledge, questions)
        figures |= _percentiles("retrieval", [_search_seconds(knowledge, one) for one in asked])
        figures |= _percentiles("answer", [_answer_seconds(knowledge, one) for one in asked])
        figures["memory_mib"] = resident_mib()
    finally:
        knowledge.close()
    return figures


def _open(folder: Path) -> Any:
    from knowledge.bootstrap import open_knowledge
    from knowledge.settings import KnowledgeSettings, load_settings

    settings = load_settings(
        KnowledgeSettings,
        env_file=None,
        data_dir=folder,
        model=None,
        database_url=None,
        chroma_url=None,
        embedder="builtin",
    )
    return open_knowledge(settings)


def _questions(knowledge: Any, count: int) -> list[str]:
    """Return questions made of three to six words of a sentence, every second one misspelt."""
    generator = random.Random(20_000)  # noqa: S311 - a seeded benchmark
    articles = knowledge.store.list_articles(limit=count)
    asked = []
    for position, article in enumerate(articles):
        words = [word.strip(".,;:«»!?") for word in article.text.split() if len(word) > 4]
        chosen = generator.sample(words, min(len(words), generator.randint(3, 6)))
        if position % 2:
            chosen[0] = chosen[0][:2] + chosen[0][3:]
        asked.append(f"{generator.choice(_OPENERS)} {' '.join(chosen)} ?")
    return asked


def _search_seconds(knowledge: Any, question: str) -> float:
    start = time.perf_counter()
    knowledge.retriever.search(question, limit=knowledge.limits.hits, now=_NOW)
    return time.perf_counter() - start


def _answer_seconds(knowledge: Any, question: str) -> float:
    from knowledge.types import Question

    start = time.perf_counter()
    knowledge.ask(Question(question), now=_NOW)
    return time.perf_counter() - start


def _percentiles(name: str, seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        f"{name}_p{share}_ms": 1000.0 * ordered[min(len(ordered) - 1, len(ordered) * share // 100)]
        for share in (50, 95)
    }


def main() -> None:
    """Fill a base, then measure it in a fresh process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--passages", type=int, default=PASSAGES)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--folder", type=Path, help="measure this base, already filled")
    options = parser.parse_args()
    if options.folder is not None:
        figures: dict[str, Any] = measure(options.folder, options.questions)
    else:
        figures = _in_fresh_process(options.passages, options.questions)
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for name, value in figures.items():
        target = f"  (at most {TARGETS[name]:g})" if name in TARGETS else ""
        print(f"{name:<24}{value:10.1f}{target}")


def _in_fresh_process(passages: int, questions: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="sourcier-retrieval-") as folder:
        start = time.perf_counter()
        fill(Path(folder), passages)
        filled = time.perf_counter() - start
        command = [sys.executable, "-m", "benchmarks.retrieval", "--json", "--folder", folder]
        command += ["--questions", str(questions)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
        return {"fill_s": filled, **json.loads(done.stdout)}


if __name__ == "__main__":
    main()
