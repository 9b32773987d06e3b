"""Sources added to the running bot: which, by whom, and what follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.texts import feeds as texts
from knowledge.service import Knowledge
from knowledge.store.feeds import SqlFeedStore
from tests.interface.following.administering import Start, press, told
from tests.telegram_server import TelegramServer, UserHandle
from tests.waiting import wait_until
from tests.web_server import LocalServer

QUESTION = "Combien coûtera la rénovation de la piscine de Valmorin ?"


def test_a_feed_is_added_visited_asked_about_listed_and_removed(
    start: Start,
    server: TelegramServer,
    base: Knowledge,
    store: SqlFeedStore,
    site: LocalServer,
    chief: UserHandle,
    caplog: pytest.LogCaptureFixture,
) -> None:
    address = f"http://127.0.0.1:{site.port}/rss"
    with start():
        assert told(chief, "/flux").text == texts.NONE
        added = told(chief, f"/flux_ajouter {address}")
        assert added.text == (
            f"Source suivie\u00a0: La Gazette.\nElle annonce un article. {texts.FIRST_VISIT}"
        )
        wait_until(lambda: any(feed.succeeded_at for feed in store.feeds()))
        assert "1,5 million" in told(chief, QUESTION).text
        listed = told(chief, "/flux")
        lines = listed.text.split("\n")
        assert lines[:3] == ["Sources suivies\u00a0: 1", "", "1. La Gazette (1 article)"]
        assert lines[3].startswith("Dernier succès\u00a0: aujourd’hui à ")
        assert lines[4].startswith("Prochaine visite\u00a0: dans ")
        assert lines[5:] == ["", texts.HINT]
        asked = told(chief, "/flux_retirer 1")
        assert asked.text == f"{texts.REMOVE_QUESTION}\nLa Gazette\n{texts.REMOVE_MEANS}"
        press(chief, asked, "Retirer")
        assert asked.text == f"Source retirée\u00a0: La Gazette. {texts.REMOVE_MEANS}"
        assert told(chief, "/flux").text == texts.NONE
    assert store.feeds() == ()
    assert base.summary().articles == 1
    assert server.refusals == []
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_folder_of_the_bot_s_own_is_not_followed_by_its_name(
    start: Start,
    store: SqlFeedStore,
    chief: UserHandle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "127.0.0.1").mkdir()
    monkeypatch.chdir(tmp_path)  # where a service is often started
    with start():
        refused = told(chief, "/flux_ajouter 127.0.0.1")
        assert refused.text.startswith("Aucune source n’a été ajoutée. ")
    assert store.feeds() == ()


def test_the_link_of_the_message_replied_to_is_followed(
    start: Start, store: SqlFeedStore, site: LocalServer, chief: UserHandle
) -> None:
    address = f"http://127.0.0.1:{site.port}/rss"
    with start(follow_feeds=False):
        linked = chief.say(f"À suivre : {address}")
        chief.private_chat().wait_for_messages()  # a text is a question
        chief.say("/flux_ajouter", reply_to=linked)
        [added] = chief.private_chat().wait_for_messages()
        assert added.text.startswith("Source suivie\u00a0: La Gazette.")
        plain = chief.say("À suivre, peut-être")
        chief.private_chat().wait_for_messages()
        chief.say("/flux_ajouter", reply_to=plain)
        [usage] = chief.private_chat().wait_for_messages()
        assert usage.text == texts.ADD_USAGE
    assert [feed.url for feed in store.feeds()] == [address]


def test_an_added_source_has_the_sources_looked_at_and_a_refused_one_has_not(
    start: Start, store: SqlFeedStore, site: LocalServer, chief: UserHandle
) -> None:
    looks: list[int] = []
    with start(follow_feeds=False) as bot:
        bot.application.wake_following = lambda: looks.append(len(store.feeds()))
        told(chief, f"/flux_ajouter http://127.0.0.1:{site.port}/rss")
        told(chief, f"/flux_ajouter http://127.0.0.1:{site.port}/rien")
    assert looks == [1]


def test_a_setting_has_the_bot_follow_nothing(
    start: Start, store: SqlFeedStore, site: LocalServer, chief: UserHandle
) -> None:
    with start(follow_feeds=False):
        added = told(chief, f"/flux_ajouter http://127.0.0.1:{site.port}/rss")
        assert added.text.endswith(texts.FIRST_VISIT_LATER)
        assert told(chief, "/flux").text.endswith(texts.NOT_FOLLOWED)
    [feed] = store.feeds()
    assert feed.visited_at is None
