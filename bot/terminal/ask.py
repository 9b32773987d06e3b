"""``sourcier ask``: one question, or a file of them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.conversations import extended
from bot.terminal.answer_json import answer_object
from bot.terminal.answer_view import show_answer
from bot.terminal.asking import readable_question
from bot.terminal.batch import BatchLine, read_batch
from bot.terminal.configuration import configured
from bot.terminal.console import say_json
from bot.terminal.opening import opened
from knowledge.errors import SourcierError
from knowledge.service import Knowledge
from knowledge.types import Answer, Exchange, Question, SearchFilter


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
    settings = configured()
    text = readable_question(question, limit=settings.max_question_characters)
    with opened(settings) as knowledge:
        answer, seconds = _timed_answer(knowledge, Question(text), where)
    if as_json:
        say_json(answer_object(answer, seconds=seconds))
    else:
        show_answer(answer)
    return 0


def ask_batch(path: Path, *, where: SearchFilter | None) -> int:
    """Answer each line of the file at `path`, one JSON object a line, in order.

    Lines of one conversation see the exchanges before them. A question that fails gives an
    object with ``error`` and does not stop the rest; the exit code then is 1.
    """
    settings = configured()
    lines = list(read_batch(path))
    failed = False
    with opened(settings) as knowledge:
        answering = _Answering(knowledge, where, settings.max_question_characters)
        for line in lines:
            result = answering.answer(line)
            failed = failed or "error" in result
            say_json(result)
    return int(failed)


class _Answering:
    """Answers the lines of a batch, and keeps what was said in its conversations."""

    def __init__(
        self, knowledge: Knowledge, where: SearchFilter | None, longest_question: int
    ) -> None:
        self._knowledge = knowledge
        self._where = where
        self._longest_question = longest_question
        self._histories: defaultdict[str, tuple[Exchange, ...]] = defaultdict(tuple)

    def answer(self, line: BatchLine) -> dict[str, Any]:
        """Return the object of the line: its answer, or the ``error`` that kept it from one."""
        history = self._histories[line.conversation] if line.conversation else ()
        try:
            text = readable_question(line.question, limit=self._longest_question)
            answer, seconds = _timed_answer(self._knowledge, Question(text, history), self._where)
        except SourcierError as error:
            return {"id": line.id, "error": error.message}
        if line.conversation:
            self._histories[line.conversation] = extended(history, answer)
        return {"id": line.id, **answer_object(answer, seconds=seconds)}


def _timed_answer(
    knowledge: Knowledge, question: Question, where: SearchFilter | None
) -> tuple[Answer, float]:
    started = time.perf_counter()
    answer = knowledge.ask(question, now=datetime.now(UTC), where=where)
    return answer, time.perf_counter() - started
