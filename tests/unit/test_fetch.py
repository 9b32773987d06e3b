"""Fetching against a hostile server on loopback: what is refused, and that it ends in time."""

import gzip
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import httpcore
import pytest

from knowledge.errors import (
    DocumentTooLargeError,
    FetchError,
    ForbiddenAddressError,
    SourceError,
    UnreadableDocumentError,
)
from knowledge.sources.fetch import Fetcher
from knowledge.sources.network import connect_tcp
from knowledge.types import RawDocument

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


@pytest.fixture
def server() -> Iterator[LocalServer]:
    server = LocalServer()
    yield server
    server.close()


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


@pytest.fixture
def net(server: LocalServer) -> Net:
    return Net(server)


def failure(net: Net, url: str, *, seconds: float = 10) -> SourceError:
    """Return the error that fetching `url` raises."""
    with net.fetcher(seconds=seconds) as fetcher, pytest.raises(SourceError) as caught:
        fetcher.fetch(url)
    assert caught.value.subject
    return caught.value


def test_a_page_is_fetched_from_the_address_that_was_checked(server: LocalServer, net: Net) -> None:
    server.answers["/a?id=1"] = reply(Content_Type="text/html; charset=utf-8")
    with net.fetcher() as fetcher:
        found = fetcher.fetch("http://News.example:80/a?utm_source=x&id=1#haut")
    assert found == RawDocument(
        PAGE, "http://news.example/a?id=1", media_type="text/html", charset="utf-8", filename="a"
    )
    assert net.dialled == [(PUBLIC, 80)]
    assert net.resolved == ["news.example"]  # once: what was checked is what was dialled
    assert "host: news.example\r\n" in server.requests[0].lower()


def test_redirects_are_followed_and_each_host_is_checked(server: LocalServer, net: Net) -> None:
    server.answers["/a"] = reply(b"", "301 Moved", Location="http://other.example/b?fbclid=1")
    server.answers["/b"] = reply()
    with net.fetcher() as fetcher:
        assert fetcher.fetch("http://news.example/a").origin == "http://other.example/b"
    assert net.dialled == [(PUBLIC, 80), (OTHER_PUBLIC, 80)]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://１２７.0.0.1/",
        "http://①②⑦.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:8.8.8.8]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://inside.example/",
        "http://half.example/",
        "http://news.example:22/",
        "http://news.example:11434/",
        "http://user:secret@news.example/",
        "ftp://news.example/a",
        "file:///etc/passwd",
        "gopher://news.example/",
        "javascript:alert(1)",
    ],
)
def test_a_forbidden_address_is_never_dialled(net: Net, url: str) -> None:
    error = failure(net, url)
    assert isinstance(error, ForbiddenAddressError)
    assert not error.retryable
    assert net.dialled == []
    assert "secret" not in f"{error.subject} {error}"


def test_the_system_resolver_is_guarded_as_well() -> None:
    with (
        Fetcher(max_bytes=MAX_BYTES, timeout_seconds=10) as fetcher,
        pytest.raises(ForbiddenAddressError),
    ):
        fetcher.fetch("http://localhost/")


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/", "http://inside.example/", "file:///etc/passwd", "//[::1]/"]
)
def test_a_redirect_to_a_forbidden_address_is_refused(
    server: LocalServer, net: Net, target: str
) -> None:
    server.answers["/a"] = reply(b"", "302 Found", Location=target)
    assert isinstance(failure(net, "http://news.example/a"), ForbiddenAddressError)
    assert net.dialled == [(PUBLIC, 80)]


def test_a_name_that_turns_private_gains_nothing(server: LocalServer, net: Net) -> None:
    """DNS rebinding: the second answer of the resolver is private, and is seen before dialling."""
    server.answers["/a"] = reply(b"", "302 Found", Location="/b")
    server.answers["/b"] = reply()

    def turn(connection: socket.socket, path: str) -> None:
        net.names["news.example"] = ["127.0.0.1"]
        connection.sendall(reply(b"", "302 Found", Location="/b"))

    server.answers["/a"] = turn
    assert isinstance(failure(net, "http://news.example/a"), ForbiddenAddressError)
    assert net.dialled == [(PUBLIC, 80)]


def test_a_private_address_is_visited_where_that_is_allowed(server: LocalServer, net: Net) -> None:
    server.answers["/a"] = reply()
    with net.fetcher(allow_private=True) as fetcher:
        assert fetcher.fetch("http://inside.example:9000/a").data == PAGE
    assert net.dialled == [("10.0.0.7", 9000)]


