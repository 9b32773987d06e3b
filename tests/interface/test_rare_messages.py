"""What few readers ever see, written out to the last mark: what no change may alter unseen."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowledge.bootstrap import open_knowledge
from knowledge.service import Knowledge
from knowledge.settings import KnowledgeSettings, load_settings
from knowledge.types import RawDocument
from tests.answers import abstention
from tests.interface.access.admission import code_in, pairing, started
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import Message, TelegramServer, UserHandle
from tests.waiting import PATIENCE, wait_until


def seen(message: Message) -> tuple[str, list[tuple[str, str]]]:
    """Return a message's text and what each of its entities covers, its own commands left out."""
    marks = [(each["type"], message.covered(each)) for each in message.entities]
    return message.text, [mark for mark in marks if mark[0] != "bot_command"]


def only_answer(user: UserHandle, text: str, **values: Any) -> Message:
    asked = user.say(text, **values)
    [answer] = (values.get("chat") or user.private_chat()).wait_for_messages()
    assert answer.reply_to is asked
    assert isinstance(answer, Message)
    return answer


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Knowledge]:
    settings = load_settings(KnowledgeSettings, env_file=None, data_dir=tmp_path, model=None)
    with closing(open_knowledge(settings)) as knowledge:
        yield knowledge


def test_a_refusal_is_erased_after_a_question_and_whoever_has_no_visible_name_asks_again(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, asker = server.user("Chef"), server.user("\u200b\u2060")
    heading = "Accès\u00a0: par jumelage, chaque demande est approuvée ici."
    settings = "Inscrits dans les réglages\u00a0: 0. Administrateurs\u00a0: 1."
    named = f"sans nom visible ({asker.id})"
    with RunningBot(server, knowledge, tmp_path, **pairing(chief)):
        started(chief)
        assert seen(only_answer(chief, "/acces")) == (
            f"{heading}\n{settings}\n\nAucune demande enregistrée.",
            [("bold", heading)],
        )
        code = code_in(only_answer(asker, "Quand ?"))
        [request] = chief.private_chat().wait_for_messages()
        assert seen(request) == (
            f"Demande d’accès de {named}\nCode\u00a0: {code}",
            [("bold", "sans nom visible"), ("bold", code)],
        )
        chief.press(request, "Refuser")
        chief.private_chat().wait_for_edit(request)
        asker.private_chat().wait_for_messages()
        listed = only_answer(chief, "/acces")
        [button] = [each["text"] for each in listed.buttons()]
        assert button == "Effacer le refus 1"
        chief.press(listed, button)
        chief.private_chat().wait_for_edit(listed)
        assert seen(listed) == (
            f"Effacer le refus de {named}\u202f? Une nouvelle demande sera alors possible.",
            [("bold", "sans nom visible")],
        )
        assert [each["text"] for each in listed.buttons()] == ["Confirmer", "Annuler"]
        chief.press(listed, "Confirmer")
        chief.private_chat().wait_for_edit(listed, 2)
        assert seen(listed) == (f"Refus effacé pour {named}.", [("bold", "sans nom visible")])
        assert code_in(only_answer(asker, "Et maintenant ?")) != code


def test_a_channel_that_nobody_let_in_is_told_how_it_may_be(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    alice, channel = server.user("Alice"), server.group("Info Ville", kind="channel")
    channel.add(alice, status="administrator")
    channel.seat_bot("administrator")
    with RunningBot(server, knowledge, tmp_path, access="liste"):
        assert seen(only_answer(alice, "/abonner", chat=channel)) == (
            (
                "Ce canal n’est pas admis ici. Un de ses administrateurs, s’il l’est, peut "
                "m’écrire /abonner en privé."
            ),
            [],
        )


def test_where_telegram_does_not_say_who_administers_nobody_is_taken_for_one(
    bot: RunningBot, server: TelegramServer
) -> None:
    unsure = "Telegram ne me dit pas si vous êtes administrateur ici. Réessayez dans un instant."
    alice, group = server.user("Alice"), server.group("La rédaction")
    group.add(alice, status="administrator")
    group.seat_bot()
    server.faults.add(method="getChatMember", error=500)
    assert seen(only_answer(alice, "/abonner", chat=group)) == (unsure, [])
    settings = only_answer(alice, "/abonner", chat=group)
    server.faults.add(method="getChatMember", error=500)
    query = alice.press(settings, settings.buttons()[0]["text"])
    assert alice.wait_for_answer(query)["text"] == unsure


def test_who_presses_too_often_while_telegram_is_slow_is_told_once(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers("Qui ?", abstention())
    alice = server.user("Alice")
    answer = only_answer(alice, "Qui ?")
    server.faults.add(method="answerCallbackQuery", delay=4.0)
    presses = [alice.press(answer, "👍") for _ in range(23)]
    told = alice.wait_for_answer(presses[21])  # one in progress, twenty wait
    assert told["text"] == "Trop d’appuis à la fois\u00a0: réessayez dans un instant."
    alice.wait_for_answer(presses[20])
    assert presses[22].answer is None
    assert alice.wait_for_answer(alice.press(answer, "👎"))["text"].endswith("réponse inutile.")


def test_too_many_articles_to_add_at_once_are_refused_until_a_minute_later(
    server: TelegramServer, base: Knowledge, tmp_path: Path
) -> None:
    chief, begun, held = server.user("Chef"), threading.Event(), threading.Event()

    def slow(url: str) -> RawDocument:
        begun.set()
        held.wait(PATIENCE)
        text = "La halle rouvre\n\nLa halle de Morteval a rouvert samedi 7 mars."
        return RawDocument(text.encode(), url, filename="a.txt")

    fed = replace(base, fetch=slow)
    chiefs = [chief, server.user("Adjoint"), server.user("Suppléante")]
    ids = frozenset(each.id for each in chiefs)
    with RunningBot(server, fed, tmp_path, administrators=ids, waiting_questions=1) as bot:
        chiefs[0].say("/ajouter https://exemple.test/1")
        assert begun.wait(PATIENCE)
        chiefs[1].say("/ajouter https://exemple.test/2")
        chiefs[1].private_chat().wait_for_action()
        wait_until(lambda: bot.application.services.feeding.waiting == 1)
        assert seen(only_answer(chiefs[2], "/ajouter https://exemple.test/3")) == (
            (
                "Rien n’a été ajouté. Trop d’ajouts et de retraits attendent déjà. Réessayez dans "
                "une minute."
            ),
            [],
        )
        held.set()
        for each in chiefs[:2]:
            [added] = each.private_chat().wait_for_messages()
            assert added.text.startswith(("Ajouté", "Déjà"))


def test_an_offer_whose_file_was_deleted_asks_for_it_again(
    server: TelegramServer, base: Knowledge, tmp_path: Path
) -> None:
    chief = server.user("Chef")
    with RunningBot(server, base, tmp_path, administrators=frozenset({chief.id})):
        sent = chief.send_document("halle.txt", b"La halle rouvre.", "text/plain")
        [offer] = chief.private_chat().wait_for_messages()
        chief.delete(sent)
        chief.press(offer, offer.buttons()[0]["text"])
        chief.private_chat().wait_for_edit(offer)
        assert seen(offer) == (
            "Le message d’origine n’est plus là. Renvoyez-le, s’il vous plaît.",
            [],
        )
        assert offer.buttons() == []
