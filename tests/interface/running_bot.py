"""The unmodified application, served in a thread against the strict Bot API server."""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.application import build_application
from bot.context import KnowledgeBase, utc_now
from bot.serving import serve
from bot.settings import BotSettings
from knowledge.digest.types import Digest, DigestRequest
from knowledge.errors import GenerationCancelledError
from knowledge.library import Library
from knowledge.ports import BaseSummary
from knowledge.progress import OnProgress, Reading
from knowledge.settings import load_settings
from knowledge.types import Answer, Claim, Question
from tests.answers import abstention
from tests.empty_base import place_empty_base
from tests.telegram_server import TelegramServer
from tests.waiting import PATIENCE

Outcome = Answer | Exception


class ScriptedKnowledge:
    """Answers what a test scripted, by the question's text; abstains from anything else.

    A held question is answered once released, and gives up when told to, as a model does.
    """

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.digest: Digest | None = None
        self.most_at_once = 0
        self._at_once = 0
        self._script: dict[str, Outcome] = {}
        self._tell: dict[str, OnProgress] = {}
        self._progress: dict[str, tuple[Reading | Claim, ...]] = {}
        self._holds: dict[str, threading.Event] = {}
        self._deaf: set[str] = set()
        self._changed = threading.Condition()

    def answers(self, question: str, outcome: Outcome) -> None:
        self._script[question] = outcome

    def tells(self, question: str, *progress: Reading | Claim) -> None:
        """Tell of an answer being prepared, before it is given or held."""
        self._progress[question] = progress

    def tell(self, question: str, progress: Reading | Claim) -> None:
        """Tell of the answer to a question that is asked and held, now."""
        self._tell[question](progress)

    def hold(self, question: str, *, deaf: bool = False) -> threading.Event:
        """Return the event that releases a question; `deaf`: it does not give up when told."""
        if deaf:
            self._deaf.add(question)
        return self._holds.setdefault(question, threading.Event())

    def wait_until_asked(self, question: str, timeout: float = PATIENCE) -> None:
        with self._changed:
            found = self._changed.wait_for(
                lambda: any(each.text == question for each in self.asked), timeout
            )
        assert found, f"{question!r} was not asked within {timeout} s"

    def ask(
        self,
        question: Question,
        *,
        now: datetime,
        should_stop: Callable[[], bool],
        on_progress: OnProgress | None = None,
    ) -> Answer:
        if on_progress is not None:  # before anybody knows that it was asked, and tells
            self._tell[question.text] = on_progress
        with self._changed:
            self.asked.append(question)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self._changed.notify_all()
        try:
            for progress in self._progress.get(question.text, ()):
                self.tell(question.text, progress)
            return self._outcome(question.text, should_stop)
        finally:
            with self._changed:
                self._at_once -= 1

    def digests(
        self, requests: Sequence[DigestRequest], *, now: datetime, should_stop: Callable[[], bool]
    ) -> tuple[Digest | None, ...]:
        """Return the digests a test scripted, for any request; nothing new otherwise."""
        return tuple(self.digest for _ in requests)

    def summary(self) -> BaseSummary:
        return BaseSummary(0, 0, 0, None, ())

    @property
    def library(self) -> Library:
        raise AssertionError("this fake cannot be fed: take a real base")

    def _outcome(self, text: str, should_stop: Callable[[], bool]) -> Answer:
        held = self._holds.get(text)
        while held is not None and not held.wait(0.01):
            if should_stop() and text not in self._deaf:
                raise GenerationCancelledError("abandonnée")
        outcome = self._script.get(text, abstention())
        if isinstance(outcome, Exception):
            raise outcome
        return Answer(
            text,
            outcome.claims,
            outcome.mode,
            near=outcome.near,
            newest=outcome.newest,
            prompt_version=outcome.prompt_version,
        )


def bot_settings(server: TelegramServer, folder: Path, **values: object) -> BotSettings:
    return load_settings(
        BotSettings,
        env_file=None,
        **{
            "telegram_token": server.state.token,
            "telegram_base_url": server.url,
            "data_dir": folder,
            "stop_seconds": 4,
            **values,
        },
    )


# Linux gives a port that is bound so to nobody who asks for any, and yet to who names it.
_KEPT_PORTS: list[socket.socket] = []


def by_webhook() -> dict[str, Any]:
    """Return the settings of a webhook on a free port; the server must allow http for it."""
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    address = f"127.0.0.1:{probe.getsockname()[1]}"
    if sys.platform == "linux":
        _KEPT_PORTS.append(probe)  # until the tests end: a bot binds it later, some twice
    else:
        probe.close()
    return {"webhook_url": f"http://{address}", "webhook_listen": address}


class RunningBot:
    """The bot, ready when the block is entered (unless `ready` is False), ended when left."""

    def __init__(
        self,
        server: TelegramServer,
        knowledge: KnowledgeBase,
        folder: Path,
        *,
        ready: bool = True,
        now: Callable[[], datetime] = utc_now,
        **values: object,
    ) -> None:
        self._server = server
        self._wait_for_ready = ready
        settings = bot_settings(server, folder, **values)
        if not settings.database_url:
            place_empty_base(settings.sqlite_path)
        self.application = build_application(settings, knowledge, now=now)
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, name="bot")
        self.error: Exception | None = None

    def __enter__(self) -> Self:
        polls = len(self._server.calls_of("getUpdates"))
        set_before = len(self._server.calls_of("setWebhook"))
        self._thread.start()
        if self._wait_for_ready and self.application.services.settings.webhook_url:
            self._server.wait_for_answers("setWebhook", set_before + 1)
        elif self._wait_for_ready:  # the first poll takes what there is, the second one waits
            self._server.wait_for_calls("getUpdates", polls + 2)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if self.error is not None and error is None:
            raise self.error

    @property
    def pending_file(self) -> Path:
        """Return where the bot notes what it took."""
        return self.application.services.settings.data_dir / "pending.jsonl"

    def request_stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)

    def stop(self) -> float:
        """End the bot; return the seconds it took."""
        started = time.monotonic()
        self.request_stop()
        self.join()
        return time.monotonic() - started

    def join(self, timeout: float = PATIENCE) -> None:
        """Wait until the bot has ended by itself."""
        self._thread.join(timeout)
        assert not self._thread.is_alive(), "the bot does not end"

    def _serve(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(serve(self.application, self._stop))
        except Exception as error:  # noqa: BLE001 - raised again where the test waits
            self.error = error
