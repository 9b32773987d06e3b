"""The bot on a real base, Chroma and SQLite included: what it quotes is what the store holds."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot import texts
from knowledge.bootstrap import open_knowledge
from knowledge.demo import demo_documents
from knowledge.service import Knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from tests.interface.running_bot import RunningBot
from tests.telegram_server import Message, TelegramServer

QUESTIONS = Path(__file__).parents[2] / "knowledge" / "demo" / "questions-a.jsonl"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    folder = tmp_path_factory.mktemp("base")
    settings = load_settings(KnowledgeSettings, env_file=None, data_dir=folder, model=None)
    with closing(open_knowledge(settings)) as knowledge:
        knowledge.ingest(tuple(demo_documents()))
        yield knowledge


def questions() -> list[str]:
    """Return questions that have an answer in the base and stand alone."""
    lines = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [
        line["question"] for line in lines if line["answerable"] and "conversation" not in line
    ][:15]


def quotations(message: Message) -> list[str]:
    return message.entity_texts("blockquote") + message.entity_texts("expandable_blockquote")


def test_every_quotation_sent_is_a_slice_of_an_article_it_names(
    server: TelegramServer, base: Knowledge, tmp_path: Path
) -> None:
    stored = {each.title: each.text for each in base.store.list_articles(limit=100)}
    shown: list[str] = []
    with RunningBot(server, base, tmp_path):
        for question in questions():
            reader = server.user("Lectrice")
            reader.say(question)
            for message in reader.private_chat().wait_for_messages():
                named = set(message.entity_texts("text_link"))
                assert named <= set(stored)
                for quote in quotations(message):
                    assert any(quote in stored[title] for title in named)
                    shown.append(quote)
    assert len(shown) >= 3  # how many are right is measured elsewhere
    assert server.refusals == []


def test_a_question_about_nothing_in_the_base_gets_a_polite_abstention(
    server: TelegramServer, base: Knowledge, tmp_path: Path
) -> None:
    with RunningBot(server, base, tmp_path):
        reader = server.user("Lectrice")
        reader.say("Quelle est la masse atomique du molybdène ?")
        [answer] = reader.private_chat().wait_for_messages()
    assert answer.text.startswith(texts.ABSTENTION)
    assert quotations(answer) == []
    assert texts.NEWEST.partition("{")[0] in answer.text
