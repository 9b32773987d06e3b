"""Webhooks of the local Bot API server, and updates that come twice."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    button,
    fixture_bot_client,  # noqa: F401 - fixture
    keyboard,
    received,
)
from tests.telegram_server import Leniency, TelegramServer, UserHandle
from tests.waiting import PATIENCE, wait_until

Answer = tuple[int, dict[str, str], bytes]


class Hook:
    """A bot's end of a webhook: keeps what came, answers what a test wants."""

    def __init__(self) -> None:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                if hook.closed:  # a connection kept alive outlives its server
                    self.close_connection = True
                    return
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with hook.changed:
                    hook.posts.append((self.path, dict(self.headers), body))
                    hook.changed.notify_all()
                status, headers, content = hook.answer(body)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - overrides
                pass

        self.posts: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.closed = False
        self.changed = threading.Condition()
        self.answer: Callable[[dict[str, Any]], Answer] = lambda _: (200, {}, b"")
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/hook?x=1"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.closed = True
        self._http.shutdown()
        self._http.server_close()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, _, update in self.posts]

    def wait_for(self, count: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.posts) >= count, PATIENCE), self.posts


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    yield hook
    hook.close()


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer(lenient=[Leniency.HTTP_WEBHOOK]) as running:
        running.webhooks.timing.first_delay = 0.02
        yield running


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice")


def test_updates_are_posted_with_the_secret(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, hook: Hook
) -> None:
    early = alice.say("Avant")
    assert bot.result("setWebhook", url=hook.url, secret_token="s3cret") is True
    assert bot.call("setWebhook", url=hook.url, secret_token="s3cret")["description"] == (
        "Webhook is already set"
    )
    late = alice.say("Après")
    server.wait_until_confirmed()
    assert [update for _, _, update in hook.posts] == [
        {"update_id": message.update_id, "message": message.json()} for message in (early, late)
    ]
    path, headers, _ = hook.posts[0]
    assert (path, headers["X-Telegram-Bot-Api-Secret-Token"]) == ("/hook?x=1", "s3cret")
    assert headers["Content-Type"] == "application/json"
    assert bot.refusal("getUpdates").startswith("Conflict: can't use getUpdates method while")
    assert bot.result("getWebhookInfo") == {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 40,
    }
    bot.result("deleteWebhook")
    alice.say("Ensuite")
    assert [each["message"]["text"] for each in received(bot)] == ["Ensuite"]
    assert hook.texts() == ["Avant", "Après"]


def test_an_update_comes_again_until_it_is_taken_and_holds_back_its_chat_only(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, hook: Hook
) -> None:
    bruno = server.user("Bruno")
    refusing = threading.Event()
    refusing.set()

    def answer(update: dict[str, Any]) -> Answer:
        refused = update["message"]["text"] == "un" and refusing.is_set()
        return (500 if refused else 204), {}, b""

    hook.answer = answer
    server.webhooks.timing.first_delay = 0.1
    for text in ("un", "deux"):
        alice.say(text)
    bruno.say("autre")
    bot.result("setWebhook", url=hook.url)
    hook.wait_for(4)
    wait_until(lambda: bot.result("getWebhookInfo")["pending_update_count"] == 2)
    info = bot.result("getWebhookInfo")
    assert abs(info["last_error_date"] - time.time()) < 60
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )
    refusing.clear()
    server.wait_until_confirmed()
    texts = hook.texts()
    assert texts.count("un") >= 4
    assert [text for text in texts if text != "un"] == ["autre", "deux"]
    assert texts[-1] == "deux"


def test_a_server_that_asks_to_wait_or_is_away_gets_its_update_later(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, hook: Hook
) -> None:
    answers: list[Answer] = [(503, {"Retry-After": "1"}, b""), (200, {}, b"")]
    hook.answer = lambda _: answers.pop(0)
    alice.say("un")
    began = time.monotonic()
    bot.result("setWebhook", url=hook.url)
    server.wait_until_confirmed()
    assert time.monotonic() - began >= 1.0
    hook.close()
    alice.say("deux")
    wait_until(
        lambda: bot.result("getWebhookInfo").get("last_error_message") == "Connection refused"
    )
    assert bot.result("getWebhookInfo")["pending_update_count"] == 1
    bot.result("deleteWebhook", drop_pending_updates=True)
    assert "last_error_message" not in bot.result("getWebhookInfo")
    assert received(bot) == []


def test_no_more_connections_than_asked_for(
    server: TelegramServer, bot: BotApiClient, hook: Hook
) -> None:
    gate = threading.Event()
    at_once, most, lock = 0, 0, threading.Lock()

    def answer(update: dict[str, Any]) -> Answer:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        gate.wait(PATIENCE)
        with lock:
            at_once -= 1
        return 200, {}, b""

    hook.answer = answer
    for number in range(6):
        user = server.user(f"Lecteur {number}")
        user.say("un")
        user.say("deux")
    bot.result("setWebhook", url=hook.url, max_connections=3)
    hook.wait_for(3)
    time.sleep(0.1)
    assert len(hook.posts) == 3
    gate.set()
    server.wait_until_confirmed()
    assert (len(hook.posts), most) == (12, 3)


def test_an_answer_may_name_a_method_to_call(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, hook: Hook
) -> None:
    reply = {"method": "sendMessage", "chat_id": alice.id, "text": "Bonjour"}
    hook.answer = lambda _: (
        200,
        {"Content-Type": "application/json"},
        json.dumps(reply).encode(),
    )
    bot.result("setWebhook", url=hook.url)
    alice.say("Salut")
    [message] = alice.private_chat().wait_for_messages()
    assert message.text == "Bonjour"


def test_pending_updates_are_dropped_on_demand(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, hook: Hook
) -> None:
    alice.say("un")
    bot.result("setWebhook", url=hook.url, drop_pending_updates=True)
    alice.say("deux")
    server.wait_until_confirmed()
    assert hook.texts() == ["deux"]


@pytest.mark.parametrize(
    ("url", "description"),
    [
        ("http://93.184.216.34/hook", "An HTTPS URL must be provided for webhook"),
        ("https://127.0.0.1/hook", "IP address 127.0.0.1 is reserved"),
        ("https://10.0.0.7:8443/hook", "IP address 10.0.0.7 is reserved"),
        ("https://localhost/hook", "Failed to resolve host: Name or service not known"),
    ],
)
def test_leniency_opens_only_the_loopback_interface(
    bot: BotApiClient, url: str, description: str
) -> None:
    assert bot.refusal("setWebhook", url=url) == f"Bad Request: bad webhook: {description}"


def test_an_update_may_come_twice(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, hook: Hook
) -> None:
    alice.start()
    markup = keyboard(button("Suite", callback_data="2"))
    bot.result("sendMessage", chat_id=alice.id, text="Un", reply_markup=markup)
    first = alice.say("Qui ?")
    query = alice.press(alice.private_chat().bot_messages[0], "Suite")
    before = received(bot)
    later = alice.say("Et où ?")
    server.redeliver(first)
    server.redeliver(query)
    again = bot.result("getUpdates", offset=before[-1]["update_id"] + 1)
    assert again[:2] == before[1:]
    assert [each["update_id"] for each in again[2:]] == [later.update_id]
    assert [each["update_id"] for each in received(bot)] == [later.update_id]
    bot.result("setWebhook", url=hook.url)
    server.redeliver(first)
    server.wait_until_confirmed()
    assert [update for _, _, update in hook.posts] == [before[1]]
    with pytest.raises(ValueError, match="nothing was delivered"):
        server.redeliver(alice.private_chat().bot_messages[0])
