"""The guarded way out: connections go to addresses that were checked, and end at a deadline.

The check happens where the connection is made: a host is resolved once, every address it has
must be public, and the connection is opened to the very address that was checked. A name that
resolves differently the next time (DNS rebinding) gains nothing. Certificate and host name are
still checked against the name, because TLS starts afterwards, by httpcore, with the name.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import httpcore
import httpx

from knowledge.errors import FetchError, ForbiddenAddressError
from knowledge.sources.addresses import is_public

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to IP literals, all of them. Raises OSError if the name is unknown."""

Connector = Callable[[str, int, float], httpcore.NetworkStream]
"""Opens a TCP connection to an IP literal and port within so many seconds."""

_SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


def resolve_host(host: str, port: int) -> tuple[str, ...]:
    """Return every address of `host` as the system resolves it, without repetition, in order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect_tcp(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
    """Open a TCP connection to `address`, an IP literal."""
    return httpcore.SyncBackend().connect_tcp(address, port, timeout=timeout)


class Deadline:
    """A moment of the monotonic clock after which every network operation ends."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left, more than zero.

        Raises:
            httpcore.ReadTimeout: the deadline has passed.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("deadline")
        return left

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Put the deadline off for as long as this lasts: for a wait that is ours."""
        begin = time.monotonic()
        try:
            yield
        finally:
            self._end += time.monotonic() - begin


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every operation is given only what is left until the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature; the deadline decides
    ) -> bytes:
        return self._stream.read(max_bytes, timeout=self._deadline.remaining())

    def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature; the deadline decides
    ) -> None:
        self._stream.write(buffer, timeout=self._deadline.remaining())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature; the deadline decides
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(
            ssl_context, server_hostname, timeout=self._deadline.remaining()
        )
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves, checks and connects, in this order and in one place."""

    def __init__(
        self, deadline: Deadline, *, resolve: Resolver, connect: Connector, allow_private: bool
    ) -> None:
        self._deadline = deadline
        self._resolve = resolve
        self._connect = connect
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature; the deadline decides
        local_address: str | None = None,  # noqa: ARG002 - httpcore's signature
        socket_options: Iterable[_SocketOption] | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers, if all of them are public.

        Raises, without subject (the caller knows the address in full):
            ForbiddenAddressError: one of the addresses is not public.
            FetchError: the name is unknown.
        """
        failure: Exception | None = None
        for address in self._checked(host, port):
            try:
                stream = self._connect(address, port, self._deadline.remaining())
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"no address for {host}")

    def _checked(self, host: str, port: int) -> Sequence[str]:
        addresses = self._addresses(host, port)
        if not self._allow_private and not all(map(is_public, addresses)):
            raise ForbiddenAddressError(
                "Cette adresse mène à une machine privée ou locale ; elle n’est pas visitée."
            )
        return addresses

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        host = host.strip("[]")
        with contextlib.suppress(ValueError):
            return (str(ipaddress.ip_address(host)),)
        try:
            return _in_time(lambda: self._resolve(host, port), self._deadline)
        except (OSError, UnicodeError) as error:
            raise FetchError(
                "Le nom de ce site est introuvable. Vérifiez l’adresse, ou la connexion."
            ) from error


def _in_time(resolve: Callable[[], Sequence[str]], deadline: Deadline) -> Sequence[str]:
    """Return what `resolve` returns. The system's resolver has no timeout, so a thread waits."""
    outcome: list[Sequence[str] | Exception] = []

    def work() -> None:
        try:
            outcome.append(resolve())
        except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
            outcome.append(error)

    thread = threading.Thread(target=work, name="resolver", daemon=True)
    thread.start()
    thread.join(deadline.remaining())
    if not outcome:
        raise httpcore.ConnectTimeout("name resolution")
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


class GuardedTransport(httpx.BaseTransport):
    """An httpx transport over a guarded backend; one request at a time, no proxy, HTTP/1.1."""

    def __init__(self, backend: GuardedBackend, ssl_context: ssl.SSLContext | None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context, max_connections=1, network_backend=backend
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`; raises the exceptions of httpcore and of knowledge.errors."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        response = self._pool.handle_request(
            httpcore.Request(request.method, url, headers=request.headers.raw)
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
