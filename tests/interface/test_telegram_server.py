"""The wire of the local Bot API server: bodies, tokens, updates, records."""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    fixture_bot_client,  # noqa: F401 - fixture
)
from tests.telegram_server import Leniency, TelegramServer, UserHandle, WaitTimeoutError
from tests.telegram_server.updates import FIRST_UPDATE_ID
from tests.waiting import PATIENCE

CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice", username="alice_test")


def test_get_me_describes_the_bot_of_the_token(bot: BotApiClient) -> None:
    assert bot.call("getMe") == {
        "ok": True,
        "result": {
            "id": 123456789,
            "is_bot": True,
            "first_name": "Sourcier",
            "username": "sourcier_test_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        },
    }


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot{token}/sendTelepathy", 404, "Not Found: method not found"),
        ("/bot{token}x/getMe", 401, "Unauthorized"),
        ("/bot987654321:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/getMe", 401, "Unauthorized"),
        ("/botnonsense/getMe", 404, "Not Found"),
        ("/bot/getMe", 404, "Not Found"),
        ("/bot{token}", 404, "Not Found"),
        ("/elsewhere", 404, "Not Found"),
        ("/file/bot{token}/documents/file_1.txt", 404, "Not Found"),
        ("/file/bot{token}x/documents/file_1.txt", 401, "Unauthorized"),
    ],
)
def test_tokens_methods_and_paths_are_checked(
    server: TelegramServer, bot: BotApiClient, path: str, status: int, description: str
) -> None:
    answer = bot.get(path.format(token=server.token))
    assert answer.status_code == status
    assert answer.json() == {"ok": False, "error_code": status, "description": description}


def test_bodies_of_all_kinds_mean_the_same(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    alice.start()
    path = f"/bot{server.token}/sendMessage"
    values = {"chat_id": alice.id, "text": "« Été », 50 % & +33"}
    entities = [{"type": "bold", "offset": 0, "length": 3}]
    encoded = {"chat_id": str(alice.id), "text": values["text"], "entities": json.dumps(entities)}
    requests: list[dict[str, Any]] = [
        {"data": encoded},
        {"files": {name: (None, str(value)) for name, value in encoded.items()}},
        {"json": values | {"entities": entities}},
        {"params": encoded},
        {"json": values | {"entities": json.dumps(entities)}},
    ]
    answers = [bot.post(path, **request).json() for request in requests]
    shown = [(each["result"]["text"], each["result"]["entities"]) for each in answers]
    assert shown == [(values["text"], entities)] * len(requests)


def test_method_names_are_matched_without_regard_to_case(bot: BotApiClient) -> None:
    assert bot.result("GETME")["is_bot"] is True


def test_a_body_that_is_not_json_is_refused(server: TelegramServer, bot: BotApiClient) -> None:
    answer = bot.post(
        f"/bot{server.token}/getMe", content=b"{", headers={"content-type": "application/json"}
    )
    assert answer.json()["description"] == "Bad Request: can't parse JSON in the request"


def test_unknown_parameters_are_refused_unless_asked_otherwise(
    server: TelegramServer, bot: BotApiClient
) -> None:
    assert bot.refusal("getMe", colour="blue") == (
        'Bad Request: strict: parameter "colour" of getMe is unknown or not emulated'
    )
    server.state.lenient.add(Leniency.UNKNOWN_PARAMETERS)
    assert bot.call("getMe", colour="blue")["ok"]


def test_a_long_poll_returns_as_soon_as_a_user_writes(
    server: TelegramServer,
    bot: BotApiClient,
    alice: UserHandle,
    background: Callable[..., Future[Any]],
) -> None:
    delays = []
    for number in range(5):
        waiting = background(bot.result, "getUpdates", timeout=20, offset=FIRST_UPDATE_ID + number)
        server.wait_for_poll()
        assert not waiting.done()
        question = alice.say(f"Question {number} ?")
        [update] = waiting.result(PATIENCE)
        delays.append(time.monotonic() - question.sent_at)
        assert update == {
            "update_id": FIRST_UPDATE_ID + number,
            "message": question.json(),
        }
    assert min(delays) < 5  # well before the end of the poll


def test_a_long_poll_without_news_returns_after_its_timeout(bot: BotApiClient) -> None:
    began = time.monotonic()
    assert bot.result("getUpdates", timeout=1) == []
    assert 0.9 < time.monotonic() - began < 30


def test_an_update_comes_again_until_an_offset_confirms_it(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    for text in ("un", "deux", "trois"):
        alice.say(text)

    def texts(**parameters: int) -> list[str]:
        return [each["message"]["text"] for each in bot.result("getUpdates", **parameters)]

    assert texts(limit=2) == ["un", "deux"]
    assert texts() == ["un", "deux", "trois"]
    assert texts(offset=FIRST_UPDATE_ID + 1) == ["deux", "trois"]
    assert texts() == ["deux", "trois"]
    assert texts(offset=-1) == ["trois"]
    assert texts(offset=FIRST_UPDATE_ID + 3) == []
    server.wait_until_confirmed()


def test_a_second_long_poll_terminates_the_first(
    server: TelegramServer,
    bot: BotApiClient,
    alice: UserHandle,
    background: Callable[..., Future[Any]],
) -> None:
    first = background(bot.call, "getUpdates", timeout=20)
    server.wait_for_poll()
    second = background(bot.call, "getUpdates", timeout=20)
    assert first.result(PATIENCE) == {"ok": False, "error_code": 409, "description": CONFLICT}
    alice.say("Bonjour")
    assert len(second.result(PATIENCE)["result"]) == 1


def test_only_the_allowed_updates_are_queued(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    assert bot.result("getUpdates", allowed_updates=["edited_message"]) == []
    message = alice.say("Bonjour")
    alice.edit(message, "Bonsoir")
    alice.block_bot()
    [update] = bot.result("getUpdates")
    assert update["edited_message"]["text"] == "Bonsoir"
    assert bot.result("getWebhookInfo")["allowed_updates"] == ["edited_message"]
    assert bot.result("getUpdates", allowed_updates=[], offset=-1) != []
    alice.unblock_bot()
    assert "my_chat_member" in bot.result("getUpdates", offset=-1)[0]


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"limit": 0}, 'parameter "limit" is outside 1..100, Telegram would clamp it'),
        ({"timeout": 51}, 'parameter "timeout" is outside 0..50, Telegram would clamp it'),
        ({"offset": "next"}, 'parameter "offset" must be an Integer'),
        ({"allowed_updates": ["mesage"]}, 'Telegram ignores the update type "mesage"'),
        (
            {"allowed_updates": "message"},
            None,
        ),
    ],
)
def test_polls_that_telegram_would_repair_are_refused(
    bot: BotApiClient, parameters: dict[str, Any], description: str | None
) -> None:
    expected = (
        f"Bad Request: strict: {description}"
        if description
        else "Bad Request: can't parse allowed updates JSON object"
    )
    assert bot.refusal("getUpdates", **parameters) == expected