def test_the_next_address_is_tried_when_one_does_not_answer(server: LocalServer, net: Net) -> None:
    server.answers["/a"] = reply()
    net.names["news.example"] = [OTHER_PUBLIC, PUBLIC]
    dial = net.connect

    def connect(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        if address == OTHER_PUBLIC:
            raise httpcore.ConnectError("no route")
        return dial(address, port, timeout)

    with Fetcher(
        max_bytes=MAX_BYTES, timeout_seconds=10, resolver=net.resolve, connector=connect
    ) as fetcher:
        assert fetcher.fetch("http://news.example/a").data == PAGE


def test_a_redirect_loop_ends(server: LocalServer, net: Net) -> None:
    server.answers["/a"] = reply(b"", "302 Found", Location="/a")
    error = failure(net, "http://news.example/a")
    assert not error.retryable
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("status", "retryable"),
    [
        ("404 Not Found", False),
        ("410 Gone", False),
        ("403 Forbidden", False),
        ("204 No Content", False),
        ("429 Too Many Requests", True),
        ("500 Internal Server Error", True),
        ("503 Service Unavailable", True),
    ],
)
def test_a_bad_status_names_its_code(
    server: LocalServer, net: Net, status: str, retryable: bool
) -> None:
    server.answers["/a"] = reply(b"", status)
    error = failure(net, "http://news.example/a")
    assert (type(error), error.retryable) == (FetchError, retryable)
    assert status[:3] in error.message
    assert error.subject == "http://news.example/a"


def test_two_announced_gigabytes_are_refused_at_once(server: LocalServer, net: Net) -> None:
    def announce(connection: socket.socket, path: str) -> None:
        connection.sendall(reply(b"", Content_Length=str(2 * 2**30)))
        time.sleep(5)

    server.answers["/a"] = announce
    begin = time.monotonic()
    assert isinstance(failure(net, "http://news.example/a"), DocumentTooLargeError)
    assert time.monotonic() - begin < 3


def test_two_streamed_gigabytes_are_cut_at_the_limit(server: LocalServer, net: Net) -> None:
    sent = 0

    def stream(connection: socket.socket, path: str) -> None:
        nonlocal sent
        connection.sendall(reply(b"", Content_Length=""))
        piece = b"a" * 65536
        for _ in range(2 * 2**30 // len(piece)):
            connection.sendall(piece)
            sent += len(piece)

    server.answers["/a"] = stream
    assert isinstance(failure(net, "http://news.example/a"), DocumentTooLargeError)
    assert sent < 30 * MAX_BYTES  # what was still in the buffers


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_page_that_never_ends_ends_at_the_deadline(
    server: LocalServer, net: Net, part: str
) -> None:
    def drip(connection: socket.socket, path: str) -> None:
        connection.sendall(
            reply(b"", Content_Length="") if part == "body" else b"HTTP/1.1 200 OK\r\n"
        )
        for _ in range(100):
            connection.sendall(b"a")
            time.sleep(0.1)

    server.answers["/a"] = drip
    begin = time.monotonic()
    error = failure(net, "http://news.example/a", seconds=1)
    assert (type(error), error.retryable) == (FetchError, True)
    assert time.monotonic() - begin < 3


def test_a_slow_resolver_ends_at_the_deadline(server: LocalServer) -> None:
    def slow(host: str, port: int) -> Sequence[str]:
        time.sleep(4)
        return [PUBLIC]

    begin = time.monotonic()
    with (
        Fetcher(max_bytes=MAX_BYTES, timeout_seconds=0.5, resolver=slow) as fetcher,
        pytest.raises(FetchError),
    ):
        fetcher.fetch("http://news.example/")
    assert time.monotonic() - begin < 3


def test_compressed_pages_are_read(server: LocalServer, net: Net) -> None:
    raw = zlib.compressobj(wbits=-15)
    bodies = {
        "gzip": gzip.compress(PAGE),
        "deflate": zlib.compress(PAGE),
        "x-gzip": gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]),
    }
    for encoding, body in [*bodies.items(), ("deflate", raw.compress(PAGE) + raw.flush())]:
        server.answers["/a"] = reply(body, Content_Encoding=encoding)
        with net.fetcher() as fetcher:
            assert fetcher.fetch("http://news.example/a").data == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_decompression_bomb_is_cut_at_the_limit(
    server: LocalServer, net: Net, encoding: str
) -> None:
    zeros = bytes(60 * MAX_BYTES)
    body = gzip.compress(zeros, 9) if encoding == "gzip" else zlib.compress(zeros, 9)
    assert len(body) < MAX_BYTES
    server.answers["/a"] = reply(body, Content_Encoding=encoding)
    assert isinstance(failure(net, "http://news.example/a"), DocumentTooLargeError)


def test_stacked_or_unasked_compressions_are_refused(server: LocalServer, net: Net) -> None:
    for encoding in ("gzip, gzip", "br", "zstd"):
        server.answers["/a"] = reply(gzip.compress(gzip.compress(PAGE)), Content_Encoding=encoding)
        error = failure(net, "http://news.example/a")
        assert (type(error), error.retryable) == (FetchError, False)


@pytest.mark.parametrize(
    "answer",
    [
        reply(PAGE, Content_Length=str(len(PAGE) + 10)),
        reply(gzip.compress(PAGE)[:-9], Content_Encoding="gzip"),
        reply(b"no gzip at all", Content_Encoding="gzip"),
        b"",
        b"\x00\x01 no http\r\n\r\n",
    ],
    ids=["short body", "short gzip", "not gzip", "nothing", "not http"],
)
def test_a_broken_answer_may_be_asked_for_again(
    server: LocalServer, net: Net, answer: bytes
) -> None:
    server.answers["/a"] = answer
    error = failure(net, "http://news.example/a")
    assert (type(error), error.retryable) == (FetchError, True)


