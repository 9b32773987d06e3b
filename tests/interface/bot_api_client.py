"""A raw HTTP client of the Bot API for the tests: whole answers, nothing hidden."""

import json
import ssl
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import httpx
import pytest

from tests.telegram_server import TelegramServer, UserHandle

# Nothing here speaks TLS: an empty context spares every client the load of the authorities.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class BotApiClient:
    """Posts as python-telegram-bot does: form fields, nested values encoded as JSON."""

    def __init__(self, server: TelegramServer) -> None:
        self._server = server
        self._http = httpx.Client(trust_env=False, timeout=30, verify=_NO_TLS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the decoded body of the answer, whatever its status."""
        fields = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in parameters.items()
        }
        answer = self.post(f"/bot{self._server.token}/{method}", data=fields)
        body: dict[str, Any] = answer.json()
        assert answer.headers["content-type"] == "application/json"
        assert answer.status_code == (200 if body["ok"] else body["error_code"])
        return body

    def result(self, method: str, **parameters: Any) -> Any:
        """Return the result of a call that must succeed."""
        body = self.call(method, **parameters)
        assert body["ok"], body
        return body["result"]

    def refusal(self, method: str, **parameters: Any) -> str:
        """Return the description of a call that must be refused."""
        body = self.call(method, **parameters)
        assert not body["ok"], body
        assert set(body) <= {"ok", "error_code", "description", "parameters"}
        description: str = body["description"]
        return description

    def post(self, path: str, **content: Any) -> httpx.Response:
        """Post to a path and return the answer."""
        return self._http.post(self._server.url + path, **content)

    def get(self, path: str) -> httpx.Response:
        """Get a path and return the answer."""
        return self._http.get(self._server.url + path)


@pytest.fixture(name="bot")
def fixture_bot_client(server: TelegramServer) -> Iterator[BotApiClient]:
    """A client without a bot behind it, for the tests of the server itself."""
    with BotApiClient(server) as client:
        yield client


@pytest.fixture(name="alice")
def fixture_started_reader(server: TelegramServer) -> UserHandle:
    """A reader who has pressed « start »."""
    user = server.user("Alice", last_name="Martin", username="alice_test")
    user.start()
    return user


def keyboard(*buttons: Any) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def button(text: str = "Voir", **action: Any) -> dict[str, Any]:
    return {"text": text, **action}


def received(bot: BotApiClient) -> list[dict[str, Any]]:
    """Return the updates not yet confirmed, and confirm them."""
    updates: list[dict[str, Any]] = bot.result("getUpdates")
    if updates:
        bot.result("getUpdates", offset=updates[-1]["update_id"] + 1)
    return updates
