"""Readers of the question sets: PIAF and FQB (in a shared folder) and the demo we ship."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from knowledge.errors import SourceError

SHARED_DIR_VARIABLE = "SOURCIER_SHARED_DIR"


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question and what a right answer is. No answer and no evidence: it has none.

    `answers` are strings that a right quotation holds; `evidence` are whole right sentences.
    `conversation` is shared by the questions of one conversation, in order.
    """

    id: str
    text: str
    answers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    article: str | None = None
    conversation: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether the base holds an answer."""
        return bool(self.answers or self.evidence)


@dataclass(frozen=True, slots=True)
class PiafPassage:
    """A passage of PIAF: a paragraph of the Wikipedia article named `article`."""

    id: str
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class PiafQuestion:
    """A question of PIAF: `answers` are ``(text, start in the passage)``; none for a decoy."""

    id: str
    passage: str
    text: str
    answers: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Piaf:
    """PIAF 1.1 as it lies in the shared folder. `decoys` have no answer in the passage named."""

    passages: tuple[PiafPassage, ...]
    train: tuple[PiafQuestion, ...]
    dev: tuple[PiafQuestion, ...]
    decoys: tuple[PiafQuestion, ...]

    @cached_property
    def by_id(self) -> dict[str, PiafPassage]:
        """The passages by id."""
        return {passage.id: passage for passage in self.passages}

    @cached_property
    def test_articles(self) -> frozenset[str]:
        """The articles that dev and decoy questions are about: never to be fitted on."""
        questions = (*self.dev, *self.decoys)
        return frozenset(self.by_id[question.passage].article for question in questions)


def shared_dir() -> Path:
    """Return the folder of the shared data: ``SOURCIER_SHARED_DIR``, or ``../shared``."""
    named = os.environ.get(SHARED_DIR_VARIABLE)
    return Path(named) if named else Path(__file__).parents[2].parent / "shared"


def load_piaf(folder: Path | None = None) -> Piaf:
    """Read PIAF from `folder`, or from the shared data.

    Raises:
        SourceError: a file is missing; its path is the subject.
    """
    root = folder or shared_dir() / "data" / "piaf"
    passages = tuple(
        PiafPassage(row["id"], row["article"], row["text"])
        for row in _rows(root / "passages.jsonl")
    )
    train, dev, decoys = (
        tuple(
            PiafQuestion(
                row["id"],
                row["passage"],
                row["question"],
                tuple((answer["text"], answer["start"]) for answer in row["answers"]),
            )
            for row in _rows(root / f"{name}.jsonl")
        )
        for name in ("train", "dev", "dev_decoys")
    )
    return Piaf(passages, train, dev, decoys)


def load_fqb(folder: Path | None = None) -> tuple[GoldQuestion, ...]:
    """Read the French Question Bank: questions that no passage of PIAF should answer.

    Raises:
        SourceError: the file is missing.
    """
    root = folder or shared_dir() / "data" / "fqb"
    return tuple(
        GoldQuestion(row["id"], row["question"]) for row in _rows(root / "questions.jsonl")
    )


def demo_dir() -> Path:
    """Return the folder of the articles and questions that the package ships."""
    return Path(str(files("knowledge"))) / "demo"


def load_demo(folder: Path | None = None) -> tuple[GoldQuestion, ...]:
    """Read the questions on the shipped articles, in order.

    Raises:
        SourceError: there is no question file.
    """
    root = folder or demo_dir()
    paths = sorted(root.glob("questions-*.jsonl"))
    if not paths:
        raise SourceError(f"Aucun fichier de questions dans {root}.", subject=str(root))
    return tuple(_demo_question(row) for path in paths for row in _rows(path))


def load_press() -> tuple[GoldQuestion, ...]:
    """Read the questions on the real article of the shared folder, which is not shipped."""
    path = Path(str(files("knowledge.evaluation"))) / "press-questions.jsonl"
    return tuple(_demo_question(row) for row in _rows(path))


def press_articles() -> Path:
    """Return the folder of that article.

    Raises:
        SourceError: it is missing.
    """
    folder = shared_dir() / "articles"
    if not folder.is_dir():
        raise _missing(folder)
    return folder


def _demo_question(row: dict[str, Any]) -> GoldQuestion:
    answerable = row.get("answerable", True)
    evidence = [row["evidence"]] if row.get("evidence") else []
    return GoldQuestion(
        id=row["id"],
        text=row["question"],
        answers=(row["answer"],) if answerable and row.get("answer") else (),
        evidence=tuple(evidence + list(row.get("also", []))) if answerable else (),
        article=row.get("article"),
        conversation=row.get("conversation"),
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)
    except OSError as error:
        raise _missing(path) from error


def _missing(path: Path) -> SourceError:
    return SourceError(
        f"{path} est introuvable : indiquez le dossier des données par {SHARED_DIR_VARIABLE}.",
        subject=str(path),
    )