@pytest.mark.parametrize(
    ("media_type", "path", "accepted"),
    [
        ("image/png", "/a", False),
        ("application/json", "/a", False),
        ("video/mp4", "/a", False),
        ("application/octet-stream", "/a", False),
        ("application/octet-stream", "/a.pdf", True),
        ("application/pdf", "/a", True),
        ("text/plain; charset=latin-1", "/a", True),
        ("", "/a", True),
    ],
)
def test_only_pages_pdfs_and_texts_are_taken(
    server: LocalServer, net: Net, media_type: str, path: str, accepted: bool
) -> None:
    server.answers[path] = reply(Content_Type=media_type)
    if accepted:
        with net.fetcher() as fetcher:
            assert fetcher.fetch(f"http://news.example{path}").data == PAGE
    else:
        assert isinstance(failure(net, f"http://news.example{path}"), UnreadableDocumentError)


def test_an_unknown_name_and_a_closed_port_may_be_tried_again(net: Net) -> None:
    assert failure(net, "http://nowhere.example/").retryable

    def refuse(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        raise httpcore.ConnectError("refused")

    net.connect = refuse  # type: ignore[method-assign]  # the test's own fake
    assert failure(net, "http://news.example/").retryable


@pytest.mark.parametrize(
    "url", ["", "pas une adresse", "http://", "http://a b/", "http://[::1", "http://x:99999/"]
)
def test_what_is_no_address_is_refused_without_a_connection(net: Net, url: str) -> None:
    with net.fetcher() as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    assert not caught.value.retryable
    assert net.dialled == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for news.example, with its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl program is needed to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(  # noqa: S603 - fixed arguments
        [
            openssl,
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            str(folder / "key.pem"),
            "-out",
            str(folder / "cert.pem"),
            "-days",
            "2",
            "-subj",
            "/CN=news.example",
            "-addext",
            "subjectAltName=DNS:news.example",
        ],
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return both


def serve_tls(server: LocalServer, certificate: Path) -> None:
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(certificate)


def test_an_untrusted_certificate_is_refused(
    server: LocalServer, net: Net, certificate: Path
) -> None:
    serve_tls(server, certificate)
    error = failure(net, "https://news.example/a")
    assert (type(error), error.retryable) == (FetchError, False)
    assert "certificat" in error.message


def test_the_certificate_is_checked_against_the_name_not_the_address(
    server: LocalServer, net: Net, certificate: Path
) -> None:
    serve_tls(server, certificate)
    server.answers["/a"] = reply()
    trusting = ssl.create_default_context(cafile=str(certificate))
    with net.fetcher(ssl_context=trusting) as fetcher:
        assert fetcher.fetch("https://news.example/a").data == PAGE
    with net.fetcher(ssl_context=trusting) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch("https://other.example/a")
    assert "certificat" in caught.value.message


def test_plain_http_on_the_secure_port_is_a_tls_failure(server: LocalServer, net: Net) -> None:
    server.answers["/a"] = reply()
    assert "sécurisée" in failure(net, "https://news.example/a").message


def test_a_tls_handshake_that_never_ends_ends_at_the_deadline(
    server: LocalServer, net: Net
) -> None:
    def silence(connection: socket.socket, path: str) -> None:
        time.sleep(5)

    server.answers.clear()
    begin = time.monotonic()
    sink = socket.create_server(("127.0.0.1", 0))  # accepts in the backlog, never speaks

    def connect(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        return connect_tcp("127.0.0.1", sink.getsockname()[1], timeout)

    with (
        sink,
        Fetcher(
            max_bytes=MAX_BYTES, timeout_seconds=1, resolver=net.resolve, connector=connect
        ) as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.fetch("https://news.example/a")
    assert caught.value.retryable
    assert time.monotonic() - begin < 3


def test_proxies_of_the_environment_are_not_used(
    server: LocalServer, net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    server.answers["/a"] = reply()
    with net.fetcher() as fetcher:
        assert fetcher.fetch("http://news.example/a").data == PAGE


def every_exception(module: ModuleType) -> list[type[Exception]]:
    """Return all the exception classes that `module` publishes."""
    published = (getattr(module, name) for name in module.__all__)
    return [item for item in published if isinstance(item, type) and issubclass(item, Exception)]


@pytest.mark.parametrize("kind", every_exception(httpcore), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_network_library_becomes_ours(
    net: Net, kind: type[Exception]
) -> None:
    def fail(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        raise kind("broken")

    with (
        Fetcher(
            max_bytes=MAX_BYTES, timeout_seconds=1, resolver=net.resolve, connector=fail
        ) as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.fetch("http://news.example/a")
    assert caught.value.__cause__ is not None
    assert caught.value.subject == "http://news.example/a"
