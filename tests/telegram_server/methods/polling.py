"""Receiving updates by polling or webhook, and the end of a session."""

import contextlib
import ipaddress
import math
import re
from typing import Any
from urllib.parse import urlsplit

from tests.telegram_server.errors import bad_request, conflict, strict, too_many_requests
from tests.telegram_server.leniency import Leniency
from tests.telegram_server.methods.registry import Described, method
from tests.telegram_server.parameters import Parameters
from tests.telegram_server.state import State, Webhook
from tests.telegram_server.updates import ALL_UPDATE_TYPES, DEFAULT_UPDATE_TYPES
from tests.telegram_server.urls import is_called

MAX_LIMIT = 100
MAX_TIMEOUT = 50  # seconds
MAX_SECRET_TOKEN_LENGTH = 256
WEBHOOK_PORTS = frozenset({80, 88, 443, 8443})
SECONDS_BEFORE_CLOSE = 600
_SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]*")


@method("getUpdates", "offset limit timeout allowed_updates")
def get_updates(state: State, parameters: Parameters) -> list[dict[str, Any]]:
    """Confirm what is below ``offset``, then return updates or wait for the first."""
    if state.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    limit = _within(parameters, "limit", 1, MAX_LIMIT, default=MAX_LIMIT)
    timeout = _within(parameters, "timeout", 0, MAX_TIMEOUT, default=0)
    _store_allowed_updates(state, parameters)
    return state.updates.fetch(
        offset=parameters.integer("offset") or 0, limit=limit, timeout=timeout
    )


def _within(parameters: Parameters, name: str, low: int, high: int, *, default: int) -> int:
    value = parameters.integer(name)
    if value is None:
        return default
    if not low <= value <= high:
        raise strict(f'parameter "{name}" is outside {low}..{high}, Telegram would clamp it')
    return value


def _store_allowed_updates(state: State, parameters: Parameters) -> tuple[str, ...]:
    value = parameters.json("allowed_updates", what="allowed updates")
    if value is None:
        return tuple(sorted(state.updates.allowed))
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise strict("allowed_updates must be an Array of String, Telegram would ignore it")
    unknown = [each for each in value if each not in ALL_UPDATE_TYPES]
    if unknown:
        raise strict(f'Telegram ignores the update type "{unknown[0]}"')
    state.updates.allowed = frozenset(value) or DEFAULT_UPDATE_TYPES
    return tuple(value)


@method(
    "setWebhook",
    "url max_connections allowed_updates drop_pending_updates secret_token",
)
def set_webhook(state: State, parameters: Parameters) -> Described:
    """Store a webhook and post updates to it; from then on getUpdates is refused."""
    url = parameters.text("url")
    if not url:
        return delete_webhook(state, parameters)
    if Leniency.HTTP_WEBHOOK not in state.lenient or not is_called(url):
        _check_webhook_url(url)
    secret = parameters.text("secret_token")
    if len(secret) > MAX_SECRET_TOKEN_LENGTH:
        raise bad_request("secret token is too long")
    if not _SECRET_TOKEN.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = _within(parameters, "max_connections", 1, 100, default=40)
    allowed = _store_allowed_updates(state, parameters)
    if parameters.boolean("drop_pending_updates"):
        state.updates.drop_pending()
    state.updates.abort_poll(conflict("terminated by setWebhook request"))
    state.webhook_wanted.set()
    before, state.webhook = state.webhook, Webhook(url, secret, connections, allowed)
    if before == state.webhook:
        return Described(True, "Webhook is already set")
    state.webhook_error = None
    return Described(True, "Webhook was set")


def _check_webhook_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as error:
        raise strict(f"webhook URL '{url}' cannot be parsed") from error
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in WEBHOOK_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    host = parts.hostname or ""
    with contextlib.suppress(ValueError):
        if not ipaddress.ip_address(host).is_global:
            raise bad_request(f"bad webhook: IP address {host} is reserved")
    if "." not in host:
        raise bad_request("bad webhook: Failed to resolve host: Name or service not known")


@method("deleteWebhook", "drop_pending_updates")
def delete_webhook(state: State, parameters: Parameters) -> Described:
    """Forget the webhook, if any."""
    if parameters.boolean("drop_pending_updates"):
        state.updates.drop_pending()
    state.webhook_wanted.clear()
    was_set, state.webhook, state.webhook_error = state.webhook is not None, None, None
    return Described(True, "Webhook was deleted" if was_set else "Webhook is already deleted")


@method("getWebhookInfo")
def get_webhook_info(state: State, parameters: Parameters) -> dict[str, Any]:
    """Return the ``WebhookInfo`` object."""
    info: dict[str, Any] = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates),
    }
    if state.webhook is not None:
        info |= {"url": state.webhook.url, "max_connections": state.webhook.max_connections}
    if state.webhook_error is not None:
        info["last_error_date"], info["last_error_message"] = state.webhook_error
    if state.updates.allowed != DEFAULT_UPDATE_TYPES:
        info["allowed_updates"] = sorted(state.updates.allowed)
    return info


@method("logOut")
def log_out(state: State, parameters: Parameters) -> bool:
    """Log the bot out: every later request is refused."""
    state.logged_out = True
    return True


@method("close")
def close(state: State, parameters: Parameters) -> bool:
    """Close the bot's instance; refused during its first ten minutes."""
    if state.webhook is not None:
        raise strict("delete the webhook before close")
    left = SECONDS_BEFORE_CLOSE - (state.clock.monotonic() - state.started_at)
    if left > 0:
        raise too_many_requests(math.ceil(left))
    return True
