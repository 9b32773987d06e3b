"""Faults and outages a test asks of the local Bot API server."""

import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import httpx
import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    fixture_bot_client,  # noqa: F401 - fixture
)
from tests.telegram_server import EmulatorDefectError, Leniency, TelegramServer, UserHandle
from tests.telegram_server.methods import METHODS
from tests.telegram_server.methods.registry import Registered
from tests.telegram_server.parameters import Parameters
from tests.telegram_server.state import State
from tests.waiting import PATIENCE, wait_until


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice", username="alice_test")


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
    def is_back() -> bool:
        try:
            return bool(bot.call("getMe")["ok"])
        except httpx.ConnectError:
            return False

    url = server.url
    waiting = background(bot.call, "getUpdates", timeout=20)
    server.wait_for_poll()
    server.refuse_connections()
    with pytest.raises(httpx.RemoteProtocolError):
        waiting.result(PATIENCE)
    with pytest.raises(httpx.ConnectError):
        bot.call("getMe")
    server.accept_connections()
    assert server.url == url
    assert bot.call("getMe")["ok"]
    server.refuse_connections(seconds=0.3)
    wait_until(is_back)  # by itself
    assert server.url == url


def test_dropped_connections_can_be_made_again_at_once(
    server: TelegramServer, bot: BotApiClient, background: Callable[..., Future[Any]]
) -> None:
    waiting = background(bot.call, "getUpdates", timeout=20)
    server.wait_for_poll()
    server.drop_connections()
    with pytest.raises(httpx.RemoteProtocolError):
        waiting.result(PATIENCE)
    assert bot.call("getMe")["ok"]


NASTY = [
    "", "\x00", "-1", "9" * 30, "9" * 5000, "true", "null", "[]", "{}", '"\\ud800"', "\ud800",
    "[[[[]]]]", "NaN", "1e999", "@", "@a", "attach://x", "https://[::1", "https://a.b:x/",
    '{"type":"chat","chat_id":"\\ud800"}', '{"message_id":1e3}', '{"message_id":true}',
    '{"inline_keyboard":[[{"text":"a","callback_data":"\\ud800"}]]}',
    '{"inline_keyboard":[[{"text":"a","url":"https://[::1"}]]}',
    '{"inline_keyboard":7}', '{"keyboard":[[7]]}', '{"url":7}',
    '[{"type":"bold","offset":0,"length":1},7]', '[{"type":7,"offset":0,"length":1}]',
    '[{"type":"text_link","offset":0,"length":1,"url":"https://[::1"}]',
    '[{"type":"text_mention","offset":0,"length":1,"user":{}}]',
    '[{"type":"bold","offset":1e308,"length":1}]', '[{"command":7,"description":"a"}]',
]  # fmt: skip


@pytest.mark.parametrize("method", sorted(registered.name for registered in METHODS.values()))
def test_no_request_makes_the_emulator_fail(method: str) -> None:
    with TelegramServer(lenient=[Leniency.FLOOD]) as server, BotApiClient(server) as bot:
        alice = server.user()
        alice.start()
        known = METHODS[method.lower()].parameters
        for name in sorted(known):
            for value in NASTY:
                sound = {"chat_id": str(alice.id), "text": "abc", "message_id": "1001"}
                usual = {key: text for key, text in sound.items() if key in known}
                body = json.dumps(usual | {name: value})
                headers = {"content-type": "application/json"}
                path = f"/bot{server.token}/{method}"
                answer = bot.post(path, content=body.encode(), headers=headers)
                assert answer.status_code in (200, 400, 404, 409, 429), answer.text
        assert [text for text in server.refusals if "defect" in text] == []


def test_bodies_that_are_not_utf_8_are_refused(server: TelegramServer, bot: BotApiClient) -> None:
    path = f"/bot{server.token}/sendMessage"
    form = {"content-type": "application/x-www-form-urlencoded"}
    refusal = {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: strings must be encoded in UTF-8",
    }
    assert bot.post(path, content=b"text=\xff", headers=form).json() == refusal
    assert bot.post(path, content=b"text=%FF", headers=form).json() == refusal
    escaped = {"content-type": "application/json"}
    assert bot.post(path, content=rb'{"text": "\ud800"}', headers=escaped).json() == refusal
    parts = b'--b\r\ncontent-disposition: form-data; name="text"\r\n\r\n\xff\r\n--b--\r\n'
    multipart = {"content-type": "multipart/form-data; boundary=b"}
    assert bot.post(path, content=parts, headers=multipart).json() == refusal
    assert (
        bot.post(path, content=parts, headers={"content-type": "multipart/form-data"}).json()[
            "description"
        ]
        == "Bad Request: strict: multipart request without boundary"
    )
    assert (
        bot.post(path, content=b"x", headers={"content-type": "text/plain"}).json()["description"]
        == "Bad Request: strict: content type text/plain is not one of a Bot API request"
    )


def test_chunks_are_joined_and_bodies_too_large_or_no_objects_are_refused(
    server: TelegramServer, bot: BotApiClient
) -> None:
    path = f"/bot{server.token}/getMe"
    headers = {"content-type": "application/json"}
    chunked = bot.post(path, content=iter([b'{"colour"', b': "blue"}']), headers=headers)
    assert 'parameter "colour" of getMe' in chunked.json()["description"]
    raw = http.client.HTTPConnection(server.url.removeprefix("http://"))
    raw.request("POST", path, headers={"content-length": str(51 * 1024 * 1024)})
    huge = raw.getresponse()
    assert (huge.status, json.load(huge)["description"]) == (413, "Request Entity Too Large")
    raw.close()
    listed = bot.post(path, json=[1])
    assert listed.json()["description"] == "Bad Request: object expected as request"


def test_a_defect_of_the_emulator_fails_the_test_that_met_it() -> None:
    def broken(state: State, parameters: Parameters) -> None:
        raise ZeroDivisionError

    METHODS["break"] = Registered("break", frozenset(), broken)
    try:
        with (
            pytest.raises(EmulatorDefectError, match="ZeroDivisionError"),
            TelegramServer() as server,
            BotApiClient(server) as bot,
        ):
            assert bot.refusal("break") == "Internal Server Error: emulator defect"
    finally:
        del METHODS["break"]
