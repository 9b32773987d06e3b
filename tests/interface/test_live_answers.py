"""An answer while it is prepared: drafts in private, one edited message in a group, /stop."""

from pathlib import Path

import pytest

from bot import texts
from bot.views.messages import Message as Rendered
from bot.views.render import render_with_buttons
from knowledge.progress import Reading
from knowledge.types import Answer, Claim
from tests.answers import POOL_COST, POOL_OPENS, article, cite, written
from tests.interface.comparing import buttons, expected, expected_buttons, shown
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import GroupHandle, Message, TelegramServer, UserHandle

POOL = article()
OPENS = Claim("La piscine rouvre le 3 mars 2026.", (cite(POOL, POOL_OPENS),))
UNSUPPORTED = Claim("", (cite(POOL, POOL_COST),))
ANSWER: Answer = written(OPENS, UNSUPPORTED)
QUESTION = "Quand rouvre la piscine ?"
READS = "Je lis 6 passages de 4 articles…"
PROSE = "La piscine rouvre le 3 mars 2026.\u00a0[1]\n\n…"


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice")


@pytest.fixture
def group(server: TelegramServer, alice: UserHandle, bot: RunningBot) -> GroupHandle:
    group = server.group("Un groupe", kind="supergroup")
    group.add(alice, status="administrator")
    group.set_bot_status("member", by=alice)
    group.wait_for_messages()  # the greeting
    return group


def is_the_answer(message: Message) -> bool:
    [rendered] = (packed.message for packed in render_with_buttons(ANSWER))
    return shown(message) == expected(rendered) and buttons(message) == expected_buttons(rendered)


