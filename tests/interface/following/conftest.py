"""A base that follows sources, a site to follow, and who may say so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from knowledge.bootstrap import open_knowledge
from knowledge.service import Knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.store.feeds import SqlFeedStore
from tests.followed import item, page, rss
from tests.interface.following.administering import Start
from tests.interface.running_bot import RunningBot
from tests.telegram_server import TelegramServer, UserHandle
from tests.web_server import LocalServer, reply


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    settings = load_settings(
        KnowledgeSettings, env_file=None, data_dir=tmp_path_factory.mktemp("base"), model=None
    )
    with closing(open_knowledge(settings)) as knowledge:
        yield knowledge


@pytest.fixture
def store(base: Knowledge) -> Iterator[SqlFeedStore]:
    store = SqlFeedStore(base.store.database)
    yield store
    for feed in store.feeds():
        store.remove(feed.id)


@pytest.fixture
def site() -> Iterator[LocalServer]:
    site = LocalServer()
    site.answers["/rss"] = reply(rss(item()).encode(), Content_Type="application/rss+xml")
    site.answers["/a"] = reply(page())
    yield site
    site.close()


@pytest.fixture
def chief(server: TelegramServer) -> UserHandle:
    return server.user("Cheffe")


@pytest.fixture
def start(server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle) -> Start:
    def start(*others: UserHandle, **values: Any) -> RunningBot:
        return RunningBot(
            server,
            base,
            tmp_path,
            database_url=f"sqlite:///{base.store.database.engine.url.database}",
            administrators=frozenset(person.id for person in (chief, *others)),
            feed_private_addresses=True,
            **values,
        )

    return start
