"""What goes wrong while an answer is shown and sent: it arrives once, whole, where it belongs."""

import time
from pathlib import Path

import pytest

from bot import texts
from bot.views.render import render_with_buttons
from knowledge.types import Answer, Claim
from tests.answers import POOL_OPENS, article, cite, written
from tests.interface.comparing import buttons, expected, expected_buttons, shown
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import GroupHandle, Message, TelegramServer, UserHandle
from tests.waiting import wait_until

QUESTION = "Quand rouvre la piscine ?"
ANSWER: Answer = written(Claim("La piscine rouvre le 3 mars 2026.", (cite(article(), POOL_OPENS),)))


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice")


@pytest.fixture
def small_group(server: TelegramServer, alice: UserHandle, bot: RunningBot) -> GroupHandle:
    """A group that is not a supergroup yet."""
    group = server.group("Un groupe", kind="group")
    group.add(alice, status="administrator")
    group.set_bot_status("member", by=alice)
    group.wait_for_messages()  # the greeting
    return group


def is_the_answer(message: Message) -> bool:
    [rendered] = (packed.message for packed in render_with_buttons(ANSWER))
    return shown(message) == expected(rendered) and buttons(message) == expected_buttons(rendered)


def test_429_of_the_final_edit_in_a_group_delays_the_answer_and_doubles_nothing(
    small_group: GroupHandle,
    server: TelegramServer,
    alice: UserHandle,
    knowledge: ScriptedKnowledge,
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    released = knowledge.hold(QUESTION)
    alice.say(f"/question {QUESTION}", chat=small_group)
    [progress] = small_group.wait_for_messages()
    server.faults.add(method="editMessageText", retry_after=2)
    asked_at = time.monotonic()
    released.set()
    wait_until(lambda: is_the_answer(progress))
    assert time.monotonic() - asked_at >= 2.0
    assert small_group.stays_silent(0.5)


def test_429_of_the_final_message_in_private_delays_the_answer_and_doubles_nothing(
    bot: RunningBot, server: TelegramServer, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    released = knowledge.hold(QUESTION)
    question = alice.say(QUESTION)
    server.wait_for_calls("sendMessageDraft")
    server.faults.add(method="sendMessage", retry_after=1, times=2)
    released.set()
    [answer] = alice.private_chat().wait_for_messages(quiet=1.0)
    assert is_the_answer(answer)
    assert answer.reply_to == question


def test_a_group_that_migrates_while_it_is_answered_gets_the_answer_in_its_new_place(
    small_group: GroupHandle,
    server: TelegramServer,
    alice: UserHandle,
    knowledge: ScriptedKnowledge,
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    released = knowledge.hold(QUESTION)
    alice.say(f"/question {QUESTION}", chat=small_group)
    small_group.wait_for_messages()  # what shows the progress, and stays behind
    new = small_group.migrate()
    released.set()
    [answer] = new.wait_for_messages(quiet=1.0)
    assert is_the_answer(answer)
    again = alice.say(f"/question {QUESTION}", chat=new)
    [answer] = new.wait_for_messages(quiet=0.5)
    assert is_the_answer(answer)
    assert answer.reply_to == again


def test_who_blocks_the_bot_while_the_answer_streams_costs_neither_an_error_nor_a_retry(
    bot: RunningBot,
    server: TelegramServer,
    alice: UserHandle,
    knowledge: ScriptedKnowledge,
    caplog: pytest.LogCaptureFixture,
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    released = knowledge.hold(QUESTION)
    alice.say(QUESTION)
    server.wait_for_calls("sendMessageDraft")
    alice.block_bot()
    released.set()
    bob = server.user("Bob")
    bob.say(QUESTION)
    [answer] = bob.private_chat().wait_for_messages()
    assert is_the_answer(answer)
    tries = [each for each in server.calls_of("sendMessage") if each.refused]
    assert len(tries) == 1
    assert "Erreur n°" not in caplog.text


@pytest.mark.parametrize("where", ["private", "group"])
def test_an_outage_in_the_middle_of_a_streamed_answer_only_delays_it(
    where: str,
    small_group: GroupHandle,
    server: TelegramServer,
    alice: UserHandle,
    knowledge: ScriptedKnowledge,
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    released = knowledge.hold(QUESTION)
    if where == "private":
        alice.say(QUESTION)
        server.wait_for_calls("sendMessageDraft")
    else:
        alice.say(f"/question {QUESTION}", chat=small_group)
        [progress] = small_group.wait_for_messages()
        bob = server.user("Bob")  # when he is answered, the bot has read what came before
        bob.say("/aide")
        bob.private_chat().wait_for_messages()
    server.refuse_connections(3.0)
    released.set()
    if where == "private":
        [answer] = alice.private_chat().wait_for_messages(quiet=1.0)
        assert is_the_answer(answer)
    else:
        wait_until(lambda: is_the_answer(progress))
        assert small_group.stays_silent(1.0)
    assert len(knowledge.asked) == 1


def test_of_two_that_poll_each_message_is_answered_once_and_the_second_takes_over(
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = RunningBot(server, knowledge, tmp_path / "one")
    with first, RunningBot(server, knowledge, tmp_path / "two"):
        wait_until(lambda: "Un autre programme lit les messages" in caplog.text)
        users = [server.user(f"Usager {number}") for number in range(3)]
        for user in users:
            user.say("Quand ?")
            [answer] = user.private_chat().wait_for_messages(quiet=0.3)
            assert answer.text.startswith(texts.ABSTENTION)
        first.stop()
        dora = server.user("Dora")
        dora.say("Et maintenant ?")
        dora.private_chat().wait_for_messages()
    assert len(knowledge.asked) == 4
