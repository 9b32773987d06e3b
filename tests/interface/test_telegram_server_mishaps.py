"""Mishaps on the local Bot API server while a bot answers: migration, bots, clients that die."""

import socket
import time
from typing import Any

import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    button,
    fixture_bot_client,  # noqa: F401 - fixture
    keyboard,
    received,
)
from tests.telegram_server import TelegramServer, UserHandle


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice")


def test_a_group_that_migrates_sends_every_call_to_its_successor(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    group = server.group("Lecteurs", kind="group")
    group.add(alice, status="creator")
    group.set_bot_status("administrator", by=alice, rights=["can_delete_messages"])
    question = alice.say("Qui ?", chat=group)
    markup = keyboard(button("Suite", callback_data="2"))
    sent = bot.result("sendMessage", chat_id=group.id, text="Un", reply_markup=markup)
    [message] = group.bot_messages
    query = alice.press(message, "Suite")
    successor = group.migrate()
    target = {"chat_id": group.id, "message_id": sent["message_id"]}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("sendMessage", {"chat_id": group.id, "text": "Deux"}),
        ("sendChatAction", {"chat_id": group.id, "action": "typing"}),
        ("editMessageText", {**target, "text": "Deux"}),
        ("editMessageReplyMarkup", target),
        ("deleteMessage", target),
    ]
    for method, values in calls:
        assert bot.call(method, **values) == {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": successor.id},
        }
    assert bot.result("answerCallbackQuery", callback_query_id=query.id) is True
    reply = {"message_id": question.message_id}
    assert bot.refusal(
        "sendMessage", chat_id=successor.id, text="Deux", reply_parameters=reply
    ) == ("Bad Request: message to be replied not found")
    lead = bot.result("getChatMember", chat_id=successor.id, user_id=server.state.bot.id)
    assert (lead["status"], lead["can_delete_messages"]) == ("administrator", True)
    assert (lead["can_pin_messages"], successor.chat.title) == (False, "Lecteurs")


def test_a_button_of_a_group_is_pressed_by_anybody_in_it(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    group = server.group()
    group.set_bot_status("member", by=alice)
    markup = keyboard(button("Suite", callback_data="é" * 32))
    bot.result("sendMessage", chat_id=group.id, text="Un", reply_markup=markup)
    bruno = server.user("Bruno")
    bruno.press(group.bot_messages[0], "Suite")
    query = received(bot)[-1]["callback_query"]
    assert (query["from"]["id"], query["data"]) == (bruno.id, "é" * 32)
    assert query["message"]["reply_markup"] == markup
    answer = {"callback_query_id": query["id"], "text": "x" * 200}
    assert bot.result("answerCallbackQuery", **answer) is True


def test_bots_are_not_written_to(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    alice.start()
    alice.user.is_bot = True
    assert bot.refusal("sendMessage", chat_id=alice.id, text="Bonjour") == (
        "Forbidden: bot can't send messages to bots"
    )


@pytest.mark.parametrize("sent", ["head", "half the body", "whole request"])
def test_a_client_that_dies_leaves_the_server_in_order(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, sent: str
) -> None:
    alice.start()
    body = f"chat_id={alice.id}&text=Bonjour".encode()
    head = (
        f"POST /bot{server.token}/sendMessage HTTP/1.1\r\nHost: x\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    parts = {"head": head, "half the body": head + body[:-3], "whole request": head + body}
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(parts[sent])
        if sent != "whole request":
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(100) == b""
    if sent == "whole request":
        assert len(alice.private_chat().wait_for_messages()) == 1
    else:
        time.sleep(0.05)
        assert alice.private_chat().bot_messages == []
    assert bot.call("sendMessage", chat_id=alice.id, text="Encore")["ok"]


def test_a_poll_of_a_client_that_died_loses_no_update(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    port = int(server.url.rpartition(":")[2])
    path = f"GET /bot{server.token}/getUpdates?timeout=20 HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(path.encode())
        server.wait_for_poll()
    alice.say("Bonjour")
    assert [each["message"]["text"] for each in received(bot)] == ["Bonjour"]
