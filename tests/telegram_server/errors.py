"""The refusals of the Bot API: status, wording and JSON shape as the official server sends them.

Wording comes from tdlib/telegram-bot-api (``Client.cpp``: the prefix of each status, the
lower-cased first letter) and from the facts in the project's Telegram notes. Where Telegram
silently repairs, drops or ignores what a bot sent, or where its wording is not known, the
description starts with ``strict:`` so that nobody takes it for Telegram's.
"""

from typing import Any

NOT_UTF_8 = "strings must be encoded in UTF-8"


class ApiError(Exception):
    """A refusal; ``response()`` is the JSON object that goes over the wire."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, int] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def response(self) -> dict[str, Any]:
        """Return ``{"ok": false, "error_code": …, "description": …}``, with any parameters."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters is not None:
            body["parameters"] = self.parameters
        return body


class ConnectionLostError(Exception):
    """The connection ends without an answer: the client sees a network error."""


def bad_request(message: str) -> ApiError:
    """Return a 400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {message}")


def strict(message: str) -> ApiError:
    """Return a 400 for what Telegram would repair or ignore, or words in a way not known."""
    return bad_request(f"strict: {message}")


def forbidden(message: str) -> ApiError:
    """Return a 403 with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {message}")


def conflict(message: str) -> ApiError:
    """Return a 409 with Telegram's prefix."""
    return ApiError(409, f"Conflict: {message}")


def too_many_requests(seconds: int) -> ApiError:
    """Return a 429 that asks to wait a whole number of seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def default_description(code: int) -> str:
    """Return what a fault says when the test gave no wording of its own."""
    return {
        400: "Bad Request: chat not found",
        401: "Unauthorized",
        403: "Forbidden: bot was blocked by the user",
        404: "Not Found",
        409: "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
        500: "Internal Server Error: restart",
        502: "Bad Gateway",
    }.get(code, f"Error {code}")
