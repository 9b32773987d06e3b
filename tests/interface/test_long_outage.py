"""Telegram out of reach for a whole minute: all is answered once, late."""

import time

from bot import texts
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer

AWAY_SECONDS = 60.0


def test_a_minute_without_network_delays_every_answer_and_doubles_none(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    released = knowledge.hold("Quand ?")
    alice, bob = server.user("Alice"), server.user("Bob")
    asked = {alice: alice.say("Quand ?")}
    knowledge.wait_until_asked("Quand ?")
    away_at = time.monotonic()
    server.refuse_connections(AWAY_SECONDS)
    released.set()
    asked[bob] = bob.say("Et moi ?")
    for person, question in asked.items():
        chat = person.private_chat()
        [answer] = chat.wait_for_messages(timeout=4 * AWAY_SECONDS, quiet=1.0)
        assert answer.text.startswith(texts.ABSTENTION)
        assert answer.reply_to is question
        assert answer.sent_at - away_at >= AWAY_SECONDS
    assert [each.text for each in knowledge.asked] == ["Quand ?", "Et moi ?"]
