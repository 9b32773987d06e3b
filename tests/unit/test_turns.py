"""Whose turn an update waits for: a chat's messages in one lane, buttons and /stop in others."""

from typing import Any

import pytest
from telegram import Update, User

from bot.receiving.turns import BUTTON_PLACES, URGENT_PLACES, Lane, Turn, turn_of

ME = User(1, "Sourcier", is_bot=True, username="sourcier_bot")
PERSON = {"id": 7, "is_bot": False, "first_name": "Alice"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Alice"}
GROUP = {"id": -100, "type": "supergroup", "title": "Groupe", "is_forum": True}


def message(chat: dict[str, Any], text: str | None = None, **more: Any) -> dict[str, Any]:
    content: dict[str, Any] = {} if text is None else {"text": text}
    if text is not None and text.startswith("/"):
        length = len(text.split()[0])
        content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    return {"message_id": 3, "date": 1, "chat": chat, "from": PERSON, **content, **more}


def turn(**content: Any) -> Turn | None:
    update = Update.de_json({"update_id": 1, **content}, None)
    return turn_of(update, ME, places=5)


def waits(chat_id: int, lane: Lane = Lane.MESSAGES, places: int = 5) -> Turn:
    return Turn(chat_id, lane, 7, places, expects_answer=True)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (message(PRIVATE, "Qui ?"), waits(7)),
        (message(PRIVATE, "/aide"), waits(7)),
        (message(PRIVATE, "/stop"), waits(7, Lane.URGENT, URGENT_PLACES)),
        (message(GROUP, "/stop@sourcier_bot"), waits(-100, Lane.URGENT, URGENT_PLACES)),
        (message(GROUP, "/question Qui ?"), waits(-100)),
        (message(GROUP, "/question@sourcier_bot Qui ?", message_thread_id=9), waits(-100)),
        # Nobody speaks to the bot.
        (message(GROUP, "Bonjour à tous"), None),
        (message(GROUP, "/question@un_autre_bot Qui ?"), None),
        (message(PRIVATE), None),
    ],
)
def test_messages_that_speak_to_the_bot_wait_in_their_chat_s_lane(
    content: dict[str, Any], expected: Turn | None
) -> None:
    assert turn(message=content) == expected


def test_a_file_sent_in_private_expects_an_answer() -> None:
    document = {"file_id": "a", "file_unique_id": "b"}
    assert turn(message=message(PRIVATE, document=document)) == waits(7)
    assert turn(message=message(GROUP, document=document)) is None


def test_buttons_and_membership_do_not_wait_for_messages() -> None:
    pressed = {
        "id": "1",
        "from": PERSON,
        "chat_instance": "1",
        "data": "x",
        "message": message(GROUP, "…"),
    }
    assert turn(callback_query=pressed) == Turn(-100, Lane.BUTTONS, 7, BUTTON_PLACES)
    member = {"status": "member", "user": {"id": 1, "is_bot": True, "first_name": "S"}}
    changed = {
        "chat": GROUP,
        "from": PERSON,
        "date": 1,
        "old_chat_member": member,
        "new_chat_member": {**member, "status": "left"},
    }
    assert turn(my_chat_member=changed) == Turn(-100, Lane.MEMBERSHIP)


@pytest.mark.parametrize(
    "content",
    [
        message({**GROUP, "id": -5}, migrate_to_chat_id=-100),
        message(GROUP, migrate_from_chat_id=-5),
    ],
)
def test_both_messages_of_a_migration_come_before_the_questions_in_the_supergroup(
    content: dict[str, Any],
) -> None:
    assert turn(message=content) == Turn(-100, Lane.MESSAGES)


@pytest.mark.parametrize("event", ["forum_topic_closed", "forum_topic_reopened"])
def test_the_fates_of_a_topic_are_noted_in_order(event: str) -> None:
    fate: dict[str, Any] = {event: {}}
    content = message(GROUP, message_thread_id=9, **fate)
    assert turn(message=content) == Turn(-100, Lane.MESSAGES)


def test_a_post_of_a_channel_waits_for_nobody() -> None:
    channel = {"id": -200, "type": "channel", "title": "Canal"}
    assert turn(channel_post=message(channel, "/abonner")) is None
