"""Places where the bot may not answer, or not at once: it stays quiet there, and well elsewhere."""

import pytest

from bot import texts
from bot.texts import buttons as button_texts
from bot.views.render import render_with_buttons
from tests.answers import POOL_OPENS, article, cite, extract
from tests.interface.comparing import expected, shown
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import GroupHandle, Message, TelegramServer, UserHandle

QUESTION = "Quand rouvre la piscine ?"
ANSWER = extract(cite(article(), POOL_OPENS))
[RENDERED] = (packed.message for packed in render_with_buttons(ANSWER))


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice")


@pytest.fixture
def group(
    server: TelegramServer, alice: UserHandle, bot: RunningBot, knowledge: ScriptedKnowledge
) -> GroupHandle:
    """A group that the bot is in since long ago, where `QUESTION` has an answer."""
    knowledge.answers(QUESTION, ANSWER)
    group = server.group("Un groupe", kind="supergroup")
    group.add(alice, status="administrator")
    group.seat_bot("member")
    return group


def answered(message: Message, asked: Message) -> bool:
    return message.reply_to is asked and shown(message) == expected(RENDERED)


def is_all_dealt_with(bot: RunningBot, caplog: pytest.LogCaptureFixture) -> bool:
    """Whether nobody is left to be told at the next start, and nothing was taken for an error."""
    left = bot.application.services.pending.left_by_last_run()
    return left == () and "Erreur n°" not in caplog.text


def test_a_topic_closed_before_the_answer_gets_none_and_no_other_place_gets_it(
    group: GroupHandle,
    alice: UserHandle,
    bot: RunningBot,
    knowledge: ScriptedKnowledge,
    server: TelegramServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    closed, other = group.add_topic("Les bassins"), group.add_topic("Les travaux")
    released = knowledge.hold(QUESTION)
    alice.say(f"/question {QUESTION}", chat=group, thread_id=closed.thread_id)
    knowledge.wait_until_asked(QUESTION)
    group.close_topic(closed, by=alice)
    released.set()
    server.wait_for_calls("sendMessage", 1)
    asked = alice.say(f"/question {QUESTION}", chat=group, thread_id=other.thread_id)
    [answer] = group.wait_for_messages(quiet=0.7)
    assert answered(answer, asked)
    assert answer.thread_id == other.thread_id
    group.reopen_topic(closed, by=alice)
    again = alice.say(f"/question {QUESTION}", chat=group, thread_id=closed.thread_id)
    [answer] = group.wait_for_messages()
    assert answered(answer, again)
    bot.stop()
    assert is_all_dealt_with(bot, caplog)


def test_a_group_where_the_bot_may_not_write_gets_nothing_and_is_answered_once_it_may(
    group: GroupHandle,
    alice: UserHandle,
    bot: RunningBot,
    server: TelegramServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    group.set_permissions(left=())
    alice.say(f"/question {QUESTION}", chat=group)
    alice.say("/aide", chat=group)
    server.wait_for_calls("sendMessage", 2)
    assert {call.refused for call in server.calls_of("sendMessage")} == {True}
    group.set_permissions(left=("can_send_messages",))
    asked = alice.say(f"/question {QUESTION}", chat=group)
    [answer] = group.wait_for_messages(quiet=0.7)
    assert answered(answer, asked)
    bot.stop()
    assert is_all_dealt_with(bot, caplog)


@pytest.mark.parametrize("gone", ["left", "kicked", "deleted"])
def test_a_group_that_is_gone_before_the_answer_costs_no_error_nor_a_second_try(
    gone: str,
    group: GroupHandle,
    alice: UserHandle,
    bot: RunningBot,
    knowledge: ScriptedKnowledge,
    server: TelegramServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    released = knowledge.hold(QUESTION)
    alice.say(f"/question {QUESTION}", chat=group)
    knowledge.wait_until_asked(QUESTION)
    if gone == "deleted":
        group.delete()
    else:
        group.set_bot_status(gone, by=alice)  # type: ignore[arg-type] # one of its words
    released.set()
    asked = alice.say(QUESTION)  # in private
    [answer] = alice.private_chat().wait_for_messages(quiet=0.5)
    assert answered(answer, asked)
    bot.stop()
    in_group = [each for each in server.calls_of("sendMessage") if each.refused]
    assert len(in_group) == 1
    assert is_all_dealt_with(bot, caplog)


def test_a_group_in_slow_mode_gets_its_answer_when_telegram_allows_and_only_once(
    group: GroupHandle, alice: UserHandle, server: TelegramServer
) -> None:
    server.faults.add(method="sendMessage", chat=group, retry_after=1, times=2)
    asked = alice.say(f"/question {QUESTION}", chat=group)
    [answer] = group.wait_for_messages(quiet=1.5)
    assert answered(answer, asked)


def test_the_same_message_id_in_two_chats_is_two_messages(
    bot: RunningBot, server: TelegramServer, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    bob = server.user("Bob")
    # The server keeps them apart by itself, so that confusions show; Telegram does not.
    bob.private_chat().chat.next_message_id = alice.private_chat().chat.next_message_id
    knowledge.answers(QUESTION, ANSWER)
    released = knowledge.hold(QUESTION)
    asked, other = alice.say(QUESTION), bob.say(QUESTION)
    assert asked.message_id == other.message_id
    knowledge.wait_until_asked(QUESTION)
    alice.say("/stop")
    [stopped] = alice.private_chat().wait_for_messages()
    assert (stopped.reply_to, stopped.text) == (asked, texts.STOPPED)
    released.set()
    [answer] = bob.private_chat().wait_for_messages()
    assert answered(answer, other)
    again = alice.say("Qui a gagné ?")
    [mine] = alice.private_chat().wait_for_messages()
    assert (mine.reply_to, mine.text.startswith(texts.ABSTENTION)) == (again, True)
    bob.private_chat().chat.next_message_id = mine.message_id - 1
    bob.say("/aide")
    [help_] = bob.private_chat().wait_for_messages()
    assert help_.message_id == mine.message_id
    told = alice.wait_for_answer(alice.press(mine, "👍"))
    assert told["text"] == button_texts.VOTED_USEFUL
    forged = server.state.add_callback_query(bob.user, help_, "vote:+")
    server.state.updates.add("callback_query", forged.json())
    assert bob.wait_for_answer(forged)["text"] == button_texts.TOO_OLD
