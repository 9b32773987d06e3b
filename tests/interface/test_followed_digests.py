"""What a feed brings after another did, through the strict server to those who chose it."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bot.conversations import Place
from bot.digests.subscriptions import Preferences
from bot.store.subscriptions import SubscriptionStore
from knowledge.bootstrap import open_knowledge
from knowledge.digest.types import Subjects
from knowledge.feeds.types import SeenEntry
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.store.feeds import SqlFeedStore
from knowledge.types import article_id
from tests.followed import followed
from tests.interface.running_bot import RunningBot
from tests.news import NOW, POOL, TRAIN, draft, save
from tests.telegram_server import TelegramServer

POOL_URL, TRAIN_URL = "https://exemple.test/piscine", "https://exemple.test/train"
FIRST, SECOND = followed(), followed("http://echo.example/rss")
POOL_NEWS = POOL.partition(" Il a fallu")[0]
TRAIN_NEWS = TRAIN.partition(" Le trajet")[0]


def test_each_reader_is_told_what_the_chosen_feeds_brought_since_the_last_digest(
    server: TelegramServer, tmp_path: Path
) -> None:
    settings = load_settings(KnowledgeSettings, env_file=None, data_dir=tmp_path, model=None)
    subscribed_at = NOW - timedelta(hours=1)  # a first digest goes back a day
    began = time.monotonic()
    with closing(open_knowledge(settings)) as base:
        feeds = SqlFeedStore(base.store.database)
        feeds.add([FIRST, SECOND])
        subscriptions = SubscriptionStore(base.store.database)
        chats = {}
        for name, chosen in {"one": (FIRST.id,), "two": (SECOND.id,), "all": ()}.items():
            chat = chats[name] = server.user(name).private_chat()
            chat.chat.started = True
            preferences = Preferences(subjects=Subjects(feeds=chosen))
            subscriptions.create(Place(chat.id), preferences, created_by=None, now=subscribed_at)
        for feed, url, text, before in (
            (FIRST, POOL_URL, POOL, 30.0),
            (SECOND, POOL_URL, POOL, 0.5),
            (FIRST, TRAIN_URL, TRAIN, 0.4),
        ):
            moment = NOW - timedelta(hours=before)
            save(base.store, draft(text, "Titre", origin=url), now=moment)
            entry = SeenEntry(url, "h", moment, article_id=article_id(url))
            feeds.remember(feed.id, [entry], now=moment)
        with RunningBot(
            server,
            base,
            tmp_path,
            now=lambda: NOW + timedelta(seconds=1 + time.monotonic() - began),
        ):
            quoted = {
                name: chat.wait_for_messages()[0].entity_texts("blockquote")
                for name, chat in chats.items()
            }
    assert quoted == {"one": [TRAIN_NEWS], "two": [POOL_NEWS], "all": [TRAIN_NEWS]}
    assert server.refusals == []
