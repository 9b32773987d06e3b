"""Updates that Telegram sends: a web server behind a reverse proxy, and its registration.

Answers 200 once an update is queued and noted for good, or was before; 503 while there is no room
or the bot is stopping, and Telegram keeps the update and comes again. Within a chat Telegram sends
one update after the other, so their order stays. Not the library's own server: that one takes
whatever comes, compares the secret in variable time, and forgets what it took when killed.

Certificates are the reverse proxy's.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

from telegram import Update
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets, bind_unix_socket
from tornado.web import Application, RequestHandler

from bot.logs import describe_error
from bot.receiving.webhook_address import SocketPath, TcpAddress
from knowledge.errors import SettingsError
from knowledge.failures import french_reason

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
_MAX_BODY_BYTES = 1024 * 1024  # a long message with a long one quoted takes some 200 KB
_MAX_HEADER_BYTES = 16 * 1024
_IDLE_SECONDS, _BODY_SECONDS = 300.0, 20.0
_SOCKET_MODE = 0o660  # the reverse proxy is of the same group
_RETRY_SECONDS = "2"

Receive = Callable[[dict[str, Any]], Awaitable[HTTPStatus]]


class WebhookServer:
    """Listens for updates; `receive` is given each one's JSON and returns what to answer."""

    def __init__(
        self, address: TcpAddress | SocketPath, *, path: str, secret: str, receive: Receive
    ) -> None:
        self._address = address
        values = {"secret": secret, "receive": receive}
        # Whatever a reverse proxy leaves before the path.
        application = Application(
            [(rf"(?:/.*)?/{path}", _UpdateHandler, values)],
            default_handler_class=_NotFound,
            log_function=_silent,
        )
        self._http = HTTPServer(
            application,
            max_body_size=_MAX_BODY_BYTES,
            max_header_size=_MAX_HEADER_BYTES,
            idle_connection_timeout=_IDLE_SECONDS,
            body_timeout=_BODY_SECONDS,
        )

    def listen(self) -> None:
        """Listen from now on.

        Raises:
            SettingsError: the address is not to be had.
        """
        try:
            if isinstance(self._address, SocketPath):
                sockets = [bind_unix_socket(self._address.path, mode=_SOCKET_MODE)]
            else:
                sockets = bind_sockets(self._address.port, self._address.host)
        except (OSError, ValueError) as error:
            reason = (
                french_reason(error) if isinstance(error, OSError) else "ce n’est pas un socket"
            )
            raise SettingsError(
                f"SOURCIER_WEBHOOK_LISTEN : impossible d’écouter sur {self._address} ({reason}). "
                "Libérez cette adresse ou donnez-en une autre.",
                subject="SOURCIER_WEBHOOK_LISTEN",
            ) from error
        self._http.add_sockets(sockets)

    async def close(self) -> None:
        """End every connection, and listen no more."""
        self._http.stop()
        await self._http.close_all_connections()
        if isinstance(self._address, SocketPath):
            with suppress(OSError):
                await asyncio.to_thread(Path(self._address.path).unlink)


class _Handler(RequestHandler):
    """Answers without a body, and logs neither addresses nor what was sent."""

    def set_default_headers(self) -> None:
        self.clear_header("Server")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        del kwargs
        self.set_status(status_code)
        self.finish()

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        del typ, tb
        if value is not None and not hasattr(value, "status_code"):
            logger.error("Webhook : %s", describe_error(value))

    def data_received(self, chunk: bytes) -> None:
        """Bodies come whole."""


class _NotFound(_Handler):
    def prepare(self) -> None:
        self.set_status(HTTPStatus.NOT_FOUND)
        self.finish()


class _UpdateHandler(_Handler):
    SUPPORTED_METHODS = ("POST",)

    def initialize(self, secret: str, receive: Receive) -> None:
        self._secret = secret
        self._receive = receive

    def prepare(self) -> None:
        given = self.request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            self.set_status(HTTPStatus.FORBIDDEN)
            self.finish()

    async def post(self) -> None:
        try:
            data = json.loads(self.request.body)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            self.set_status(HTTPStatus.BAD_REQUEST)
            return
        status = await self._receive(data)
        self.set_status(status)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.set_header("Retry-After", _RETRY_SECONDS)


def _silent(handler: RequestHandler) -> None:
    """Log no request: its path is a secret."""


def read_update(data: dict[str, Any], bot: Any) -> Update | None:
    """Return the update, or None, said in the log, if the library cannot read it."""
    try:
        return Update.de_json(data, bot)
    except Exception as error:  # noqa: BLE001 - whatever the library's reading of it raises
        logger.error("Mise à jour illisible : %s", describe_error(error))  # noqa: TRY400 - it would show words
        return None
