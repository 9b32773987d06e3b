"""Who is no administrator, and data that no button has, change nothing of the base."""

from pathlib import Path

import pytest

from bot import texts as bot_texts
from bot.texts import access as access_texts
from knowledge.service import Knowledge
from tests.interface.feeding.adding import BODY, TITLE, add, reply_to, running, send
from tests.telegram_server import TelegramServer, UserHandle


def test_everybody_else_is_refused_courteously_and_a_text_stays_a_question(
    server: TelegramServer, base: Knowledge, tmp_path: Path, chief: UserHandle
) -> None:
    reader = server.user("Lectrice")
    group = server.group("La rédaction")
    group.add(reader, chief)
    group.chat.members[server.state.bot.id] = "member"
    with running(server, base, tmp_path, chief):
        for said in (f"/ajouter {TITLE}\n{BODY}", "/articles", "/retirer 1", "/statut", "/acces"):
            assert reply_to(reader, said).text == access_texts.ADMINISTRATORS_ONLY
        assert send(reader, "halle.txt", BODY.encode()).text == bot_texts.NOT_TEXT
        assert reply_to(reader, "https://exemple.test/a").text.startswith(bot_texts.ABSTENTION)
        assert reply_to(chief, f"{TITLE}\n{BODY}").text.startswith(bot_texts.ABSTENTION)
        chief.say("/articles", chat=group)
        [told] = group.wait_for_messages()
        assert told.text == access_texts.IN_PRIVATE
        add(chief)
        asked = reply_to(chief, "/retirer halle")
        data = asked.buttons()[0]["callback_data"]
        for forged in (data, "ajout:oui", "articles:0:"):
            query = server.state.add_callback_query(reader.user, asked, forged)
            server.state.updates.add("callback_query", query.json())
            told_reader = reader.wait_for_answer(query)
            assert told_reader["text"] == access_texts.ADMINISTRATORS_ONLY_TOAST
    assert base.summary().articles == 1


FORGED = (
    "retirer:oui:",
    "retirer:oui:zzzzzzzzzzzzzzzzzzzz",
    "retirer:oui:00000000000000000000",
    "retirer:peut-être",
    "articles:x:",
    "articles:999999999:",
    "articles:-1:",
    "articles:0:" + "é" * 26,
    "ajout:peut-être",
    "ajout:",
)


def test_forged_data_change_nothing(
    server: TelegramServer,
    base: Knowledge,
    tmp_path: Path,
    chief: UserHandle,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with running(server, base, tmp_path, chief):
        add(chief)
        asked = reply_to(chief, "/retirer halle")
        article = asked.buttons()[0]["callback_data"].rpartition(":")[2]
        for data in (*FORGED, f"retirer:peut-être:{article}"):
            query = server.state.add_callback_query(chief.user, asked, data)
            server.state.updates.add("callback_query", query.json())
            chief.wait_for_answer(query)
        reply_to(chief, "/sources")
    assert base.summary().articles == 1
    assert "Erreur" not in caplog.text
    assert all("not modified" in each for each in server.refusals)
