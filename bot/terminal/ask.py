"""``sourcier ask``: one question, or a file of them."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.plain import render_plain
from bot.terminal.answer_json import answer_object
from bot.terminal.console import say
from bot.terminal.opening import opened
from knowledge.errors import SourceError, SourcierError
from knowledge.service import Knowledge
from knowledge.types import Answer, Exchange, Question, SearchFilter

_HISTORY = 3  # exchanges of a conversation that a follow-up may refer to


def search_filter(
    outlets: Sequence[str] | None, since: datetime | None, until: datetime | None
) -> SearchFilter | None:
    """Return the filter of the command's options, days taken in UTC and inclusive."""
    if not outlets and since is None and until is None:
        return None
    last_moment = timedelta(days=1) - timedelta(microseconds=1)
    return SearchFilter(
        published_from=since.replace(tzinfo=UTC) if since else None,
        published_to=until.replace(tzinfo=UTC) + last_moment if until else None,
        outlets=frozenset(outlets) if outlets else None,
    )


def ask_one(question: str, *, as_json: bool, where: SearchFilter | None) -> int:
    """Print the answer to `question`."""
    with opened() as knowledge:
        answer, seconds = _timed_answer(knowledge, Question(question), where)
    if as_json:
        say(json.dumps(answer_object(answer, seconds=seconds), ensure_ascii=False))
    else:
        say(render_plain(answer))
    return 0


def ask_batch(path: Path, *, where: SearchFilter | None) -> int:
    """Answer each line of the file at `path`, one JSON object a line, in order.

    Lines of one conversation see the exchanges before them. A question that fails gives an
    object with ``error`` and does not stop the rest; the exit code then is 1.
    """
    questions = list(_read_batch(path))
    histories: defaultdict[str, tuple[Exchange, ...]] = defaultdict(tuple)
    failed = False
    with opened() as knowledge:
        for item in questions:
            history = histories[item.conversation] if item.conversation else ()
            result, exchange = _answer_line(knowledge, item, history, where)
            failed = failed or "error" in result
            if item.conversation and exchange:
                histories[item.conversation] = (*history, exchange)[-_HISTORY:]
            sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    return int(failed)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A question of a batch file; lines of one `conversation` follow each other."""

    id: str | int
    question: str
    conversation: str | None


def exchange_of(answer: Answer, question: str) -> Exchange:
    """Return what a later question of the conversation may refer to."""
    citations = answer.citations
    return Exchange(
        question,
        tuple(dict.fromkeys(citation.article.id for citation in citations)),
        tuple(citation.quote for citation in citations),
    )


def _answer_line(
    knowledge: Knowledge,
    item: BatchLine,
    history: tuple[Exchange, ...],
    where: SearchFilter | None,
) -> tuple[dict[str, Any], Exchange | None]:
    try:
        answer, seconds = _timed_answer(knowledge, Question(item.question, history), where)
    except SourcierError as error:
        return {"id": item.id, "error": error.message}, None
    return {"id": item.id, **answer_object(answer, seconds=seconds)}, exchange_of(
        answer, item.question
    )


def _timed_answer(
    knowledge: Knowledge, question: Question, where: SearchFilter | None
) -> tuple[Answer, float]:
    started = time.perf_counter()
    answer = knowledge.ask(replace(question, text=question.text.strip()), now=_now(), where=where)
    return answer, time.perf_counter() - started


def _now() -> datetime:
    return datetime.now(UTC)


def _read_batch(path: Path) -> Iterator[BatchLine]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"Le fichier {path} ne peut pas être lu : vérifiez son chemin et enregistrez-le en "
            "UTF-8.",
            subject=str(path),
        ) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _batch_line(line, path, number)


def _batch_line(line: str, path: Path, number: int) -> BatchLine:
    try:
        value = json.loads(line)
        conversation = value.get("conversation")
        found = BatchLine(
            value["id"], value["question"], None if conversation is None else str(conversation)
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _bad_line(path, number) from error
    if not isinstance(found.question, str) or not isinstance(found.id, str | int):
        raise _bad_line(path, number)
    return found


def _bad_line(path: Path, number: int) -> SourceError:
    return SourceError(
        f"{path}, ligne {number} : un objet JSON avec « id » et « question » est attendu.",
        subject=f"{path}:{number}",
    )
