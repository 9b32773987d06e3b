"""Sources followed by the running bot: added, visited, asked about, listed, failing, removed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.texts import access as access_texts
from bot.texts import feeds as texts
from bot.views.feeds_view import FEEDS_DATA
from bot.views.wording import typeset
from knowledge.bootstrap import open_knowledge
from knowledge.feeds.types import Feed, FeedKind, FeedState, feed_id
from knowledge.service import Knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.store.feeds import SqlFeedStore
from tests.followed import item, page, rss
from tests.interface.running_bot import RunningBot
from tests.telegram_server import Message, TelegramServer, UserHandle
from tests.waiting import PATIENCE, wait_until
from tests.web_server import LocalServer, reply

NOW = datetime.now(UTC).replace(microsecond=0)
QUESTION = "Combien coûtera la rénovation de la piscine de Valmorin ?"


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


def running(
    server: TelegramServer, base: Knowledge, folder: Path, *chiefs: UserHandle, **values: Any
) -> RunningBot:
    address = f"sqlite:///{base.store.database.engine.url.database}"
    return RunningBot(
        server,
        base,
        folder,
        database_url=address,
        administrators=frozenset(chief.id for chief in chiefs),
        feed_private_addresses=True,
        **values,
    )


def told(user: UserHandle, text: str) -> Message:
    said = user.say(text)
    [answer] = user.private_chat().wait_for_messages()
    assert answer.reply_to == said
    return answer


def press(user: UserHandle, message: Message, button: str) -> None:
    edits = len(message.revisions)
    user.press(message, button)
    user.private_chat().wait_for_edit(message, edits + 1)


def followed(number: int, **values: object) -> Feed:
    url = f"https://flux.test/{number}"
    return replace(
        Feed(
            id=feed_id(url),
            url=url,
            kind=FeedKind.FEED,
            state=FeedState.ACTIVE,
            added_at=NOW,
            next_visit_at=NOW + timedelta(minutes=12),
            title=f"Flux {number}",
        ),
        **values,  # type: ignore[arg-type]  # fields by name
    )


def test_a_feed_is_added_visited_asked_about_listed_and_removed(
    server: TelegramServer,
    base: Knowledge,
    store: SqlFeedStore,
    site: LocalServer,
    chief: UserHandle,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    address = f"http://127.0.0.1:{site.port}/rss"
    with running(server, base, tmp_path, chief):
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


def test_lists_are_paged_and_say_how_visits_went(
    server: TelegramServer,
    base: Knowledge,
    store: SqlFeedStore,
    chief: UserHandle,
    tmp_path: Path,
) -> None:
    down = "Ce site ne répond pas."
    since = NOW - timedelta(days=40)
    store.add([followed(number) for number in range(1, 6)])
    store.add(
        [
            followed(6, failures=1, failing_since=since, failed_at=since, error=down, told_at=NOW),
            followed(
                7,
                state=FeedState.STOPPED,
                failures=1,
                failing_since=since,
                failed_at=since,
                error=down,
                told_at=NOW,
            ),
        ]
    )
    with running(server, base, tmp_path, chief, now=lambda: NOW):
        listed = told(chief, "/flux")
        assert listed.text.split("\n")[:5] == [
            "Sources suivies\u00a0: 7",
            "Page 1 sur 2",
            "",
            "1. Flux 1 (0 article)",
            "Dernier succès\u00a0: jamais",
        ]
        press(chief, listed, "▶")
        blocks = listed.text.split("\n\n")
        assert blocks[1].startswith("6. Flux 6 (0 article)\nDernier succès\u00a0: jamais\nEn échec")
        assert blocks[1].endswith(
            f"\u00a0: {typeset(down)}\nProchaine visite\u00a0: dans 12\u00a0minutes"
        )
        assert "\nArrêtée, dernière erreur le " in blocks[2]
        assert blocks[2].endswith("\nProchaine visite\u00a0: aucune")
        chosen = told(chief, "/flux_retirer")
        assert [each["text"] for each in chosen.buttons()] == ["1", "2", "3", "4", "5", "▶"]
        press(chief, chosen, "▶")
        press(chief, chosen, "7")
        press(chief, chosen, "Annuler")
        assert chosen.text == texts.KEPT
        assert told(chief, "/flux_retirer 8").text == texts.NO_SUCH_NUMBER
        assert told(chief, "/flux_retirer flux 3").text.split("\n")[1] == "Flux 3"
        assert "Aucune source suivie" in told(chief, "/flux_retirer zzz").text
    assert len(store.feeds()) == 7
    assert server.refusals == []


FORGED = (":", ":p", ":p:-1", ":p:99999999999", ":r:zz", f":o:{'0' * 20}", ":n:x", ":o", ":q:1")


def test_only_an_administrator_in_private_and_only_feeds_of_the_web(
    server: TelegramServer,
    base: Knowledge,
    store: SqlFeedStore,
    site: LocalServer,
    chief: UserHandle,
    tmp_path: Path,
) -> None:
    store.add([followed(1)])
    site.answers["/page"] = reply(page())
    reader = server.user("Lecteur")
    with running(server, base, tmp_path, chief, now=lambda: NOW):
        for asked in ("/flux", "/flux_ajouter https://flux.test/2", "/flux_retirer 1"):
            assert told(reader, asked).text == access_texts.ADMINISTRATORS_ONLY
        for path in ("/etc", "~/articles", "file:/etc", "./articles", "../a"):
            assert told(chief, f"/flux_ajouter {path}").text == texts.FOLDER_REFUSED
        for asked in ("/flux_ajouter", "/flux_ajouter un flux"):
            assert told(chief, asked).text == texts.ADD_USAGE
        refused = told(chief, f"/flux_ajouter http://127.0.0.1:{site.port}/page")
        assert refused.text.startswith("Aucune source n’a été ajoutée. Cette page web n’est pas")
        listed = told(chief, "/flux")
        for data in FORGED:
            query = server.state.add_callback_query(chief.user, listed, f"{FEEDS_DATA}{data}")
            server.state.updates.add("callback_query", query.json())
            chief.wait_for_answer(query)
        told(chief, "/flux")
        shown = told(reader, "/flux")
        for data in (f":o:{feed_id('https://flux.test/1')}", ":p:0"):
            query = server.state.add_callback_query(reader.user, shown, f"{FEEDS_DATA}{data}")
            server.state.updates.add("callback_query", query.json())
            answered = reader.wait_for_answer(query)
            assert answered["text"] == access_texts.ADMINISTRATORS_ONLY_TOAST
        assert shown.text == access_texts.ADMINISTRATORS_ONLY
    assert [feed.id for feed in store.feeds()] == [feed_id("https://flux.test/1")]


def test_a_folder_of_the_bot_s_own_is_not_followed_by_its_name(
    server: TelegramServer,
    base: Knowledge,
    store: SqlFeedStore,
    chief: UserHandle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "127.0.0.1").mkdir()
    monkeypatch.chdir(tmp_path)  # where a service is often started
    with running(server, base, tmp_path, chief):
        refused = told(chief, "/flux_ajouter 127.0.0.1")
        assert refused.text.startswith("Aucune source n’a été ajoutée. ")
    assert store.feeds() == ()


def test_the_link_of_the_message_replied_to_is_followed(
    server: TelegramServer,
    base: Knowledge,
    store: SqlFeedStore,
    site: LocalServer,
    chief: UserHandle,
    tmp_path: Path,
) -> None:
    address = f"http://127.0.0.1:{site.port}/rss"
    with running(server, base, tmp_path, chief, follow_feeds=False):
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


def test_every_administrator_is_told_once_of_a_failure_of_a_day_even_after_a_restart(
    server: TelegramServer, base: Knowledge, store: SqlFeedStore, chief: UserHandle, tmp_path: Path
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
    with running(server, base, tmp_path, chief, other, now=lambda: NOW):
        for person in (chief, other):
            notice = person.private_chat().wait_for_messages(2)[-1]
            lines = notice.text.split("\n")
            assert lines[0] == "Une source suivie ne se lit plus\u00a0:"
            assert lines[1].startswith("• Flux 1, depuis ")
            assert lines[1].endswith(". Site en panne.")
            assert lines[2:] == [texts.FAILED_HINT_ONE]
    with running(server, base, tmp_path, chief, other, now=lambda: NOW):
        told_again = told(chief, "/flux")
        assert told_again.text.startswith("Sources suivies")
    assert len(other.private_chat().bot_messages) == 2


def test_the_bot_ends_soon_while_a_site_keeps_it_waiting(
    server: TelegramServer,
    base: Knowledge,
    store: SqlFeedStore,
    site: LocalServer,
    chief: UserHandle,
    tmp_path: Path,
) -> None:
    asked = threading.Event()
    held = threading.Event()

    def slow(*_: object) -> None:
        asked.set()
        held.wait(2 * PATIENCE)

    site.answers["/lent"] = slow
    url = f"http://127.0.0.1:{site.port}/lent"
    store.add([replace(followed(1), id=feed_id(url), url=url, next_visit_at=NOW)])
    with running(server, base, tmp_path, chief) as bot:
        assert asked.wait(PATIENCE)
        assert told(chief, "/sources").text.startswith("Ma base")  # nobody waits for it
        seconds = bot.stop()
    held.set()
    assert seconds < 20  # the site would keep it for longer
    asked_for = len(site.requests)
    assert bot.application.services.feeds.visit_now(store.feeds(), NOW) == ()  # visits have ended
    assert len(site.requests) == asked_for


def test_a_setting_has_the_bot_follow_nothing(
    server: TelegramServer,
    base: Knowledge,
    store: SqlFeedStore,
    site: LocalServer,
    chief: UserHandle,
    tmp_path: Path,
) -> None:
    with running(server, base, tmp_path, chief, follow_feeds=False):
        added = told(chief, f"/flux_ajouter http://127.0.0.1:{site.port}/rss")
        assert added.text.endswith(texts.FIRST_VISIT_LATER)
        assert told(chief, "/flux").text.endswith(texts.NOT_FOLLOWED)
    [feed] = store.feeds()
    assert feed.visited_at is None
