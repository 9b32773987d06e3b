"""The HTTP side: a listening socket that can go away and come back, connections that can break.

``http.server.ThreadingHTTPServer`` is enough: a thread per connection may block in a long poll, the
methods stay plain synchronous functions under one lock, and the server needs nothing that the
project does not install anyway.
"""

import contextlib
import hmac
import json
import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.telegram_server.bodies import read_body
from tests.telegram_server.dispatch import Dispatcher
from tests.telegram_server.errors import ApiError, ConnectionLostError
from tests.telegram_server.state import State

HOST = "127.0.0.1"
MAX_BODY_BYTES = 50 * 1024 * 1024
_POLL_SECONDS = 0.02  # how soon the accept loop notices that it must end
_TOKEN = re.compile(r"[0-9]{1,15}:[A-Za-z0-9_-]{10,80}")
_FILE_PATH = re.compile(r"/file/bot(?P<token>[^/]*)/(?P<path>.+)")
_METHOD_PATH = re.compile(r"/bot(?P<token>[^/]*)/(?P<method>[^/]+)")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_HttpServer"

    def setup(self) -> None:
        super().setup()
        self.server.network.connected(self.connection)

    def finish(self) -> None:
        self.server.network.disconnected(self.connection)
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it overrides
        """Stay silent: paths hold the token."""

    def _serve(self) -> None:
        try:
            status, content_type, body = self._answer()
        except ApiError as error:
            status, content_type, body = _json_answer(error)
        except ConnectionLostError:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        # One write for head and body, so that no delayed acknowledgement adds 40 ms.
        self._headers_buffer.append(b"\r\n" + body)  # type: ignore[attr-defined] # not in typeshed
        self.flush_headers()

    def _answer(self) -> tuple[int, str, bytes]:
        body = self._read()
        url = urlsplit(self.path)
        path = unquote(url.path)
        if found := _FILE_PATH.fullmatch(path):
            self._check_token(found["token"])
            return self._download(found["path"])
        found = _METHOD_PATH.fullmatch(path)
        if found is None:
            raise ApiError(404, "Not Found")
        self._check_token(found["token"])
        values, files = read_body(url.query, self.headers.get("Content-Type", ""), body)
        status, answer = self.server.network.dispatcher.answer(found["method"], values, files)
        return status, "application/json", answer

    def _read(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return b"".join(self._chunks())
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            raise ApiError(413, "Request Entity Too Large")
        body = self.rfile.read(length)
        if len(body) < length:  # the client died while it wrote
            raise ConnectionLostError
        return body

    def _chunks(self) -> Iterator[bytes]:
        while size := self._chunk_size():
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _chunk_size(self) -> int:
        try:
            return int(self.rfile.readline(), 16)
        except ValueError as error:
            raise ConnectionLostError from error

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        if not hmac.compare_digest(token, self.server.network.state.token):
            raise ApiError(401, "Unauthorized")

    def _download(self, path: str) -> tuple[int, str, bytes]:
        fault = self.server.network.dispatcher.download_fault()
        if fault is not None and fault.body is not None:
            return 200, "application/octet-stream", fault.body
        for stored in self.server.network.state.files.values():
            if stored.path == path:
                return 200, "application/octet-stream", stored.content
        raise ApiError(404, "Not Found")


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, network: "Network", port: int) -> None:
        self.network = network
        super().__init__((HOST, port), _Handler, bind_and_activate=False)
        self.server_bind()

    def server_bind(self) -> None:
        # Not HTTPServer's, which asks the resolver for the host's name.
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that went away is part of the tests."""


class Network:
    """Listens on a port of the loopback interface that stays the same through outages."""

    def __init__(self, state: State, dispatcher: Dispatcher, port: int = 0) -> None:
        self.state = state
        self.dispatcher = dispatcher
        self._connections: set[socket.socket] = set()
        self._lock = threading.RLock()
        self._http = _HttpServer(self, port=port)
        self._listening = False
        self._timer: threading.Timer | None = None
        self.port = self._http.server_address[1]

    def up(self) -> None:
        """Listen; does nothing when listening already."""
        with self._lock:
            if self._listening:
                return
            self._http.server_activate()
            threading.Thread(
                target=self._http.serve_forever, args=(_POLL_SECONDS,), daemon=True
            ).start()
            self._listening = True

    def down(self, seconds: float | None = None) -> None:
        """Refuse connections, for so many seconds or until ``up``, and break those there are."""
        with self._lock:
            if self._listening:
                self._stop()
                # Bound but not listening: connections are refused and nobody takes the port.
                self._http = _HttpServer(self, port=self.port)
            self.drop_connections()
            if seconds is not None:
                self._timer = threading.Timer(seconds, self.up)
                self._timer.daemon = True
                self._timer.start()

    def close(self) -> None:
        """Stop for good."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._listening:
                self._stop()
            self._http.server_close()
            self.drop_connections()

    def drop_connections(self) -> None:
        """Break every connection, among them the waiting long poll."""
        self.state.updates.abort_poll(ConnectionLostError())
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def connected(self, connection: socket.socket) -> None:
        """Note a connection that began."""
        with self._lock:
            self._connections.add(connection)

    def disconnected(self, connection: socket.socket) -> None:
        """Note a connection that ended."""
        with self._lock:
            self._connections.discard(connection)

    def _stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._listening = False


def _json_answer(error: ApiError) -> tuple[int, str, bytes]:
    return error.code, "application/json", json.dumps(error.response()).encode()
