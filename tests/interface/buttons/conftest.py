"""A bot whose one answer quotes an article of a real base."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.types import Article
from tests.answers import cite, extract
from tests.empty_base import place_empty_base
from tests.interface.buttons.pressing import ASKED, OPENS, TEXT, Clock, save
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlArticleStore]:
    with closing(open_store(place_empty_base(tmp_path / "sourcier.sqlite3"))) as opened:
        yield opened


@pytest.fixture
def pool(store: SqlArticleStore) -> Article:
    return save(store, TEXT)


@pytest.fixture
def bot(
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    pool: Article,
    tmp_path: Path,
    clock: Clock,
) -> Iterator[RunningBot]:
    knowledge.answers(ASKED, extract(cite(pool, OPENS, "le 3 mars 2026")))
    with RunningBot(server, knowledge, tmp_path, now=clock) as running:
        yield running
