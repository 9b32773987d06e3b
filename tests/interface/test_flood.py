"""Five hundred questions from one reader and fifty from fifty others, by polling and by webhook."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import texts
from bot.receiving.pending import PendingMessages
from bot.texts import serving
from tests.interface.running_bot import RunningBot, ScriptedKnowledge, by_webhook
from tests.telegram_server import Leniency, Message, TelegramServer
from tests.waiting import PATIENCE, wait_until

LEFT_OUT = re.compile(re.escape(serving.LEFT_OUT_MANY).replace(r"\{count\}", "([0-9]+)"))
FLOOD, OTHERS = 500, 50


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer(lenient=[Leniency.HTTP_WEBHOOK]) as running:
        running.webhooks.timing.first_delay = 0.02
        yield running


def left_out(message: Message) -> int:
    """Return how many messages a message says were left out."""
    if message.text == serving.LEFT_OUT_ONE:
        return 1
    found = LEFT_OUT.fullmatch(message.text)
    return int(found[1]) if found else 0


def dealt_with(message: Message) -> int:
    """Return how many questions a message answers or counts."""
    return left_out(message) + message.text.startswith(texts.ABSTENTION)


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_the_others_are_served_and_each_question_of_a_flood_is_answered_or_counted(
    webhook: bool, server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    settings = by_webhook() if webhook else {}
    others = [server.user(f"Usager {number}") for number in range(OTHERS)]
    mallory = server.user("Mallory")
    with RunningBot(server, knowledge, tmp_path, questions_per_minute=600, **settings) as running:
        flood = [mallory.say(f"Flot {number} ?") for number in range(FLOOD // 2)]
        asked = [user.say(f"Question de {user.user.first_name} ?") for user in others]
        flood += [mallory.say(f"Flot {number} ?") for number in range(FLOOD // 2, FLOOD)]
        for user, question in zip(others, asked, strict=True):
            [answer] = user.private_chat().wait_for_messages()
            assert answer.text.startswith(texts.ABSTENTION)
            assert answer.reply_to == question
        server.wait_until_confirmed()
        chat = mallory.private_chat()
        wait_until(lambda: sum(map(dealt_with, chat.bot_messages)) >= FLOOD, 2 * PATIENCE)
        replies = chat.wait_for_messages(quiet=2.0)
        answers = [each for each in replies if each.text.startswith(texts.ABSTENTION)]
        refusals = [each for each in replies if each.text == serving.QUEUE_FULL]
        counts = [left_out(each) for each in replies]
        assert len(answers) + sum(counts) == FLOOD
        assert len(answers) + len(refusals) + len([count for count in counts if count]) == len(
            replies
        )
        order = [flood.index(each.reply_to) for each in answers if each.reply_to]
        assert order == sorted(set(order))
        assert running.error is None
    assert len(knowledge.asked) == OTHERS + len(answers)
    assert all(len(user.private_chat().bot_messages) == 1 for user in others)
    assert PendingMessages(running.pending_file).left_by_last_run() == ()
    assert not [each for each in server.refusals if "Too Many Requests" in each]
