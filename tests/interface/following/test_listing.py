"""Sources listed, page by page, and chosen for removal; buttons that nobody was given."""

from __future__ import annotations

from datetime import timedelta

from bot.texts import access as access_texts
from bot.texts import feeds as texts
from bot.views.feeds_view import FEEDS_DATA
from bot.views.wording import typeset
from knowledge.feeds.types import FeedState, feed_id
from knowledge.store.feeds import SqlFeedStore
from tests.followed import page
from tests.interface.following.administering import NOW, Start, followed, press, told
from tests.telegram_server import TelegramServer, UserHandle
from tests.web_server import LocalServer, reply


def test_lists_are_paged_and_say_how_visits_went(
    start: Start, server: TelegramServer, store: SqlFeedStore, chief: UserHandle
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
    with start(now=lambda: NOW):
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
        assert told(chief, "/flux_retirer 2").text.split("\n")[1] == "Flux 2"
        assert told(chief, "/flux_retirer flux 3").text.split("\n")[1] == "Flux 3"
        assert "Aucune source suivie" in told(chief, "/flux_retirer zzz").text
        store.remove(feed_id("https://flux.test/1"))  # by somebody else, meanwhile
        assert told(chief, "/flux_retirer 1").text == texts.NO_SUCH_SOURCE
        told(chief, "/flux")
        assert told(chief, "/flux_retirer 1").text.split("\n")[1] == "Flux 2"
    assert len(store.feeds()) == 6
    assert server.refusals == []


FORGED = (":", ":p", ":p:-1", ":p:99999999999", ":r:zz", f":o:{'0' * 20}", ":n:x", ":o", ":q:1")


def test_only_an_administrator_in_private_and_only_feeds_of_the_web(
    start: Start, server: TelegramServer, store: SqlFeedStore, site: LocalServer, chief: UserHandle
) -> None:
    store.add([followed(1)])
    site.answers["/page"] = reply(page())
    reader = server.user("Lecteur")
    with start(now=lambda: NOW):
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
        assert listed.text.startswith("Sources suivies")  # none of them is a button
        shown = told(reader, "/flux")
        for data in (f":o:{feed_id('https://flux.test/1')}", ":p:0"):
            query = server.state.add_callback_query(reader.user, shown, f"{FEEDS_DATA}{data}")
            server.state.updates.add("callback_query", query.json())
            answered = reader.wait_for_answer(query)
            assert answered["text"] == access_texts.ADMINISTRATORS_ONLY_TOAST
        assert shown.text == access_texts.ADMINISTRATORS_ONLY
    assert [feed.id for feed in store.feeds()] == [feed_id("https://flux.test/1")]
