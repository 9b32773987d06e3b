"""Answers of a real llama.cpp, shown while they are written and stopped between two tokens."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest

from bot import texts
from bot.views.layout import lay_out
from knowledge.bootstrap import open_knowledge
from knowledge.demo import demo_documents
from knowledge.digest.types import Digest, DigestRequest
from knowledge.library import Library
from knowledge.ports import BaseSummary
from knowledge.progress import OnProgress, Reading
from knowledge.service import Knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.types import Answer, AnswerMode, Claim, Question
from tests.interface.running_bot import RunningBot
from tests.telegram_server import TelegramServer
from tests.tiny_models import TINIEST, write_chat_model
from tests.waiting import PATIENCE

QUESTION = "Quand la piscine rouvre-t-elle ?"


@dataclass
class Paced:
    """A real base whose model pauses after each thing it tells, as a slower one would."""

    base: Knowledge
    pause: float = 0.8
    told: list[Reading | Claim] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    telling: threading.Event = field(default_factory=threading.Event)

    def ask(
        self,
        question: Question,
        *,
        now: datetime,
        should_stop: Callable[[], bool],
        on_progress: OnProgress | None = None,
    ) -> Answer:
        def tell(progress: Reading | Claim) -> None:
            self.told.append(progress)
            if on_progress is not None:
                on_progress(progress)
            self.telling.set()
            time.sleep(self.pause)

        answer = self.base.ask(question, now=now, should_stop=should_stop, on_progress=tell)
        self.answers.append(answer)
        return answer

    def digests(
        self, requests: Sequence[DigestRequest], *, now: datetime, should_stop: Callable[[], bool]
    ) -> Sequence[Digest | None]:
        return self.base.digests(requests, now=now, should_stop=should_stop)

    def summary(self) -> BaseSummary:
        return self.base.summary()

    @property
    def library(self) -> Library:
        return self.base.library


@pytest.fixture(name="paced", scope="module")
def fixture_paced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paced]:
    folder = tmp_path_factory.mktemp("base")
    model = write_chat_model(folder / "tiniest.gguf", TINIEST)
    settings = load_settings(
        KnowledgeSettings, env_file=None, data_dir=folder, model=str(model),
        answer_style="redige", threads=1,
    )  # fmt: skip
    with closing(open_knowledge(settings)) as opened:
        opened.ingest(tuple(demo_documents()))
        limits = replace(
            opened.limits, reading_confidence=0.0, temperature=1.0, max_answer_tokens=200
        )
        yield Paced(replace(opened, limits=limits))


def test_what_a_model_reads_and_writes_is_shown_before_its_answer(
    server: TelegramServer, paced: Paced, tmp_path: Path
) -> None:
    with RunningBot(server, paced, tmp_path):
        alice = server.user("Alice")
        alice.say(QUESTION)
        chat = alice.private_chat()
        received = chat.wait_for_messages(quiet=0.5)
    [answer] = paced.answers
    reading, *claims = paced.told
    assert isinstance(reading, Reading)
    assert tuple(claims) == answer.claims or answer.mode is AnswerMode.EXTRACT
    drafts = [draft.text for draft in chat.drafts]
    assert drafts
    assert drafts[0] in {
        texts.SEARCHING,
        texts.READING.format(passages=reading.passages, articles=reading.articles),
    }
    prose = () if answer.abstained else lay_out(answer).prose
    for draft in drafts:
        if draft.endswith(f"\n\n{texts.MORE_TO_COME}"):  # only what the answer then says
            assert "\n\n".join(prose).startswith(draft.removesuffix(f"\n\n{texts.MORE_TO_COME}"))
    quotes = [text for one in received for text in one.entity_texts("blockquote")]
    assert len(quotes) == len({citation.quote for citation in answer.citations})
    assert all(draft.sent_at < received[0].sent_at for draft in chat.drafts)
    assert server.refusals == []


def test_stop_ends_the_model_s_work_and_the_next_question_is_answered(
    server: TelegramServer, paced: Paced, tmp_path: Path
) -> None:
    paced.telling.clear()
    answered = len(paced.answers)
    with RunningBot(server, paced, tmp_path):
        alice = server.user("Alice")
        question = alice.say(QUESTION)
        assert paced.telling.wait(PATIENCE)
        alice.say("/stop")
        [stopped] = alice.private_chat().wait_for_messages(quiet=0.5)
        assert (stopped.text, stopped.reply_to) == (texts.STOPPED, question)
        alice.say("Quel est le budget ?")
        alice.private_chat().wait_for_messages()
    assert len(paced.answers) == answered + 1
