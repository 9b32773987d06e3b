"""Different chats at the same time, one chat in order, a flood that starves nobody."""

from pathlib import Path

from bot import texts
from bot.texts import serving
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer


def test_messages_of_one_chat_are_answered_in_order(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    released = knowledge.hold("1 ?")
    alice = server.user("Alice")
    questions = [alice.say(text) for text in ("1 ?", "2 ?", "/aide", "3 ?")]
    knowledge.wait_until_asked("1 ?")
    assert alice.private_chat().stays_silent(0.3)
    assert [question.text for question in knowledge.asked] == ["1 ?"]
    released.set()
    answers = alice.private_chat().wait_for_messages(4)
    assert [answer.reply_to for answer in answers] == questions
    assert [question.text for question in knowledge.asked] == ["1 ?", "2 ?", "3 ?"]


def test_a_chat_that_waits_for_the_worker_holds_no_other_chat_back(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    released = knowledge.hold("Lentement ?")
    alice, bob = server.user("Alice"), server.user("Bob")
    alice.say("Lentement ?")
    knowledge.wait_until_asked("Lentement ?")
    bob.say("Vite ?")
    bob.private_chat().wait_for_action("typing")  # although Alice's answer is still held
    released.set()
    bob.private_chat().wait_for_messages()
    help_asked = server.user("Chloé").say("/aide")
    assert help_asked.update_id is not None


def test_commands_are_answered_while_another_chat_s_question_is_worked_on(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    released = knowledge.hold("Lentement ?")
    server.user("Alice").say("Lentement ?")
    knowledge.wait_until_asked("Lentement ?")
    bob = server.user("Bob")
    bob.say("/start")
    bob.private_chat().wait_for_messages()
    released.set()


def test_a_button_does_not_wait_for_the_answer_its_reader_waits_for(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    alice = server.user("Alice")
    alice.say("Vite ?")
    [answer] = alice.private_chat().wait_for_messages()
    released = knowledge.hold("Lentement ?")
    alice.say("Lentement ?")
    knowledge.wait_until_asked("Lentement ?")
    query = alice.press(answer, "👍")
    assert alice.wait_for_answer(query)["text"]
    released.set()
    alice.private_chat().wait_for_messages()


def test_one_thread_answers_all_chats_one_question_at_a_time(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    users = [server.user(f"Usager {number}") for number in range(20)]
    for user in users:
        user.say(f"Question de {user.user.first_name} ?")
    for user in users:
        [answer] = user.private_chat().wait_for_messages()
        assert answer.text.startswith(texts.ABSTENTION)
    assert knowledge.most_at_once == 1
    assert len(knowledge.asked) == 20


def test_a_flooding_chat_is_told_at_once_and_once_there_is_room_and_starves_nobody(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    with RunningBot(server, knowledge, tmp_path, waiting_per_chat=3) as running:
        released = knowledge.hold("Flot 0 ?")
        mallory, bob = server.user("Mallory"), server.user("Bob")
        flood = [mallory.say(f"Flot {number} ?") for number in range(200)]
        knowledge.wait_until_asked("Flot 0 ?")
        bob.say("Et moi ?")
        [refusal] = mallory.private_chat().wait_for_messages(quiet=0.5)
        assert (refusal.text, refusal.reply_to) == (serving.QUEUE_FULL, flood[4])
        released.set()
        bob.private_chat().wait_for_messages()
        *answers, told = mallory.private_chat().wait_for_messages(5, quiet=0.5)
        assert [answer.reply_to for answer in answers] == flood[:4]
        assert (told.text, told.reply_to) == (serving.LEFT_OUT_MANY.format(count=196), flood[4])
        # Bob came after one question of Mallory's, not after all of them.
        asked = [question.text for question in knowledge.asked]
        assert asked.index("Et moi ?") == 1
        mallory.say("Encore ?")
        mallory.private_chat().wait_for_messages()
        assert running.error is None


def test_too_many_questions_of_all_chats_are_refused_in_french(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    with RunningBot(server, knowledge, tmp_path, waiting_questions=1):
        released = knowledge.hold("Lentement ?")
        server.user("Alice").say("Lentement ?")
        knowledge.wait_until_asked("Lentement ?")
        bob, chloe = server.user("Bob"), server.user("Chloé")
        bob.say("Deuxième ?")
        bob.private_chat().wait_for_action()
        chloe.say("Troisième ?")
        [refusal] = chloe.private_chat().wait_for_messages()
        assert refusal.text == texts.BUSY
        released.set()
        [answer] = bob.private_chat().wait_for_messages()
        assert answer.text.startswith(texts.ABSTENTION)
