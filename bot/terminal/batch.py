"""The file of questions that ``sourcier ask --batch`` reads: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import SourceError

_LONGEST_LINE = 1_000_000  # characters; a longer one is no question


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A question of a batch file; lines of one `conversation` follow each other."""

    id: str | int
    question: str
    conversation: str | None


def read_batch(path: Path) -> Iterator[BatchLine]:
    """Yield the questions of the file, which may be a pipe; blank lines count for nothing.

    Raises:
        SourceError: the file cannot be read, or a line is no question; it names the line.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            number = 0
            while line := file.readline(_LONGEST_LINE):
                number += 1
                if line.strip():
                    yield _question(line, path, number)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"Le fichier {path} ne peut pas être lu : vérifiez son chemin et ses droits, et "
            "enregistrez-le en UTF-8.",
            subject=str(path),
        ) from error


def _question(line: str, path: Path, number: int) -> BatchLine:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _bad_line(path, number) from error
    if not isinstance(value, dict):
        raise _bad_line(path, number)
    found, question = value.get("id"), value.get("question")
    if isinstance(found, bool) or not isinstance(found, str | int) or not isinstance(question, str):
        raise _bad_line(path, number)
    return BatchLine(found, question, _conversation(value.get("conversation")))


def _conversation(value: object) -> str | None:
    """Return what tells a conversation from others: its JSON, whatever type was chosen."""
    return None if value is None else json.dumps(value, sort_keys=True)


def _bad_line(path: Path, number: int) -> SourceError:
    return SourceError(
        f"{path}, ligne {number} : un objet JSON avec « id » (texte ou nombre entier) et "
        "« question » (texte) est attendu.",
        subject=f"{path}:{number}",
    )
