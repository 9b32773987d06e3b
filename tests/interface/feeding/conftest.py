"""A real base to be fed, SQLite and Chroma, and who may feed it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.bootstrap import open_knowledge
from knowledge.service import Knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from tests.telegram_server import TelegramServer, UserHandle


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Knowledge]:
    settings = load_settings(KnowledgeSettings, env_file=None, data_dir=tmp_path, model=None)
    with closing(open_knowledge(settings)) as knowledge:
        yield knowledge


@pytest.fixture
def chief(server: TelegramServer) -> UserHandle:
    return server.user("Chef")
