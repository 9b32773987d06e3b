"""What a reader is shown while waiting: that the bot writes, at once, and a place that moves up."""

import pytest

from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer

SLOW = "Lentement ?"


def test_typing_comes_before_any_word_of_the_answer(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    released = knowledge.hold(SLOW)
    alice = server.user("Alice")
    alice.say(SLOW)
    chat = alice.private_chat()
    server.wait_for_answers("sendMessageDraft", 1)
    # The first draft waits half a second; typing comes well before, however slow the machine.
    assert chat.wait_for_action("typing").sent_at < chat.drafts[0].sent_at
    released.set()
    chat.wait_for_messages()


@pytest.mark.parametrize("in_topic", [False, True])
def test_typing_is_shown_where_the_question_was_asked(
    in_topic: bool, bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    released = knowledge.hold(SLOW)
    alice, group = server.user("Alice"), server.group()
    group.add(alice)
    group.seat_bot()
    thread = group.add_topic("Les bassins").thread_id if in_topic else None
    alice.say(f"/question {SLOW}", chat=group, thread_id=thread)
    assert group.wait_for_action("typing").thread_id == thread
    released.set()
    group.wait_for_messages()


def test_a_place_moves_up_when_somebody_before_gives_up(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    people = [server.user(name) for name in ("Alice", "Bob", "Chloé")]
    released = knowledge.hold(SLOW)
    for number, person in enumerate(people, 1):
        person.say(SLOW)
        server.wait_for_answers("sendMessageDraft", number)
    _, bob, chloe = people
    drafts = chloe.private_chat()
    assert drafts.drafts[-1].text == "Vous êtes 3ᵉ dans la file…"
    bob.say("/stop")
    bob.private_chat().wait_for_messages()
    server.wait_for_answers("sendMessageDraft", 4)
    assert drafts.drafts[-1].text == "Vous êtes 2ᵉ dans la file…"
    released.set()
    for person in (people[0], chloe):
        person.private_chat().wait_for_messages()
