"""Ask a whole question set to the real product, in a data folder of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from knowledge.bootstrap import open_knowledge
from knowledge.chunks import chunks
from knowledge.evaluation.datasets import (
    GoldQuestion,
    Piaf,
    load_demo,
    load_fqb,
    load_piaf,
    load_press,
    press_articles,
)
from knowledge.evaluation.metrics import Outcome
from knowledge.evaluation.piaf_base import PiafBase
from knowledge.service import Knowledge
from knowledge.settings import MEBIBYTE, KnowledgeSettings, load_settings
from knowledge.text.french import content_stems
from knowledge.text.segmentation import segment
from knowledge.text.sentences import split_sentences
from knowledge.types import Answer, ArticleDraft, Exchange, Question

DATASETS = ("demo", "press", "piaf", "fqb", "decoys")

_PASSAGES = 20
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Exam:
    """Questions and what fills the base that they are asked to."""

    questions: tuple[GoldQuestion, ...]
    fill: Callable[[Knowledge], None]


def exam(dataset: str) -> Exam:
    """Return the named exam.

    ``demo``: the shipped articles and questions. ``press``: the real article of the shared
    folder. ``piaf``: development questions. ``fqb``:
    questions that PIAF's articles do not answer. ``decoys``: development questions whose
    passage was taken out of PIAF's articles.

    Raises:
        SourceError: its files are missing.
        KeyError: there is no such exam.
    """
    if dataset == "demo":
        return Exam(load_demo(), _fill_demo)
    if dataset == "press":
        articles = press_articles()
        return Exam(load_press(), lambda knowledge: _fill_from(knowledge, articles))
    piaf = load_piaf()
    if dataset == "decoys":
        return _decoys(piaf)
    base = PiafBase(piaf)
    questions = {
        "piaf": lambda: tuple(base.gold(question) for question in piaf.dev),
        "fqb": load_fqb,
    }[dataset]()
    return Exam(questions, lambda knowledge: _fill(knowledge, base.drafts()))


def _decoys(piaf: Piaf) -> Exam:
    passages = {question.id: question.passage for question in piaf.dev}
    own = frozenset(passages[one.id.removesuffix("-decoy")] for one in piaf.decoys)
    base = PiafBase(piaf, without=own)
    questions = tuple(GoldQuestion(one.id, one.text) for one in piaf.decoys)
    return Exam(questions, lambda knowledge: _fill(knowledge, base.drafts()))


def _fill_demo(knowledge: Knowledge) -> None:
    from knowledge.demo import demo_documents

    knowledge.ingest(demo_documents())


def _fill_from(knowledge: Knowledge, folder: Path) -> None:
    from knowledge.sources.files import documents_in

    knowledge.ingest(documents_in(folder, max_bytes=MEBIBYTE))


def _fill(knowledge: Knowledge, drafts: Iterable[ArticleDraft]) -> None:
    now = datetime.now(UTC)
    segmented = [(draft, segment(draft.text)) for draft in drafts]
    for batch in chunks(segmented, _BATCH):
        knowledge.store.save_many(batch, now=now)
    knowledge.synchronise()


def take(
    test: Exam,
    folder: Path,
    *,
    now: datetime,
    report: Callable[[int], None] | None = None,
) -> tuple[Outcome, ...]:
    """Fill a base in `folder` and ask every question, at any confidence, in extract mode."""
    settings = load_settings(
        KnowledgeSettings,
        env_file=None,
        data_dir=folder,
        model=None,
        database_url=None,
        chroma_url=None,
    )
    knowledge = open_knowledge(settings)
    try:
        test.fill(knowledge)
        eager = replace(knowledge, limits=replace(knowledge.limits, minimum_confidence=0.0))
        return tuple(_ask_all(eager, test.questions, now, report))
    finally:
        knowledge.close()


def _ask_all(
    knowledge: Knowledge,
    questions: Sequence[GoldQuestion],
    now: datetime,
    report: Callable[[int], None] | None,
) -> Iterable[Outcome]:
    exchanges: dict[str, tuple[Exchange, ...]] = {}
    for count, gold in enumerate(questions, 1):
        history = exchanges.get(gold.conversation, ()) if gold.conversation else ()
        start = time.perf_counter()
        answer = knowledge.ask(Question(gold.text, history), now=now)
        seconds = time.perf_counter() - start
        if gold.conversation:
            exchanges[gold.conversation] = (*history, Exchange.of(answer))
        yield _outcome(knowledge, gold, answer, seconds, now)
        if report is not None:
            report(count)


def _outcome(
    knowledge: Knowledge, gold: GoldQuestion, answer: Answer, seconds: float, now: datetime
) -> Outcome:
    hits = knowledge.retriever.search(gold.text, limit=_PASSAGES, now=now)
    passages = tuple(hit.passage.text for hit in hits)
    citation = answer.citations[0] if answer.citations else None
    marked = citation.highlight if citation else None
    return Outcome(
        gold=gold,
        quote=citation.quote if citation else None,
        highlight=marked.of(citation.article.text) if citation and marked else None,
        confidence=answer.confidence or 0.0,
        passages=passages,
        baseline=_baseline(gold.text, passages),
        seconds=seconds,
    )


def _baseline(question: str, passages: Sequence[str]) -> str | None:
    """Return the sentence of the first passage that shares most stems with the question."""
    if not passages:
        return None
    asked = set(content_stems(question))
    sentences = [span.of(passages[0]) for span in split_sentences(passages[0])]
    return max(sentences, key=lambda one: len(asked & set(content_stems(one))), default=None)
