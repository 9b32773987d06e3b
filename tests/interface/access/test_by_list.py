"""Who is let in by a list, and how many questions whoever is let in may ask."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.texts import access as texts
from tests.interface.access.admission import answered, group_of
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer


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
            r"celle-ci dans (\d\d?\u00a0secondes?|1\u00a0minute), s’il vous plaît\.",
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


def test_one_question_too_many_in_a_day_is_refused_until_the_next(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    asker, noon = server.user("Ada"), datetime(2026, 7, 14, 10, tzinfo=UTC)
    values: dict[str, Any] = {"questions_per_minute": 9, "questions_per_day": 2}
    with RunningBot(server, knowledge, tmp_path, now=lambda: noon, **values):
        for text in ("Un ?", "Deux ?"):
            asker.say(text)
            [answer] = asker.private_chat().wait_for_messages()
            assert answered(answer)
        asker.say("Trois ?")
        [refusal] = asker.private_chat().wait_for_messages()
    assert refusal.text == (
        "Je réponds à 2 questions par jour et par personne, et vous y êtes. Reposez celle-ci "
        "demain à 12\u00a0h\u00a000, s’il vous plaît."
    )


def test_who_writes_without_a_name_has_the_access_and_the_limits_of_the_group(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    chief, hidden = server.user("Chef"), server.user("Cachée")
    listed, second, other = (group_of(server, hidden, chief) for _ in range(3))
    for group in (listed, second, other):
        group.chat.members[hidden.id] = group.chat.members[chief.id] = "administrator"
        group.chat.anonymous.update({hidden.id, chief.id})
    values: dict[str, Any] = {
        "access": "liste",
        "allowed": frozenset({listed.id, second.id, hidden.id}),
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
        hidden.say("/question Quand ?", chat=second)  # whose questions are its own
        [answer] = second.wait_for_messages()
        assert answered(answer)
        hidden.say("/question Quand ?", chat=other)
        [refusal] = other.wait_for_messages()
        assert refusal.text == f"{texts.GROUP_NOT_LISTED}{other.id}."
        chief.say("/statut", chat=listed)
        [refusal] = listed.wait_for_messages()
        assert refusal.text == texts.ADMINISTRATORS_ONLY
    assert len(knowledge.asked) == 2
