"""Groups, channels, topics and the bot's profile on the local Bot API server."""

from typing import Any

import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    fixture_bot_client,  # noqa: F401 - fixture
    received,
)
from tests.telegram_server import TelegramServer, UserHandle
from tests.telegram_server.model import ChatKind


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice")


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_a_bot_in_privacy_mode_sees_what_is_meant_for_it(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, kind: ChatKind
) -> None:
    group = server.group("Lecteurs", kind=kind)
    group.add(alice)
    alice.say("Avant le bot", chat=group)
    group.set_bot_status("member", by=alice)
    sent = bot.result("sendMessage", chat_id=group.id, text="Bonjour")
    [own] = group.wait_for_messages()
    assert own.message_id == sent["message_id"]
    for text in (
        "Bavardage",
        "/question Qui ?",
        "/question@other_bot Qui ?",
        "/question@sourcier_test_bot Qui ?",
        "@sourcier_test_bot qui ?",
    ):
        alice.say(text, chat=group)
    alice.say("Et alors ?", chat=group, reply_to=own)
    joined, *messages = received(bot)
    assert joined["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert [each["message"]["text"] for each in messages] == [
        "/question Qui ?",
        "/question@sourcier_test_bot Qui ?",
        "@sourcier_test_bot qui ?",
        "Et alors ?",
    ]
    group.set_bot_status("administrator", by=alice)
    alice.say("Bavardage", chat=group)
    promoted, message = received(bot)
    assert promoted["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    assert message["message"]["chat"] == {"id": group.id, "type": kind, "title": "Lecteurs"}


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_where_the_bot_is_not_it_cannot_write(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, kind: ChatKind
) -> None:
    group = server.group(kind=kind)

    def refused() -> str:
        return bot.refusal("sendMessage", chat_id=group.id, text="Bonjour")

    assert refused() == f"Forbidden: bot is not a member of the {kind} chat"
    group.set_bot_status("kicked", by=alice)
    assert refused() == f"Forbidden: bot was kicked from the {kind} chat"
    group.delete()
    assert refused() == "Forbidden: the group chat was deleted"


def test_an_upgraded_group_names_its_successor(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    group = server.group(kind="group")
    group.set_bot_status("member", by=alice)
    received(bot)
    successor = group.migrate()
    assert bot.call("sendMessage", chat_id=group.id, text="Bonjour") == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": successor.id},
    }
    old, new = (each["message"] for each in received(bot))
    assert (old["migrate_to_chat_id"], old["chat"]["id"]) == (successor.id, group.id)
    assert (new["migrate_from_chat_id"], new["chat"]["id"]) == (group.id, successor.id)
    assert bot.call("sendMessage", chat_id=successor.id, text="Bonjour")["ok"]


def test_a_channel_takes_posts_of_administrators_and_reports_its_own(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    channel = server.group("Journal", kind="channel", username="journal_test")
    channel.set_bot_status("member", by=alice)
    assert bot.refusal("sendMessage", chat_id=channel.id, text="Bonjour") == (
        "Bad Request: need administrator rights in the channel chat"
    )
    channel.set_bot_status("administrator", by=alice)
    post = bot.result("sendMessage", chat_id="@journal_test", text="Bonjour")
    assert post["sender_chat"]["id"] == channel.id
    alice.say("Une nouvelle", chat=channel)
    assert received(bot)[-1]["channel_post"]["text"] == "Une nouvelle"


def test_topics_are_written_to_by_their_thread(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    group = server.group()
    group.set_bot_status("administrator", by=alice)
    topic = group.add_topic("Économie")
    alice.say("Qui ?", chat=group, thread_id=topic.thread_id)
    message = received(bot)[-1]["message"]
    assert (message["message_thread_id"], message["is_topic_message"]) == (topic.thread_id, True)
    target = {"chat_id": group.id, "message_thread_id": topic.thread_id, "text": "Anne"}
    assert bot.result("sendMessage", **target)["message_thread_id"] == topic.thread_id
    topic.closed = True
    assert bot.refusal("sendMessage", **target) == "Bad Request: TOPIC_CLOSED"


def test_chats_and_members_are_described(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    alice.start()
    group = server.group("Lecteurs", username="lecteurs_test")
    group.add(alice, status="creator")
    group.set_bot_status("member", by=alice)
    assert bot.result("getChat", chat_id="@lecteurs_test")["title"] == "Lecteurs"
    assert bot.result("getChat", chat_id=alice.id)["first_name"] == "Alice"
    assert bot.result("getChatMemberCount", chat_id=group.id) == 2
    assert bot.result("getChatMemberCount", chat_id=alice.id) == 2

    def status(chat_id: int, user_id: int) -> str:
        found: str = bot.result("getChatMember", chat_id=chat_id, user_id=user_id)["status"]
        return found

    bruno = server.user("Bruno")
    assert status(group.id, alice.id) == "creator"
    assert status(group.id, bruno.id) == "left"
    assert status(alice.id, alice.id) == "member"
    assert bot.refusal("getChatMember", chat_id=alice.id, user_id=bruno.id) == (
        "Bad Request: member not found"
    )
    assert bot.refusal("getChatMember", chat_id=group.id, user_id=7) == (
        "Bad Request: user not found"
    )
    assert bot.refusal("getChatMember", chat_id=group.id) == (
        "Bad Request: invalid user_id specified"
    )


COMMANDS = [{"command": "aide", "description": "Ce que fait le bot"}]


def test_commands_are_kept_by_scope_and_language(bot: BotApiClient) -> None:
    private = {"type": "all_private_chats"}
    assert bot.result("setMyCommands", commands=COMMANDS) is True
    assert bot.result("getMyCommands") == COMMANDS
    assert bot.result("getMyCommands", scope=private) == []
    assert bot.result("getMyCommands", language_code="fr") == []
    assert bot.result("setMyCommands", commands=COMMANDS, scope=private, language_code="fr")
    assert bot.result("deleteMyCommands") is True
    assert bot.result("getMyCommands") == []
    assert bot.result("getMyCommands", scope=private, language_code="fr") == COMMANDS
    assert bot.result("setMyCommands", commands=[], scope=private, language_code="fr") is True
    assert bot.result("getMyCommands", scope=private, language_code="fr") == []


def command(name: str = "aide", description: str = "Aide") -> dict[str, str]:
    return {"command": name, "description": description}


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({}, "expected an Array of BotCommand"),
        ({"commands": "["}, "can't parse commands JSON object"),
        ({"commands": ["aide"]}, "can't parse BotCommand: expected an Object"),
        (
            {"commands": [{"command": "aide"}]},
            "can't parse BotCommand: Can't find field \"description\"",
        ),
        ({"commands": [command("")]}, "command must be non-empty"),
        ({"commands": [command("x" * 33)]}, "command length must not exceed 32"),
        ({"commands": [command("Aide")]}, "BOT_COMMAND_INVALID"),
        ({"commands": [command("résumé")]}, "BOT_COMMAND_INVALID"),
        ({"commands": [command("/aide")]}, "BOT_COMMAND_INVALID"),
        ({"commands": [command(description="")]}, "command description must be non-empty"),
        (
            {"commands": [command(description="x" * 257)]},
            "command description length must not exceed 256",
        ),
        ({"commands": [command(f"c{each}") for each in range(101)]}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [command(), command()]}, "strict: a command occurs twice"),
        ({"commands": COMMANDS, "language_code": "fra"}, "invalid language code specified"),
        (
            {"commands": COMMANDS, "scope": {"type": "everyone"}},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
        (
            {"commands": COMMANDS, "scope": {"type": "chat"}},
            "can't parse BotCommandScope: Can't find field \"chat_id\"",
        ),
        ({"commands": COMMANDS, "scope": {"type": "chat", "chat_id": 7}}, "chat not found"),
    ],
)
def test_commands_are_checked(
    bot: BotApiClient, parameters: dict[str, Any], description: str
) -> None:
    assert bot.refusal("setMyCommands", **parameters) == f"Bad Request: {description}"
    assert bot.result("getMyCommands") == []


@pytest.mark.parametrize(
    ("subject", "field", "limit"),
    [
        ("Name", "name", 64),
        ("Description", "description", 512),
        ("ShortDescription", "short_description", 120),
    ],
)
def test_the_bot_describes_itself_by_language(
    bot: BotApiClient, subject: str, field: str, limit: int
) -> None:
    assert bot.refusal(f"setMy{subject}", **{field: "x" * (limit + 1)}) == (
        f"Bad Request: strict: {field} exceeds {limit} characters"
    )
    assert bot.result(f"setMy{subject}", **{field: "Cite ses sources"}) is True
    assert bot.result(f"setMy{subject}", **{field: "Quotes", "language_code": "en"}) is True
    assert bot.result(f"getMy{subject}", language_code="fr") == {field: "Cite ses sources"}
    assert bot.result(f"getMy{subject}", language_code="en") == {field: "Quotes"}