def test_a_webhook_excludes_polling_and_deleting_it_restores_polling(
    server: TelegramServer,
    bot: BotApiClient,
    alice: UserHandle,
    background: Callable[..., Future[Any]],
) -> None:
    waiting = background(bot.call, "getUpdates", timeout=20)
    server.wait_for_poll()
    assert bot.call("setWebhook", url="https://example.org/hook", secret_token="s-1") == {
        "ok": True,
        "result": True,
        "description": "Webhook was set",
    }
    assert waiting.result(PATIENCE)["description"] == ("Conflict: terminated by setWebhook request")
    assert bot.call("getUpdates") == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    }
    alice.say("Bonjour")
    assert bot.result("getWebhookInfo") == {
        "url": "https://example.org/hook",
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 40,
    }
    assert bot.call("deleteWebhook", drop_pending_updates=True)["description"] == (
        "Webhook was deleted"
    )
    assert bot.call("deleteWebhook")["description"] == "Webhook is already deleted"
    assert bot.result("getUpdates") == []


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        (
            {"url": "http://example.org/"},
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://example.org:8000/"},
            "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        (
            {"url": "https://example.org/", "secret_token": "é"},
            "Bad Request: secret token contains unallowed characters",
        ),
    ],
)
def test_bad_webhooks_are_refused(
    bot: BotApiClient, parameters: dict[str, str], description: str
) -> None:
    assert bot.refusal("setWebhook", **parameters) == description


def test_waiting_in_vain_fails_with_what_was_awaited(alice: UserHandle) -> None:
    with pytest.raises(WaitTimeoutError, match=r"waited 0\.05 s for 2 bot messages in chat"):
        alice.private_chat().wait_for_messages(2, timeout=0.05)


def test_every_call_is_recorded_with_its_answer(server: TelegramServer, bot: BotApiClient) -> None:
    asking = threading.Timer(0.05, lambda: bot.call("getChat", chat_id=1))
    asking.start()
    server.wait_for_calls("getChat")
    asking.join()
    [call] = server.calls
    assert (call.method, call.params, call.status) == ("getChat", {"chat_id": "1"}, 400)
    assert call.response == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: chat not found",
    }
    assert call.answered_at is not None
    assert 0 <= call.answered_at - call.received_at < 60


def test_after_log_out_nothing_is_answered_and_close_comes_too_early(bot: BotApiClient) -> None:
    assert bot.refusal("close") == "Too Many Requests: retry after 600"
    assert bot.result("logOut") is True
    assert bot.call("getMe") == {"ok": False, "error_code": 400, "description": "Logged out"}
