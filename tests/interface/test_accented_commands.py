"""Commands typed with the accents of their French names, which Telegram does not mark as such."""

import pytest

from bot import texts
from bot.texts import access as access_texts
from bot.texts import feeding as feeding_texts
from tests.interface.pool_bot import (
    ME,
    fixture_alice,  # noqa: F401 - fixture
    fixture_bob,  # noqa: F401 - fixture
    fixture_bot,  # noqa: F401 - fixture
    fixture_group,  # noqa: F401 - fixture
    fixture_knowledge,  # noqa: F401 - fixture
    fixture_server,  # noqa: F401 - fixture
)
from tests.interface.running_bot import ScriptedKnowledge
from tests.telegram_server import GroupHandle, UserHandle


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("/accès", access_texts.ADMINISTRATORS_ONLY),
        ("/acce\u0300s", access_texts.ADMINISTRATORS_ONLY),
        ("/SOURCÉS", feeding_texts.SOURCES_EMPTY),
        ("/arrêter", texts.UNKNOWN_COMMAND),
    ],
)
def test_a_command_with_its_accents_is_that_command_and_no_question(
    said: str, answered: str, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    sent = alice.say(said)
    [answer] = alice.private_chat().wait_for_messages(quiet=0.1)
    assert (answer.text, answer.reply_to) == (answered, sent)
    assert knowledge.asked == []


def test_in_a_group_it_must_be_the_bot_s_own_or_name_it(
    group: GroupHandle, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    sent = alice.say(f"{ME} /accès", chat=group)
    [answer] = group.wait_for_messages()
    assert (answer.text, answer.reply_to) == (access_texts.ADMINISTRATORS_ONLY, sent)
    alice.say("/accès@another_bot", chat=group, reply_to=answer)
    alice.say("/été", chat=group, reply_to=answer)
    assert group.stays_silent(0.5)
    assert knowledge.asked == []
