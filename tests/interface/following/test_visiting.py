"""What the bot tells of visits that fail, and that it ends while one lasts."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

from bot.texts import feeds as texts
from knowledge.feeds.types import feed_id
from knowledge.store.feeds import SqlFeedStore
from tests.interface.following.administering import NOW, Start, followed, told
from tests.telegram_server import TelegramServer, UserHandle
from tests.waiting import PATIENCE
from tests.web_server import LocalServer


def test_every_administrator_is_told_once_of_a_failure_of_a_day_even_after_a_restart(
    start: Start, server: TelegramServer, store: SqlFeedStore, chief: UserHandle
) -> None:
    other = server.user("Autre")
    for person in (chief, other):
        person.start()
    since = NOW - timedelta(hours=25)
    store.add(
        [
            followed(1, failures=3, failing_since=since, failed_at=NOW, error="Site en panne."),
            followed(2, failures=1, failing_since=NOW, failed_at=NOW, error="Site en panne."),
        ]
    )
    with start(other, now=lambda: NOW):
        for person in (chief, other):
            notice = person.private_chat().wait_for_messages(2)[-1]
            lines = notice.text.split("\n")
            assert lines[0] == "Une source suivie ne se lit plus\u00a0:"
            assert lines[1].startswith("• Flux 1, depuis ")
            assert lines[1].endswith(". Site en panne.")
            assert lines[2:] == [texts.FAILED_HINT_ONE]
    with start(other, now=lambda: NOW):
        told_again = told(chief, "/flux")
        assert told_again.text.startswith("Sources suivies")
    assert len(other.private_chat().bot_messages) == 2


def test_the_bot_ends_soon_while_a_site_keeps_it_waiting(
    start: Start, store: SqlFeedStore, site: LocalServer, chief: UserHandle
) -> None:
    asked = threading.Event()
    held = threading.Event()

    def slow(*_: object) -> None:
        asked.set()
        held.wait(2 * PATIENCE)

    site.answers["/lent"] = slow
    url = f"http://127.0.0.1:{site.port}/lent"
    store.add([replace(followed(1), id=feed_id(url), url=url, next_visit_at=NOW)])
    with start() as bot:
        assert asked.wait(PATIENCE)
        assert told(chief, "/sources").text.startswith("Ma base")  # nobody waits for it
        seconds = bot.stop()
    held.set()
    assert seconds < 20  # the site would keep it for longer
    asked_for = len(site.requests)
    assert bot.application.services.feeds.visit_now(store.feeds(), NOW) == ()  # visits have ended
    assert len(site.requests) == asked_for
