"""Who is let in, through the strict server: open, by list, by pairing, in private and in groups."""

import logging
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import texts as bot_texts
from bot.access import CODE_ALPHABET
from bot.texts import access as texts
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import GroupHandle, Message, TelegramServer, UserHandle

CODE = re.compile(rf"[{CODE_ALPHABET}]{{8}}")


def code_in(message: Message) -> str:
    [code] = [each for each in message.entity_texts("bold") if CODE.fullmatch(each)]
    return code


def group_of(server: TelegramServer, *members: UserHandle) -> GroupHandle:
    group = server.group("La rédaction")
    group.add(*members)
    group.seat_bot("member")
    return group


def pairing(*administrators: UserHandle, **values: object) -> dict[str, Any]:
    ids = frozenset(administrator.id for administrator in administrators)
    return {"access": "jumelage", "administrators": ids, **values}


def started(chief: UserHandle) -> None:
    """Open the private chat, so that the bot may write there first; its greeting is not awaited."""
    chief.start()
    chief.private_chat().wait_for_messages()


def answered(message: Message) -> bool:
    return message.text.startswith(bot_texts.ABSTENTION)


def test_in_a_list_the_person_or_the_group_is_enough(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    listed, stranger = server.user("Ada"), server.user("Bob")
    listed_group, other_group = group_of(server, stranger, listed), group_of(server, stranger)
    other_group.add(listed)
    allowed = frozenset({listed.id, listed_group.id})
    with RunningBot(server, knowledge, tmp_path, access="liste", allowed=allowed):
        listed.say("Quand ?")
        [answer] = listed.private_chat().wait_for_messages()
        assert answered(answer)
        stranger.say("/question Quand ?", chat=listed_group)
        [answer] = listed_group.wait_for_messages()
        assert answered(answer)
        listed.say("/question Quand ?", chat=other_group)
        [answer] = other_group.wait_for_messages()
        assert answered(answer)
        question = stranger.say("/question Quand ?", chat=other_group)
        [refusal] = other_group.wait_for_messages()
        assert refusal.text == f"{texts.GROUP_NOT_LISTED}{other_group.id}."
        assert refusal.reply_to == question
        stranger.say("Quand ?")
        [refusal] = stranger.private_chat().wait_for_messages()
    assert refusal.text == (
        "Bonjour. Ce robot ne répond qu’aux personnes que ses administrateurs ont inscrites. Pour "
        f"en être, donnez-leur votre identifiant Telegram\u00a0: {stranger.id}."
    )
    assert refusal.entity_texts("bold") == [str(stranger.id)]
    assert [each.text for each in knowledge.asked] == ["Quand ?"] * 3
    assert server.refusals == []


def test_a_refusal_is_not_repeated_at_each_message_nor_said_to_who_did_not_ask(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    stranger = server.user("Bob")
    group = group_of(server, stranger)
    group.seat_bot("administrator")  # so that it reads everything
    with RunningBot(server, knowledge, tmp_path, access="liste"):
        for text in ("Quand ?", "Où ?", "/start"):
            stranger.say(text)
        stranger.private_chat().wait_for_messages()
        stranger.say("Bonjour à tous", chat=group)
        stranger.say("/autre", chat=group)
        assert stranger.private_chat().stays_silent(0.3)
        assert group.bot_messages == []
        stranger.say("/question Quand ?", chat=group)
        assert len(group.wait_for_messages()) == 1
    assert knowledge.asked == []


def test_pairing_from_the_first_word_to_the_first_answer(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, asker = server.user("Chef"), server.user("Ada", last_name="Lovelace", username="ada_l")
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
        started(chief)
        question = asker.say("Quand ?")
        [shown] = asker.private_chat().wait_for_messages()
        code = code_in(shown)
        assert shown.reply_to == question
        assert re.fullmatch(
            re.escape(f"{texts.PAIRING}{code}\nIl expire demain à ") + r"\d\d\u00a0h\u00a0\d\d\.",
            shown.text,
        )
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
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
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


def test_one_question_too_many_is_refused_with_the_time_to_come_back(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, asker = server.user("Chef"), server.user("Ada")
    group = group_of(server, asker)
    values: dict[str, Any] = {"questions_per_minute": 2, "administrators": frozenset({chief.id})}
    with RunningBot(server, knowledge, tmp_path, **values):
        for text in ("Un ?", "Deux ?"):
            asker.say(text)
            asker.private_chat().wait_for_messages()
        question = asker.say("Trois ?")
        [refusal] = asker.private_chat().wait_for_messages()
        assert refusal.reply_to == question
        assert re.fullmatch(
            r"Je réponds à 2 questions par minute et par personne, et vous y êtes\. Reposez "
            r"celle-ci dans (5\d\u00a0secondes|1\u00a0minute), s’il vous plaît\.",
            refusal.text,
        )
        asker.say("/question Quatre ?", chat=group)
        [refusal] = group.wait_for_messages()
        assert refusal.text.startswith("Je réponds à 2 questions par minute")
        for number in range(4):
            chief.say(f"{number} ?")
            [answer] = chief.private_chat().wait_for_messages()
            assert answered(answer)
    assert len(knowledge.asked) == 6


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


def test_who_writes_without_a_name_has_the_access_and_the_limits_of_the_group(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, hidden = server.user("Chef"), server.user("Cachée")
    listed, other = group_of(server, hidden, chief), group_of(server, hidden, chief)
    for group in (listed, other):
        group.chat.members[hidden.id] = group.chat.members[chief.id] = "administrator"
        group.chat.anonymous.update({hidden.id, chief.id})
    values: dict[str, Any] = {
        "access": "liste",
        "allowed": frozenset({listed.id, hidden.id}),
        "administrators": frozenset({chief.id}),
        "questions_per_minute": 1,
    }
    with RunningBot(server, knowledge, tmp_path, **values):
        hidden.say("/question Quand ?", chat=listed)
        [answer] = listed.wait_for_messages()
        assert answered(answer)
        chief.say("/question Et après ?", chat=listed)  # exempt, were it known who that is
        [refusal] = listed.wait_for_messages()
        assert refusal.text.startswith("Je réponds à une question par minute")
        hidden.say("/question Quand ?", chat=other)
        [refusal] = other.wait_for_messages()
        assert refusal.text == f"{texts.GROUP_NOT_LISTED}{other.id}."
        chief.say("/statut", chat=listed)
        [refusal] = listed.wait_for_messages()
        assert refusal.text == texts.ADMINISTRATORS_ONLY
    assert len(knowledge.asked) == 1
