"""Forum topics and deleted messages on the local Bot API server."""

import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    button,
    fixture_bot_client,  # noqa: F401 - fixture
    keyboard,
    received,
)
from tests.telegram_server import GroupHandle, TelegramServer, UserHandle

NO_THREAD = "Bad Request: message thread not found"
CLOSED = "Bad Request: TOPIC_CLOSED"


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice")


@pytest.fixture
def forum(server: TelegramServer, alice: UserHandle) -> GroupHandle:
    forum = server.group("Forum")
    forum.make_forum()
    forum.add(alice, status="creator")
    forum.set_bot_status("member", by=alice)
    return forum


def test_a_topic_opens_with_a_service_message_that_its_messages_answer(
    bot: BotApiClient, alice: UserHandle, forum: GroupHandle
) -> None:
    topic = forum.add_topic("Économie", by=alice)
    created = received(bot)[-1]["message"]
    assert created["forum_topic_created"]["name"] == "Économie"
    assert (created["message_id"], created["chat"]["is_forum"]) == (topic.thread_id, True)
    alice.say("/question Qui ?", chat=forum, thread_id=topic.thread_id)
    got = received(bot)[-1]["message"]
    assert got["reply_to_message"] == created
    assert (got["message_thread_id"], got["is_topic_message"]) == (topic.thread_id, True)
    reply = {"message_id": got["message_id"]}
    answer = bot.result("sendMessage", chat_id=forum.id, text="Anne", reply_parameters=reply)
    assert answer["message_thread_id"] == topic.thread_id
    alice.say("Et où ?", chat=forum, reply_to=forum.bot_messages[-1])
    assert received(bot)[-1]["message"]["message_thread_id"] == topic.thread_id
    other = forum.add_topic("Sport")
    assert bot.refusal(
        "sendMessage",
        chat_id=forum.id,
        text="Anne",
        reply_parameters=reply,
        message_thread_id=other.thread_id,
    ) == ("Bad Request: strict: the message to be replied lies in another topic")


def test_general_is_no_thread_except_for_actions(
    bot: BotApiClient, alice: UserHandle, forum: GroupHandle
) -> None:
    question = alice.say("/question Qui ?", chat=forum)
    got = received(bot)[-1]["message"]
    assert {"message_thread_id", "is_topic_message"} & set(got) == set()
    assert bot.refusal("sendMessage", chat_id=forum.id, text="Anne", message_thread_id=1) == (
        NO_THREAD
    )
    action = {"chat_id": forum.id, "action": "typing"}
    assert bot.result("sendChatAction", **action, message_thread_id=1) is True
    alice.say("/question Et où ?", chat=forum, reply_to=question)
    got = received(bot)[-1]["message"]
    assert (got["message_thread_id"], "is_topic_message" in got) == (question.message_id, False)
    assert bot.refusal(
        "sendMessage", chat_id=forum.id, text="Là", message_thread_id=question.message_id
    ) == (NO_THREAD)


def test_closed_topics_take_only_who_manages_topics(
    bot: BotApiClient, alice: UserHandle, forum: GroupHandle
) -> None:
    topic = forum.add_topic("Économie")
    target = {"chat_id": forum.id, "message_thread_id": topic.thread_id, "text": "Anne"}
    forum.close_topic(topic, by=alice)
    assert "forum_topic_closed" in received(bot)[-1]["message"]
    assert bot.refusal("sendMessage", **target) == CLOSED
    forum.set_bot_status("administrator", by=alice)
    assert bot.refusal("sendMessage", **target) == CLOSED
    forum.set_bot_status("administrator", by=alice, rights=["can_manage_topics"])
    assert bot.call("sendMessage", **target)["ok"]
    forum.set_bot_status("member", by=alice)
    forum.reopen_topic(topic)
    assert "forum_topic_reopened" in received(bot)[-1]["message"]
    assert bot.call("sendMessage", **target)["ok"]
    forum.close_topic()
    assert bot.refusal("sendMessage", chat_id=forum.id, text="Anne") == CLOSED
    assert bot.call("sendMessage", **target)["ok"]


def test_a_deleted_topic_is_gone_with_its_messages(
    bot: BotApiClient, alice: UserHandle, forum: GroupHandle
) -> None:
    topic = forum.add_topic("Économie")
    target = {"chat_id": forum.id, "message_thread_id": topic.thread_id, "text": "Anne"}
    sent = bot.result("sendMessage", **target)
    received(bot)
    forum.delete_topic(topic)
    assert received(bot) == []
    assert bot.refusal("sendMessage", **target) == NO_THREAD
    assert bot.refusal(
        "sendChatAction", chat_id=forum.id, action="typing", message_thread_id=topic.thread_id
    ) == (NO_THREAD)
    assert bot.refusal(
        "editMessageText", chat_id=forum.id, message_id=sent["message_id"], text="Bruno"
    ) == ("Bad Request: message to edit not found")


def test_what_a_user_deleted_is_neither_edited_nor_replied_to(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, forum: GroupHandle
) -> None:
    markup = keyboard(button("Suite", callback_data="next"))
    sent = bot.result("sendMessage", chat_id=forum.id, text="Anne", reply_markup=markup)
    target = {"chat_id": forum.id, "message_id": sent["message_id"]}
    [message] = forum.bot_messages
    bruno = server.user("Bruno")
    with pytest.raises(ValueError, match="only own messages"):
        bruno.delete(message)
    alice.delete(message)
    assert bot.refusal("editMessageText", **target, text="x") == (
        "Bad Request: message to edit not found"
    )
    assert bot.refusal("deleteMessage", **target) == "Bad Request: message to delete not found"
    reply = {"message_id": sent["message_id"]}
    answer = {"chat_id": forum.id, "text": "Voilà"}
    assert bot.refusal("sendMessage", **answer, reply_parameters=reply) == (
        "Bad Request: message to be replied not found"
    )
    lax = reply | {"allow_sending_without_reply": True}
    assert "reply_to_message" not in bot.result("sendMessage", **answer, reply_parameters=lax)
    alice.press(message, "Suite")  # another client may still show the button
    query = received(bot)[-1]["callback_query"]
    assert query["message"] == {
        "chat": forum.chat.json(),
        "message_id": sent["message_id"],
        "date": 0,
    }


def test_the_bot_deletes_its_own_and_with_the_right_any(
    bot: BotApiClient, alice: UserHandle, forum: GroupHandle
) -> None:
    refused = "Bad Request: message can't be deleted"
    spam = alice.say("/question pub", chat=forum)
    own = bot.result("sendMessage", chat_id=forum.id, text="Anne")["message_id"]
    old = bot.result("sendMessage", chat_id=forum.id, text="Bruno")["message_id"]
    forum.chat.messages[old].date -= 48 * 3600 + 1

    def target(message_id: int) -> dict[str, int]:
        return {"chat_id": forum.id, "message_id": message_id}

    assert bot.result("deleteMessage", **target(own)) is True
    assert bot.refusal("deleteMessage", **target(old)) == refused
    assert bot.refusal("deleteMessage", **target(spam.message_id)) == refused
    opening = forum.add_topic("Économie").thread_id
    forum.set_bot_status("administrator", by=alice, rights=["can_delete_messages"])
    assert bot.result("deleteMessage", **target(old)) is True
    assert bot.result("deleteMessage", **target(spam.message_id)) is True
    assert bot.refusal("deleteMessage", **target(opening)) == refused
