"""Faults and outages a test asks of the local Bot API server."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.interface.bot_api_client import BotApiClient
from tests.telegram_server import TelegramServer, UserHandle


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as running:
        yield running


@pytest.fixture
def bot(server: TelegramServer) -> Iterator[BotApiClient]:
    with BotApiClient(server) as client:
        yield client


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice", username="alice_test")


@pytest.fixture
def background() -> Iterator[Callable[..., Future[Any]]]:
    with ThreadPoolExecutor(4) as pool:
        yield pool.submit


def test_faults_strike_the_calls_they_name_and_no_other(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    bruno = server.user("Bruno")
    alice.start()
    bruno.start()
    server.faults.add(method="sendMessage", chat=alice, retry_after=3, times=2, skip=1)

    def send(user: UserHandle) -> dict[str, Any]:
        return bot.call("sendMessage", chat_id=user.id, text="Bonjour")

    assert send(alice)["ok"]
    assert send(bruno)["ok"]
    flood = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }
    assert [send(alice), send(alice)] == [flood, flood]
    assert send(alice)["ok"]
    server.faults.add(error=500, times=None)
    assert bot.refusal("getMe") == "Internal Server Error: restart"
    server.faults.clear()
    assert bot.call("getMe")["ok"]
    assert server.refusals == [flood["description"]] * 2 + ["Internal Server Error: restart"]


def test_a_connection_dropped_before_or_after_the_method_differs_in_what_the_chat_holds(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    alice.start()
    chat = alice.private_chat()
    for moment, expected in (("before", 0), ("after", 1)):
        server.faults.add(method="sendMessage", drop="before" if moment == "before" else "after")
        with pytest.raises(httpx.RemoteProtocolError):
            bot.call("sendMessage", chat_id=alice.id, text="Bonjour")
        assert len(chat.bot_messages) == expected
    assert [call.response for call in server.calls_of("sendMessage")] == [None, None]


def test_a_fault_may_slow_down_or_answer_what_is_not_json(
    server: TelegramServer, bot: BotApiClient
) -> None:
    server.faults.add(method="getMe", delay=0.2)
    began = time.monotonic()
    assert bot.call("getMe")["ok"]
    assert time.monotonic() - began > 0.19
    server.faults.add(body=b"<html>Bad Gateway</html>")
    answer = bot.get(f"/bot{server.token}/getMe")
    assert (answer.status_code, answer.text) == (200, "<html>Bad Gateway</html>")


def test_an_outage_refuses_connections_and_ends_on_the_same_port(
    server: TelegramServer, bot: BotApiClient, background: Callable[..., Future[Any]]
) -> None:
    url = server.url
    waiting = background(bot.call, "getUpdates", timeout=20)
    time.sleep(0.1)
    server.refuse_connections(seconds=0.3)
    with pytest.raises(httpx.RemoteProtocolError):
        waiting.result(timeout=5)
    with pytest.raises(httpx.ConnectError):
        bot.call("getMe")
    time.sleep(0.5)
    assert server.url == url
    assert bot.call("getMe")["ok"]
    server.refuse_connections()
    server.accept_connections()
    assert bot.call("getMe")["ok"]


def test_dropped_connections_can_be_made_again_at_once(
    server: TelegramServer, bot: BotApiClient, background: Callable[..., Future[Any]]
) -> None:
    waiting = background(bot.call, "getUpdates", timeout=20)
    time.sleep(0.1)
    server.drop_connections()
    with pytest.raises(httpx.RemoteProtocolError):
        waiting.result(timeout=5)
    assert bot.call("getMe")["ok"]
