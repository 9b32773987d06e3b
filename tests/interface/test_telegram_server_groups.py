"""Groups and channels on the local Bot API server: rights, anonymous senders, linked channels."""

from typing import Any

import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    fixture_bot_client,  # noqa: F401 - fixture
    received,
)
from tests.telegram_server import GroupHandle, TelegramServer, UserHandle

NO_RIGHT = "Bad Request: not enough rights to send text messages to the chat"


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice", last_name="Martin")


@pytest.fixture
def group(server: TelegramServer, alice: UserHandle) -> GroupHandle:
    group = server.group("Lecteurs")
    group.add(alice, status="creator")
    group.set_bot_status("member", by=alice)
    return group


def last(bot: BotApiClient, kind: str = "message") -> dict[str, Any]:
    """Return the content of the last update, which must be of a kind."""
    found: dict[str, Any] = received(bot)[-1][kind]
    return found


def test_administrators_are_listed_with_their_rights(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    bruno, chloe = server.user("Bruno"), server.user("Chloé")
    group.add(
        bruno, status="administrator", rights=["can_pin_messages"], anonymous=True,
        custom_title="Veilleur",
    )  # fmt: skip
    group.add(chloe)
    group.set_bot_status("administrator", by=alice)
    found = {
        each["user"]["id"]: each for each in bot.result("getChatAdministrators", chat_id=group.id)
    }
    assert set(found) == {alice.id, bruno.id, server.state.bot.id}
    assert found[alice.id] == {
        "status": "creator",
        "user": alice.user.json(),
        "is_anonymous": False,
    }
    rights = {name for name, granted in found[bruno.id].items() if granted is True}
    assert rights == {"is_anonymous", "can_pin_messages"}
    assert found[bruno.id]["custom_title"] == "Veilleur"
    assert found[server.state.bot.id]["can_delete_messages"] is True
    assert "can_post_messages" not in found[server.state.bot.id]
    assert bot.result("getChatMember", chat_id=group.id, user_id=chloe.id) == {
        "status": "member",
        "user": chloe.user.json(),
    }
    with pytest.raises(ValueError, match="no right can_post_messages"):
        group.add(bruno, status="administrator", rights=["can_post_messages"])


def test_members_are_hidden_from_a_bot_that_may_not_look(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    alice.start()
    channel = server.group("Journal", kind="channel")
    channel.set_bot_status("member", by=alice)
    group.set_bot_status("kicked", by=alice)

    def refused(method: str, chat_id: int) -> str:
        user = {"user_id": alice.id} if method == "getChatMember" else {}
        return bot.refusal(method, chat_id=chat_id, **user)

    assert refused("getChatAdministrators", alice.id) == (
        "Bad Request: there are no administrators in the private chat"
    )
    for method in ("getChatAdministrators", "getChatMember"):
        assert refused(method, channel.id) == "Bad Request: member list is inaccessible"
    kicked = "Forbidden: bot was kicked from the supergroup chat"
    for method in ("getChat", "getChatAdministrators", "getChatMember", "getChatMemberCount"):
        assert refused(method, group.id) == kicked
    group.set_bot_status("left", by=alice)
    assert refused("getChat", group.id) == "Forbidden: bot is not a member of the supergroup chat"


def test_a_restricted_bot_may_not_write_but_edits_and_looks(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    sent = bot.result("sendMessage", chat_id=group.id, text="Bonjour")["message_id"]
    group.restrict_bot(by=alice)
    assert bot.refusal("sendMessage", chat_id=group.id, text="Encore") == NO_RIGHT
    assert bot.refusal("sendChatAction", chat_id=group.id, action="typing") == (
        "Bad Request: CHAT_WRITE_FORBIDDEN"
    )
    assert bot.result("editMessageText", chat_id=group.id, message_id=sent, text="Corrigé")
    change = received(bot)[-1]["my_chat_member"]["new_chat_member"]
    assert (change["status"], change["can_send_messages"]) == ("restricted", False)
    assert (change["can_send_documents"], change["is_member"]) == (True, True)
    upload = {"document": ("a.txt", b"a", "text/plain")}
    path = f"/bot{server.token}/sendDocument"
    assert bot.post(path, data={"chat_id": str(group.id)}, files=upload).json()["ok"]
    group.restrict_bot(by=alice, refused=["can_send_documents"])
    assert bot.post(path, data={"chat_id": str(group.id)}, files=upload).json()["description"] == (
        "Bad Request: not enough rights to send documents to the chat"
    )
    group.set_bot_status("member", by=alice)
    group.set_permissions([])
    assert bot.refusal("sendMessage", chat_id=group.id, text="Encore") == NO_RIGHT
    group.set_bot_status("administrator", by=alice, rights=[])
    assert bot.call("sendMessage", chat_id=group.id, text="Encore")["ok"]


def test_a_channel_wants_the_right_to_post(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    channel = server.group("Journal", kind="channel")
    channel.set_bot_status("administrator", by=alice, rights=["can_edit_messages"])
    member = received(bot)[-1]["my_chat_member"]["new_chat_member"]
    assert (member["can_post_messages"], member["can_edit_messages"]) == (False, True)
    assert bot.refusal("sendMessage", chat_id=channel.id, text="Bonjour") == (
        "Bad Request: need administrator rights in the channel chat"
    )


def test_anonymous_administrators_write_as_the_group(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    group.add(alice, status="creator", anonymous=True, custom_title="Rédaction")
    message = alice.say("/abonner", chat=group)
    got = last(bot)
    assert got["from"] == {
        "id": 1087968824,
        "is_bot": True,
        "first_name": "Group",
        "username": "GroupAnonymousBot",
    }
    assert got["sender_chat"] == got["chat"] == group.chat.json()
    assert got["author_signature"] == "Rédaction"
    alice.edit(message, "/abonner 8h")
    assert last(bot, "edited_message")["sender_chat"]["id"] == group.id
    status = bot.result("getChatMember", chat_id=group.id, user_id=1087968824)["status"]
    assert status == "left"
    with pytest.raises(ValueError, match="only administrators write as the group"):
        server.user("Bruno").say("/abonner", chat=group, as_chat=group)


def test_a_member_writes_as_a_channel(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    channel = server.group("Carnet", kind="channel")
    alice.say("/question Qui ?", chat=group, as_chat=channel)
    got = last(bot)
    assert (got["from"]["id"], got["from"]["username"]) == (136817688, "Channel_Bot")
    assert got["sender_chat"]["id"] == channel.id
    assert "is_automatic_forward" not in got


def test_posts_of_a_channel_are_signed_only_if_it_signs(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    channel = server.group("Journal", kind="channel")
    channel.set_bot_status("administrator", by=alice)
    alice.say("Une nouvelle", chat=channel)
    post = last(bot, "channel_post")
    assert ("from" in post, "author_signature" in post) == (False, False)
    assert post["sender_chat"] == post["chat"] == channel.chat.json()
    channel.chat.signs_posts = True
    signed = alice.say("Une autre", chat=channel)
    assert last(bot, "channel_post")["author_signature"] == "Alice Martin"
    alice.edit(signed, "Une autre, corrigée")
    assert last(bot, "edited_channel_post")["text"] == "Une autre, corrigée"


def test_posts_are_forwarded_to_the_discussion_group(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    channel = server.group("Journal", kind="channel")
    channel.set_bot_status("administrator", by=alice)
    group.link(channel)
    assert bot.result("getChat", chat_id=group.id)["linked_chat_id"] == channel.id
    received(bot)
    alice.say("/question Qui ?", chat=channel)
    post, forwarded = (each.popitem()[1] for each in received(bot))
    assert forwarded["from"] == {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    assert (forwarded["sender_chat"], forwarded["chat"]["id"]) == (post["chat"], group.id)
    assert forwarded["is_automatic_forward"] is True
    assert forwarded["forward_origin"] == {
        "type": "channel",
        "date": post["date"],
        "chat": post["chat"],
        "message_id": post["message_id"],
    }
    comment = alice.say("/question Et où ?", chat=group, reply_to=group.messages[-1])
    got = last(bot)
    assert (got["message_thread_id"], "is_topic_message" in got) == (
        forwarded["message_id"],
        False,
    )
    assert bot.refusal(
        "sendMessage", chat_id=group.id, text="Là", message_thread_id=got["message_thread_id"]
    ) == ("Bad Request: message thread not found")
    reply = bot.result(
        "sendMessage",
        chat_id=group.id,
        text="Là",
        reply_parameters={"message_id": comment.message_id},
    )
    assert reply["message_thread_id"] == forwarded["message_id"]
    bot.result("sendMessage", chat_id=channel.id, text="Le résumé")
    assert group.messages[-1].is_automatic_forward


def test_changes_of_members_come_only_to_an_administrator_that_asked(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    bruno = server.user("Bruno")
    group.set_bot_status("administrator", by=alice)
    received(bot)
    group.set_status(bruno, "administrator", by=alice)
    assert received(bot) == []
    bot.result("getUpdates", allowed_updates=["message", "chat_member"])
    group.set_status(bruno, "member", by=alice)
    change = last(bot, "chat_member")
    assert change["old_chat_member"]["status"] == "administrator"
    assert change["new_chat_member"] == {"status": "member", "user": bruno.user.json()}
    group.set_bot_status("member", by=alice)
    group.set_status(bruno, "left", by=alice)
    assert received(bot) == []


def test_the_bot_leaves_and_is_told_so(
    bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    assert bot.result("leaveChat", chat_id=group.id) is True
    assert last(bot, "my_chat_member")["new_chat_member"]["status"] == "left"
    assert bot.refusal("leaveChat", chat_id=group.id) == (
        "Forbidden: bot is not a member of the supergroup chat"
    )


def test_a_start_group_link_brings_the_bot_and_its_command(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    group = server.group()
    group.add(alice)
    alice.add_bot(group, "abonner")
    added, joined, command = received(bot)
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert joined["message"]["new_chat_members"] == [server.state.bot.json()]
    assert command["message"]["text"] == "/start@sourcier_test_bot abonner"
    restricted = server.user("Bruno")
    group.restrict(restricted)
    with pytest.raises(ValueError, match="restricted"):
        restricted.say("Bonjour", chat=group)


def test_places_from_before_the_test_come_without_updates(
    server: TelegramServer, bot: BotApiClient
) -> None:
    channel = server.group("Journal", kind="channel")
    channel.admit_bot("administrator", rights=["can_post_messages"])
    bruno = server.user("Bruno", started=True)
    for chat_id in (channel.id, bruno.id):
        assert bot.call("sendMessage", chat_id=chat_id, text="Bonjour")["ok"]
    assert received(bot) == []
    assert bot.refusal("sendChatAction", chat_id=channel.id, action="typing") == (
        "Bad Request: strict: Telegram shows no chat action in a channel"
    )
