"""Who is let in by a code that an administrator accepts, in private and in groups."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.texts import access as texts
from tests.interface.access.admission import answered, code_in, pairing, started
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer


def test_pairing_from_the_first_word_to_the_first_answer(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, asker = server.user("Chef"), server.user("Ada", last_name="Lovelace", username="ada_l")
    noon = datetime(2026, 3, 14, 11, tzinfo=UTC)
    with RunningBot(server, knowledge, tmp_path, now=lambda: noon, **pairing(chief)):
        started(chief)
        question = asker.say("Quand ?")
        [shown] = asker.private_chat().wait_for_messages()
        code = code_in(shown)
        assert shown.reply_to == question
        assert shown.text == (f"{texts.PAIRING}{code}\nIl expire demain à 12\u00a0h\u00a000.")
        [request] = chief.private_chat().wait_for_messages()
        assert request.text == (
            f"Demande d’accès de Ada Lovelace (@ada_l) ({asker.id})\nCode\u00a0: {code}"
        )
        assert request.entity_texts("bold") == ["Ada Lovelace (@ada_l)", code]
        assert [each["text"] for each in request.buttons()] == ["Accepter", "Refuser"]
        asker.say("Et alors ?")
        assert asker.private_chat().stays_silent(0.2)
        query = chief.press(request, "Accepter")
        assert chief.wait_for_answer(query)["text"] == ""
        [told] = asker.private_chat().wait_for_messages()
        assert (told.text, told.reply_to) == (texts.GRANTED, None)
        chief.private_chat()
        chief.private_chat().wait_for_edit(request)
        assert request.text == f"Accès accordé à Ada Lovelace (@ada_l) ({asker.id})."
        assert request.buttons() == []
        asker.say("Quand ?")
        [answer] = asker.private_chat().wait_for_messages()
        assert answered(answer)
    with RunningBot(server, knowledge, tmp_path, now=lambda: noon, **pairing(chief)):
        asker.say("Encore ?")
        [answer] = asker.private_chat().wait_for_messages()
        assert answered(answer)


@pytest.mark.parametrize("by_code", [False, True], ids=["button", "code"])
def test_what_one_administrator_decides_is_shown_to_the_others(
    by_code: bool, server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, second, asker = server.user("Chef"), server.user("Zoé"), server.user("Ada")
    with RunningBot(server, knowledge, tmp_path, **pairing(chief, second)):
        started(chief)
        started(second)
        asker.say("Quand ?")
        [request] = chief.private_chat().wait_for_messages()
        [other] = second.private_chat().wait_for_messages()
        if by_code:
            [shown] = asker.private_chat().wait_for_messages()
            chief.say(f"/refuser {code_in(shown)}")
        else:
            chief.press(request, "Refuser")
        for chat, message in ((chief, request), (second, other)):
            chat.private_chat().wait_for_edit(message)
            assert message.text == f"Accès refusé à Ada ({asker.id})."
            assert message.buttons() == []
    assert server.refusals == []  # none of them was edited twice


def test_a_code_typed_by_an_administrator_decides_once(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, asker, other = server.user("Chef"), server.user("Ada"), server.user("Bob")
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
        started(chief)
        asker.say("Quand ?")
        [shown] = asker.private_chat().wait_for_messages()
        code = code_in(shown)
        chief.private_chat().wait_for_messages()  # the request
        other.say(f"/approuver {code}")  # who is not let in meets the gate, with a code of his own
        [gate] = other.private_chat().wait_for_messages()
        assert code_in(gate) != code
        chat = chief.private_chat()
        chat.wait_for_messages()  # of the second request
        for said, told in (
            ("/approuver", texts.CODE_EXPECTED.format("/approuver ACDEFGHJ")),
            ("/approuver 00000000", texts.CODE_EXPECTED.format("/approuver ACDEFGHJ")),
            ("/refuser ACDEFGHJ", texts.UNKNOWN_CODE),
            (f"/refuser {code[:4].lower()} {code[4:]}", f"Accès refusé à Ada ({asker.id})."),
            (f"/approuver {code}", texts.UNKNOWN_CODE),
        ):
            command = chief.say(said)
            [reply] = chat.wait_for_messages()
            assert (reply.text, reply.reply_to) == (told, command)
        [told_asker] = asker.private_chat().wait_for_messages()
        assert told_asker.text == texts.TURNED_DOWN
        asker.say("Pourquoi ?")
        assert asker.private_chat().stays_silent(0.2)
    assert knowledge.asked == []


def test_codes_cannot_be_guessed_one_after_the_other(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief = server.user("Chef")
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
        for _ in range(7):
            chief.say("/approuver ACDEFGHJ")
            [reply] = chief.private_chat().wait_for_messages()
    assert re.fullmatch(r"Trop de codes essayés\. Réessayez dans \d+\u00a0secondes?\.", reply.text)


def test_a_group_is_approved_as_a_whole_and_keeps_it_when_it_migrates(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, member, other = server.user("Chef"), server.user("Ada"), server.user("Bob")
    group = server.group("La rédaction", kind="group")
    group.add(member, other)
    group.seat_bot("member")
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
        started(chief)
        member.say("/question Quand ?", chat=group)
        [shown] = group.wait_for_messages()
        assert shown.text.startswith(texts.GROUP_PAIRING)
        [request] = chief.private_chat().wait_for_messages()
        assert request.text == (
            f"Demande d’accès du groupe La rédaction ({group.id})\nCode\u00a0: {code_in(shown)}"
        )
        chief.press(request, "Accepter")
        [told] = group.wait_for_messages()
        assert told.text == texts.GROUP_GRANTED
        other.say("/question Quand ?", chat=group)
        [answer] = group.wait_for_messages()
        assert answered(answer)
        moved = group.migrate()
        other.say("/question Et après ?", chat=moved)
        [answer] = moved.wait_for_messages()
        assert answered(answer)
        member.say("Quand ?")  # the group's access is not the person's
        [shown] = member.private_chat().wait_for_messages()
        assert shown.text.startswith(texts.PAIRING)


def test_a_code_lives_a_day(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, asker = server.user("Chef"), server.user("Ada")
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
        started(chief)
        asker.say("Quand ?")
        code = code_in(asker.private_chat().wait_for_messages()[0])
        chief.private_chat().wait_for_messages()
        day = int(timedelta(hours=24).total_seconds() * 1_000_000)
        with closing(sqlite3.connect(tmp_path / "sourcier.sqlite3")) as other, other:
            other.execute("UPDATE access SET asked_at = asked_at - ?", (day,))
        chief.say(f"/approuver {code}")
        [reply] = chief.private_chat().wait_for_messages()
    assert reply.text == texts.UNKNOWN_CODE
