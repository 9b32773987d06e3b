"""A bot in a process of its own, configured by the environment; its knowledge takes its time.

A question ``<seconds> …`` is answered after so many seconds; it gives up when told, unless it says
``sourd``. Run by the tests: ``python -m tests.interface.slow_bot``.
"""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from bot.application import run_bot
from bot.settings import BotSettings
from knowledge.digest.types import Digest, DigestRequest
from knowledge.errors import GenerationCancelledError, SourcierError
from knowledge.library import Library
from knowledge.ports import BaseSummary
from knowledge.progress import OnProgress
from knowledge.settings import load_settings
from knowledge.types import Answer, Question
from tests.answers import POOL_OPENS, article, cite, extract


class SlowKnowledge:
    def ask(
        self,
        question: Question,
        *,
        now: datetime,
        should_stop: Callable[[], bool],
        on_progress: OnProgress | None = None,
    ) -> Answer:
        ends_at = time.monotonic() + float(question.text.split()[0])
        while time.monotonic() < ends_at:
            if should_stop() and "sourd" not in question.text:
                raise GenerationCancelledError("abandonnée")
            time.sleep(0.02)
        return extract(cite(article(), POOL_OPENS), question=question.text)

    def digests(
        self, requests: Sequence[DigestRequest], *, now: datetime, should_stop: Callable[[], bool]
    ) -> tuple[Digest | None, ...]:
        return tuple(None for _ in requests)

    def summary(self) -> BaseSummary:
        return BaseSummary(0, 0, 0, None, ())

    @property
    def library(self) -> Library:
        raise AssertionError("this fake cannot be fed: take a real base")


def main() -> int:
    settings = load_settings(BotSettings, env_file=None)
    try:
        code = run_bot(settings, SlowKnowledge())
    except SourcierError as error:
        print(error.message, file=sys.stderr)  # noqa: T201 - as the command line does
        return 1
    Path(settings.data_dir / "closed").touch()  # where the command line closes the database
    return code


if __name__ == "__main__":
    sys.exit(main())
