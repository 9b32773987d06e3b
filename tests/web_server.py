"""A web server on loopback whose answers tests write, and names that lead to it."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import httpcore
import pytest

from knowledge.errors import SourceError
from knowledge.sources.fetch import Fetcher
from knowledge.sources.network import connect_tcp

PUBLIC = "93.184.216.34"
OTHER_PUBLIC = "2606:2800:220:1:248:1893:25c8:1946"
MAX_BYTES = 1_000_000
PAGE = "<html><p>Un été à Kiev.</p></html>".encode()

Answer = Callable[[socket.socket, str], None]


def reply(body: bytes = PAGE, status: str = "200 OK", **headers: str) -> bytes:
    """Return the bytes of an HTTP/1.1 response."""
    fields = {"Content-Type": "text/html", "Content-Length": str(len(body)), "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


class LocalServer:
    """A server whose answers the test writes, byte by byte if it wants to."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Answer] = {}
        self.requests: list[str] = []
        self.tls: ssl.SSLContext | None = None
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    outer._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536) or b"\r\n\r\n"
            if received[:1] == b"\x16":  # a TLS client hello
                connection.sendall(reply(b"", "400 Bad Request"))
                return
        self.requests.append(received.decode("latin-1"))
        path = received.split(b" ", 2)[1].decode("latin-1")
        answer = self.answers.get(path, reply(b"", "404 Not Found"))
        if isinstance(answer, bytes):
            connection.sendall(answer)
        else:
            answer(connection, path)
        connection.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Net:
    """The seams of a fetcher: names given by the test, connections that all end at the server."""

    def __init__(self, server: LocalServer) -> None:
        self.names: dict[str, Sequence[str]] = {
            "news.example": [PUBLIC],
            "other.example": [OTHER_PUBLIC],
            "inside.example": ["10.0.0.7"],
            "half.example": [PUBLIC, "127.0.0.1"],
        }
        self.resolved: list[str] = []
        self.dialled: list[tuple[str, int]] = []
        self._server = server

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.resolved.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown name")
        return self.names[host]

    def connect(self, address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        self.dialled.append((address, port))
        return connect_tcp("127.0.0.1", self._server.port, timeout)

    def fetcher(
        self,
        *,
        seconds: float = 10,
        allow_private: bool = False,
        ssl_context: ssl.SSLContext | None = None,
    ) -> Fetcher:
        return Fetcher(
            max_bytes=MAX_BYTES,
            timeout_seconds=seconds,
            allow_private=allow_private,
            resolver=self.resolve,
            connector=self.connect,
            ssl_context=ssl_context,
        )


def failure(net: Net, url: str, *, seconds: float = 10) -> SourceError:
    """Return the error that fetching `url` raises."""
    with net.fetcher(seconds=seconds) as fetcher, pytest.raises(SourceError) as caught:
        fetcher.fetch(url)
    assert caught.value.subject
    return caught.value
