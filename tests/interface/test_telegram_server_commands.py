"""Commands by scope on the local Bot API server: what is refused, what a reader is shown."""

from typing import Any

import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    fixture_bot_client,  # noqa: F401 - fixture
)
from tests.telegram_server import GroupHandle, TelegramServer, UserHandle


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    user = server.user("Alice")
    user.start()
    return user


@pytest.fixture
def group(server: TelegramServer, alice: UserHandle) -> GroupHandle:
    group = server.group("Lecteurs", username="lecteurs_test")
    group.add(alice, status="administrator")
    group.set_bot_status("member", by=alice)
    return group


def store(bot: BotApiClient, name: str, language: str = "", **scope: Any) -> None:
    commands = [{"command": name, "description": "Une commande"}]
    assert bot.result("setMyCommands", commands=commands, scope=scope, language_code=language)


def test_the_narrowest_scope_that_has_commands_is_shown(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    bruno = server.user("Bruno", language_code="en")
    group.add(bruno)

    def shown() -> tuple[str, ...]:
        lists = (
            server.commands_shown(alice),
            server.commands_shown(alice, group),
            server.commands_shown(bruno, group),
        )
        return tuple(each[0]["command"] if each else "" for each in lists)

    assert shown() == ("", "", "")
    store(bot, "default", type="default")
    assert shown() == ("default",) * 3
    store(bot, "french", "fr", type="default")
    assert shown() == ("french", "french", "default")
    store(bot, "groups", type="all_group_chats")
    store(bot, "private", type="all_private_chats")
    assert shown() == ("private", "groups", "groups")
    store(bot, "administrators", type="all_chat_administrators")
    assert shown() == ("private", "administrators", "groups")
    store(bot, "here", type="chat", chat_id="@lecteurs_test")
    assert shown() == ("private", "here", "here")
    store(bot, "leaders", type="chat_administrators", chat_id=group.id)
    store(bot, "own", type="chat", chat_id=alice.id)
    assert shown() == ("own", "leaders", "here")
    store(bot, "bruno", type="chat_member", chat_id=group.id, user_id=bruno.id)
    assert shown() == ("own", "leaders", "bruno")
    by_number = {"type": "chat", "chat_id": group.id}
    assert bot.result("getMyCommands", scope=by_number)[0]["command"] == "here"
    assert bot.result("deleteMyCommands", scope=by_number) is True
    assert server.commands_shown(server.user("Chloé"), group)[0]["command"] == "groups"


@pytest.mark.parametrize(
    ("scope", "description"),
    [
        ({"type": "chat", "chat_id": "@nobody_here"}, "chat not found"),
        ({"type": "chat", "chat_id": 1.5}, "can't parse BotCommandScope: Can't find field"),
        ({"type": "chat_member", "chat_id": "@lecteurs_test"}, "can't parse BotCommandScope"),
        ({"type": "chat_member", "chat_id": "@lecteurs_test", "user_id": 7}, "user not found"),
        ({"type": "default", "chat_id": 7}, "strict: can't parse BotCommandScope: field"),
    ],
)
def test_scopes_of_what_is_not_there_are_refused(
    bot: BotApiClient, group: GroupHandle, scope: dict[str, Any], description: str
) -> None:
    for method in ("setMyCommands", "getMyCommands", "deleteMyCommands"):
        values: dict[str, Any] = {"commands": []} if method == "setMyCommands" else {}
        assert bot.refusal(method, scope=scope, **values).startswith(f"Bad Request: {description}")


def test_a_private_chat_has_no_administrators_to_command(
    bot: BotApiClient, alice: UserHandle
) -> None:
    for scope in (
        {"type": "chat_administrators", "chat_id": alice.id},
        {"type": "chat_member", "chat_id": alice.id, "user_id": alice.id},
    ):
        assert bot.refusal("getMyCommands", scope=scope) == (
            "Bad Request: can't use specified scope in private chats"
        )
