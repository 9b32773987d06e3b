"""The list of who was let in: shown, taken back, never by others, and with nothing leaked."""

import logging
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import texts as bot_texts
from bot.texts import access as texts
from tests.interface.access.admission import code_in, pairing, started
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer


def test_the_list_shows_takes_back_after_a_question_and_nobody_else_may(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, asker, second = server.user("Chef"), server.user("Ada"), server.user("Zoé")
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
        started(chief)
        asker.say("Quand ?")
        code = code_in(asker.private_chat().wait_for_messages()[0])
        chief.private_chat().wait_for_messages()  # the request
        chief.say(f"/approuver {code}")
        chief.private_chat().wait_for_messages()
        asker.private_chat().wait_for_messages()
        second.say("Quand ?")
        pending = code_in(second.private_chat().wait_for_messages()[0])
        chief.private_chat().wait_for_messages()  # of the second request
        chief.say("/acces")
        [listed] = chief.private_chat().wait_for_messages()
        lines = listed.text.split("\n")
        assert lines[:4] == [
            texts.LIST_HEADINGS["jumelage"],  # type: ignore[index] # a StrEnum equals its word
            "Inscrits dans les réglages\u00a0: 0. Administrateurs\u00a0: 1.",
            "",
            f"1. Zoé ({second.id}), en attente, code {pending}",
        ]
        assert lines[4].startswith(f"2. Ada ({asker.id}), accès accordé le ")
        assert [each["text"] for each in listed.buttons()] == [
            "Accepter 1",
            "Refuser 1",
            "Retirer 2",
        ]
        stolen = server.state.add_callback_query(asker.user, listed, f"acces:confirmer:{asker.id}")
        server.state.updates.add("callback_query", stolen.json())
        assert asker.wait_for_answer(stolen)["text"] == texts.NOT_ADMITTED_TOAST
        chief.press(listed, "Retirer 2")
        chief.private_chat().wait_for_edit(listed)
        assert listed.text == f"Retirer l’accès de Ada ({asker.id})\u202f?"
        chief.press(listed, "Annuler")
        chief.private_chat().wait_for_edit(listed, 2)
        assert listed.text.split("\n") == lines
        chief.press(listed, "Retirer 2")
        chief.private_chat().wait_for_edit(listed, 3)
        chief.press(listed, "Confirmer")
        chief.private_chat().wait_for_edit(listed, 4)
        assert listed.text == f"Accès retiré à Ada ({asker.id})."
        asker.say("Quand ?")
        again = code_in(asker.private_chat().wait_for_messages()[0])
    assert again != code
    assert knowledge.asked == []


FORGED = (
    "acces:",
    "acces:oui:",
    "acces:oui:ACDEFGHJ",
    "acces:page:99",
    "acces:page:-1",
    "acces:retirer:12",
    "acces:confirmer:99999999999999999999",
    "acces:confirmer:1e3",
    "acces:effacer:1",
)


def test_forged_data_do_nothing(
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    chief = server.user("Chef")
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
        chief.say("/acces")
        [listed] = chief.private_chat().wait_for_messages()
        for data in FORGED:
            query = server.state.add_callback_query(chief.user, listed, data)
            server.state.updates.add("callback_query", query.json())
            chief.wait_for_answer(query)
        chief.say("/acces")
        [after] = chief.private_chat().wait_for_messages()
    assert after.text == listed.text
    assert "Erreur" not in caplog.text
    assert all("not modified" in each for each in server.refusals)


HOSTILE = (
    "\U0001f9d1" * 4096,
    "\u202eAdmin\u202c مرحبا",
    "\u200b\u200d\ufeff",
    "<b>Ada</b> *Ada* [x](tg://user?id=1)",
    "Ada\n\n\nAccepter d’office",
)


def test_a_hostile_name_fits_its_line_and_says_nothing_else(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief = server.user("Chef")
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
        started(chief)
        for name in HOSTILE:
            asker = server.user(name)
            asker.say("Quand ?")
            code = code_in(asker.private_chat().wait_for_messages()[0])
            [request] = chief.private_chat().wait_for_messages()
            assert request.text.startswith(texts.REQUEST)
            assert request.text.endswith(f" ({asker.id})\nCode\u00a0: {code}")
            assert request.text.count("\n") == 1
            shown = request.entity_texts("bold")[0]
            assert 1 <= len(shown) <= 66
            assert "\u202e" not in shown
            assert {each["type"] for each in request.entities} == {"bold"}
            chief.say("/acces")
            [listed] = chief.private_chat().wait_for_messages()
            assert shown in listed.text
    assert server.refusals == []


def test_a_base_that_fails_lets_nobody_pass(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, asker = server.user("Chef"), server.user("Ada")
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
        with closing(sqlite3.connect(tmp_path / "sourcier.sqlite3")) as other, other:
            other.execute("DROP TABLE access")
        asker.say("Quand ?")
        [told] = asker.private_chat().wait_for_messages(quiet=0.2)
    assert re.sub("[0-9A-F]{6}", "{number}", told.text) == bot_texts.FAILURE_BASE
    assert knowledge.asked == []


def test_neither_ids_nor_codes_nor_names_are_logged(
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    chief, asker = server.user("Chef"), server.user("Adalberte")
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
        asker.say("Quand ?")
        code = code_in(asker.private_chat().wait_for_messages()[0])
        chief.say(f"/approuver {code}")
        chief.private_chat().wait_for_messages()
    for secret in (code, "Adalberte", str(asker.id), str(chief.id)):
        assert secret not in caplog.text
