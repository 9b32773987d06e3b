"""What those who are turned away are told again, and when; what a late decision shows."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.access import CODE_ALPHABET, MOST_PENDING
from bot.texts import access as texts
from tests.interface.access.admission import code_in, group_of, pairing, started
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer

NOON = datetime(2026, 3, 14, 11, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def test_a_code_that_waits_is_shown_again_after_ten_minutes_to_its_owner_alone(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, asker, clock = server.user("Chef"), server.user("Ada"), Clock()
    with RunningBot(server, knowledge, tmp_path, now=clock, **pairing(chief)):
        started(chief)
        asker.say("Quand ?")
        [first] = asker.private_chat().wait_for_messages()
        [_] = chief.private_chat().wait_for_messages()
        clock.now = NOON + TEN_MINUTES - timedelta(seconds=1)
        asker.say("Et alors ?")
        assert asker.private_chat().stays_silent(0.3)
        clock.now = NOON + TEN_MINUTES
        question = asker.say("Toujours rien ?")
        [again] = asker.private_chat().wait_for_messages()
        assert (again.reply_to, again.text, again.entities) == (
            question,
            first.text,
            first.entities,
        )
        assert chief.private_chat().stays_silent(0.3)
    assert server.refusals == []


def test_in_a_group_each_person_is_told_once(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    ada, bob = server.user("Ada"), server.user("Bob")
    group = group_of(server, ada, bob)
    with RunningBot(server, knowledge, tmp_path, access="liste"):
        for person in (ada, bob):
            question = person.say("/question Quand ?", chat=group)
            [told] = group.wait_for_messages()
            assert (told.reply_to, told.text) == (question, f"{texts.GROUP_NOT_LISTED}{group.id}.")
            assert told.entity_texts("bold") == [str(group.id)]
        for person in (ada, bob):
            person.say("/question Quand ?", chat=group)
        assert group.stays_silent(0.3)


def test_who_finds_too_many_waiting_is_told_and_gets_a_code_once_theirs_have_expired(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, asker, clock = server.user("Chef"), server.user("Ada"), Clock()
    asked_at = int(NOON.timestamp() * 1_000_000)
    with RunningBot(server, knowledge, tmp_path, now=clock, **pairing(chief)):
        started(chief)
        with closing(sqlite3.connect(tmp_path / "sourcier.sqlite3")) as other, other:
            other.executemany(
                "INSERT INTO access (subject, state, code, name, asked_at) VALUES (?, ?, ?, ?, ?)",
                [
                    (number, "pending", f"ACDEFGH{CODE_ALPHABET[number - 1]}", "x", asked_at)
                    for number in range(1, MOST_PENDING + 1)
                ],
            )
        question = asker.say("Quand ?")
        [told] = asker.private_chat().wait_for_messages()
        assert (told.reply_to, told.text, told.entities) == (
            question,
            "Trop de demandes d’accès attendent déjà une réponse. Revenez demain, s’il vous plaît.",
            (),
        )
        asker.say("Et alors ?")
        assert asker.private_chat().stays_silent(0.3)
        assert chief.private_chat().stays_silent(0.1)
        clock.now = NOON + timedelta(days=1)
        asker.say("Et maintenant ?")
        [shown] = asker.private_chat().wait_for_messages()
        assert shown.text.startswith(texts.PAIRING)
        assert code_in(shown)


def test_a_press_on_a_request_that_is_decided_already_says_so_and_shows_the_list(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, second, asker = server.user("Chef"), server.user("Zoé"), server.user("Ada")
    folder, clock = tmp_path, Clock()
    with RunningBot(server, knowledge, folder, now=clock, **pairing(chief, second)):
        started(chief)
        started(second)
        asker.say("Quand ?")
        [code] = [code_in(each) for each in asker.private_chat().wait_for_messages()]
        [request] = chief.private_chat().wait_for_messages()
        [other] = second.private_chat().wait_for_messages()
    with RunningBot(server, knowledge, folder, now=clock, **pairing(chief, second)):
        # The messages of an earlier run are not settled; a press finds out.
        query = chief.press(request, "Accepter")
        assert chief.wait_for_answer(query)["text"] == ""
        chief.private_chat().wait_for_edit(request)
        late = second.press(other, "Refuser")
        assert second.wait_for_answer(late)["text"] == texts.ALREADY_DECIDED
        second.private_chat().wait_for_edit(other)
        assert other.text == (
            f"{texts.LIST_HEADINGS['jumelage']}\n"  # type: ignore[index] # a StrEnum equals its word
            "Inscrits dans les réglages\u00a0: 0. Administrateurs\u00a0: 2.\n\n"
            f"1. Ada ({asker.id}), accès accordé le 14 mars 2026"
        )
        assert other.entity_texts("bold") == [other.text.split("\n")[0], "Ada"]
        assert [each["text"] for each in other.buttons()] == ["Retirer 1"]
        [told] = asker.private_chat().wait_for_messages()
        assert told.text == texts.GRANTED  # the late refusal changed nothing
        assert code not in other.text