def test_in_private_the_checked_prose_streams_through_a_draft_before_the_whole_answer(
    bot: RunningBot, server: TelegramServer, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    released = knowledge.hold(QUESTION)
    alice.say(QUESTION)
    chat = alice.private_chat()
    knowledge.wait_until_asked(QUESTION)
    server.wait_for_answers("sendMessageDraft", 1)
    knowledge.tell(QUESTION, Reading(6, 4))
    server.wait_for_answers("sendMessageDraft", 2)
    knowledge.tell(QUESTION, OPENS)
    server.wait_for_answers("sendMessageDraft", 3)
    knowledge.tell(QUESTION, UNSUPPORTED)  # no words of it bear showing: nothing new
    released.set()
    [answer] = chat.wait_for_messages(quiet=1.0)
    assert is_the_answer(answer)
    assert [draft.text for draft in chat.drafts] == [texts.SEARCHING, READS, PROSE]
    assert all(draft.entities == () for draft in chat.drafts)  # no quotation before the answer
    assert len({draft.draft_id for draft in chat.drafts}) == 1
    assert chat.drafts[-1].sent_at < answer.sent_at
    assert server.refusals == []


def test_in_a_group_one_message_shows_the_progress_and_becomes_the_answer(
    group: GroupHandle, server: TelegramServer, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    knowledge.tells(QUESTION, Reading(6, 4))
    released = knowledge.hold(QUESTION)
    asked = alice.say(f"/question {QUESTION}", chat=group)
    [message] = group.wait_for_messages()
    assert (shown(message), message.reply_to) == (expected(Rendered(READS)), asked)
    knowledge.tell(QUESTION, OPENS)
    [before] = group.wait_for_edit(message)
    assert before.until - message.sent_at >= 3.0
    assert shown(message) == expected(Rendered(PROSE))
    released.set()
    group.wait_for_edit(message, 2)
    assert group.stays_silent(0.5)
    assert is_the_answer(message)
    assert [revision.text for revision in message.revisions] == [READS, PROSE]
    assert server.refusals == []


@pytest.mark.parametrize("in_topic", [False, True])
def test_a_long_answer_begins_in_the_message_that_showed_the_progress(
    in_topic: bool, group: GroupHandle, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    thread = group.add_topic("Les bassins").thread_id if in_topic else None
    long = article("Un mot " * 500 + "fin.", title="Un")
    longer = article("Un autre mot " * 280 + "fin.", title="Deux")
    answer = written(Claim("", (cite(long, long.text), cite(longer, longer.text))))
    knowledge.answers(QUESTION, answer)
    released = knowledge.hold(QUESTION)
    alice.say(f"/question {QUESTION}", chat=group, thread_id=thread)
    [message] = group.wait_for_messages()
    released.set()
    rest = group.wait_for_messages()
    rendered = [packed.message for packed in render_with_buttons(answer)]
    assert len(rendered) > 1
    assert list(map(shown, [message, *rest])) == list(map(expected, rendered))
    assert [each.reply_to for each in rest] == [None] * len(rest)
    assert {each.thread_id for each in (message, *rest)} == {thread}


def test_an_answer_that_takes_no_time_shows_nothing_before_it(
    group: GroupHandle, server: TelegramServer, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    edits, drafts = [], []
    for _ in range(4):  # the least of some: a busy machine may take its time over one
        alice.say(f"/question {QUESTION}", chat=group)
        answer = group.wait_for_messages()[-1]
        before = len(server.calls_of("sendMessageDraft"))
        alice.say(QUESTION)
        alice.private_chat().wait_for_messages()
        edits.append(len(answer.revisions))
        drafts.append(len(server.calls_of("sendMessageDraft")) - before)
        if (edits[-1], drafts[-1]) == (0, 0):
            break
    assert (min(edits), min(drafts)) == (0, 0)


def test_after_429_in_the_middle_of_the_edits_the_answer_still_arrives_once(
    group: GroupHandle, server: TelegramServer, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    knowledge.tells(QUESTION, Reading(6, 4))
    released = knowledge.hold(QUESTION)
    alice.say(f"/question {QUESTION}", chat=group)
    [message] = group.wait_for_messages()
    server.faults.add(method="editMessageText", retry_after=2, times=2)
    knowledge.tell(QUESTION, OPENS)
    server.wait_for_calls("editMessageText", 1)
    released.set()
    server.wait_for_calls("editMessageText", 3)
    group.wait_for_edit(message)
    assert group.stays_silent(0.5)
    assert is_the_answer(message)


def test_after_429_of_a_draft_none_follows_in_that_time_and_the_answer_arrives_once(
    bot: RunningBot, server: TelegramServer, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    server.faults.add(method="sendMessageDraft", retry_after=8)
    released = knowledge.hold(QUESTION)
    alice.say(QUESTION)
    server.wait_for_answers("sendMessageDraft", 1)
    knowledge.tell(QUESTION, Reading(6, 4))
    released.set()
    [answer] = alice.private_chat().wait_for_messages(quiet=0.5)
    assert is_the_answer(answer)
    assert len(server.calls_of("sendMessageDraft")) == 1


def test_when_the_message_was_deleted_while_it_was_edited_the_answer_is_sent_anew(
    group: GroupHandle, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    released = knowledge.hold(QUESTION)
    asked = alice.say(f"/question {QUESTION}", chat=group)
    [message] = group.wait_for_messages()
    alice.delete(message)
    released.set()
    [answer] = group.wait_for_messages(quiet=0.5)
    assert is_the_answer(answer)
    assert answer.reply_to == asked


def test_when_the_group_migrates_while_it_is_answered_the_answer_follows_it(
    server: TelegramServer, bot: RunningBot, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    released = knowledge.hold(QUESTION)
    old = server.group("Un groupe")
    old.add(alice)
    old.set_bot_status("member", by=alice)
    old.wait_for_messages()
    alice.say(f"/question {QUESTION}", chat=old)
    old.wait_for_messages()
    new = old.migrate()
    released.set()
    [answer] = new.wait_for_messages(quiet=0.5)
    assert is_the_answer(answer)
    assert answer.reply_to is None


def test_who_blocks_the_bot_while_it_answers_is_left_alone(
    bot: RunningBot, server: TelegramServer, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers(QUESTION, ANSWER)
    released = knowledge.hold(QUESTION)
    alice.say(QUESTION)
    server.wait_for_answers("sendMessageDraft", 1)
    alice.block_bot()
    knowledge.tell(QUESTION, Reading(6, 4))
    server.wait_for_answers("sendMessageDraft", 2)
    released.set()
    server.wait_for_calls("sendMessage", 1)
    bob = server.user("Bob")
    bob.say("Et moi ?")
    [answer] = bob.private_chat().wait_for_messages()
    assert answer.text.startswith(texts.ABSTENTION)
    alice.unblock_bot()
    again = alice.say("Et maintenant ?")  # in her turn: what came before is dealt with
    [answer] = alice.private_chat().wait_for_messages()
    assert (answer.reply_to, answer.text.startswith(texts.ABSTENTION)) == (again, True)
    assert alice.private_chat().bot_messages == [answer]
    tried = [call.refused for call in server.calls_of("sendMessage")]
    assert tried == [True, False, False]  # her answer once: no word of a doubt, which there is not


def test_an_error_in_a_group_stands_in_the_place_of_the_answer_with_its_number(
    group: GroupHandle, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers(QUESTION, RuntimeError("secret"))
    released = knowledge.hold(QUESTION)
    topic = group.add_topic("Les bassins")
    alice.say(f"/question {QUESTION}", chat=group, thread_id=topic.thread_id)
    [message] = group.wait_for_messages()
    released.set()
    group.wait_for_edit(message)
    start, end = texts.FAILURE.split("{number}")
    assert message.text.startswith(start)
    assert message.text.endswith(end)
    assert message.thread_id == topic.thread_id
    assert group.stays_silent(0.3)


def test_stop_leaves_a_clean_message_where_the_answer_was_shown(
    group: GroupHandle, server: TelegramServer, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.tells(QUESTION, Reading(6, 4), OPENS)
    knowledge.hold(QUESTION)
    alice.say(f"/question {QUESTION}", chat=group)
    [message] = group.wait_for_messages()
    assert message.text == PROSE
    alice.say("/stop", chat=group)
    group.wait_for_edit(message)
    assert shown(message) == expected(Rendered("Réponse arrêtée."))
    assert group.stays_silent(0.3)
    assert server.refusals == []


def test_stop_in_private_ends_the_running_answer_and_what_waits_but_not_what_follows(
    bot: RunningBot, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    knowledge.hold("Lentement ?")
    asked = [alice.say("Lentement ?"), alice.say("Ensuite ?")]
    knowledge.wait_until_asked("Lentement ?")
    alice.say("/stop")
    stopped = alice.private_chat().wait_for_messages(2)
    assert [(each.text, each.reply_to) for each in stopped] == [
        (texts.STOPPED, each) for each in asked
    ]
    alice.say("Après ?")
    [answer] = alice.private_chat().wait_for_messages()
    assert answer.text.startswith(texts.ABSTENTION)
    assert [question.text for question in knowledge.asked] == ["Lentement ?", "Après ?"]
    alice.say("/stop")
    [nothing] = alice.private_chat().wait_for_messages()
    assert shown(nothing) == expected(Rendered(texts.NOTHING_TO_STOP))


def test_stop_is_for_ones_own_answers_except_for_an_administrator_of_the_bot(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    alice, bob, chief = (server.user(name) for name in ("Alice", "Bob", "Chloé"))
    group = server.group("Un groupe")
    group.add(alice, bob, chief)
    with RunningBot(server, knowledge, tmp_path, administrators=frozenset({chief.id})):
        group.set_bot_status("member", by=alice)
        group.wait_for_messages()
        knowledge.hold(QUESTION)
        alice.say(f"/question {QUESTION}", chat=group)
        [message] = group.wait_for_messages()
        bob.say("/stop", chat=group)
        [refusal] = group.wait_for_messages()
        assert refusal.text == texts.NOTHING_TO_STOP
        assert message.text == texts.SEARCHING
        chief.say("/stop", chat=group)
        group.wait_for_edit(message)
        assert message.text == texts.STOPPED


def test_the_place_in_the_queue_is_told_and_moves(
    bot: RunningBot, server: TelegramServer, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    bob, chloe = server.user("Bob"), server.user("Chloé")
    released = [knowledge.hold(text) for text in ("Un ?", "Deux ?", "Trois ?")]
    for number, (user, text) in enumerate(
        zip((alice, bob, chloe), ("Un ?", "Deux ?", "Trois ?"), strict=True), 1
    ):
        user.say(text)
        server.wait_for_answers("sendMessageDraft", number)
    chat = chloe.private_chat()
    assert [draft.text for draft in chat.drafts] == ["Vous êtes 3ᵉ dans la file…"]
    assert [draft.text for draft in bob.private_chat().drafts] == ["Vous êtes 2ᵉ dans la file…"]
    released[0].set()
    alice.private_chat().wait_for_messages()
    server.wait_for_answers("sendMessageDraft", 5)
    assert chat.drafts[-1].text == "Vous êtes 2ᵉ dans la file…"
    assert bob.private_chat().drafts[-1].text == texts.SEARCHING
    released[1].set()
    released[2].set()
    [answer] = chat.wait_for_messages(quiet=0.3)
    assert answer.text.startswith(texts.ABSTENTION)


def test_an_answer_has_a_deadline_the_wait_included(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    with RunningBot(server, knowledge, tmp_path, answer_deadline_seconds=4):
        alice, bob = server.user("Alice"), server.user("Bob")
        release = knowledge.hold("Un ?", deaf=True)
        alice.say("Un ?")
        knowledge.wait_until_asked("Un ?")
        bob.say("Deux ?")
        for user in (alice, bob):
            [late] = user.private_chat().wait_for_messages()
            assert shown(late) == expected(Rendered(texts.TOO_LATE))
        release.set()
        bob.say("Trois ?")
        [answer] = bob.private_chat().wait_for_messages()
        assert answer.text.startswith(texts.ABSTENTION)
        assert [question.text for question in knowledge.asked] == ["Un ?", "Trois ?"]
