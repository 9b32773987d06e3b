"""Fetching from a hostile server on loopback: what is refused, and that it ends in time."""

import gzip
import socket
import time
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from types import ModuleType

import brotli
import httpcore
import pytest

from knowledge.errors import (
    DocumentTooLargeError,
    FetchError,
    UnreadableDocumentError,
)
from knowledge.sources.fetch import Fetcher
from knowledge.sources.responses import Fetched, Validators
from knowledge.types import RawDocument
from tests.web_server import MAX_BYTES, PAGE, PUBLIC, LocalServer, Net, failure, reply


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
        time.sleep(15)

    server.answers["/a"] = announce
    begin = time.monotonic()
    assert isinstance(failure(net, "http://news.example/a"), DocumentTooLargeError)
    assert time.monotonic() - begin < 10


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
        for _ in range(150):
            connection.sendall(b"a")
            time.sleep(0.1)

    server.answers["/a"] = drip
    begin = time.monotonic()
    error = failure(net, "http://news.example/a", seconds=1)
    assert (type(error), error.retryable) == (FetchError, True)
    assert time.monotonic() - begin < 10


def test_a_slow_resolver_ends_at_the_deadline(server: LocalServer) -> None:
    def slow(host: str, port: int) -> Sequence[str]:
        time.sleep(15)
        return [PUBLIC]

    begin = time.monotonic()
    with (
        Fetcher(max_bytes=MAX_BYTES, timeout_seconds=0.5, resolver=slow) as fetcher,
        pytest.raises(FetchError),
    ):
        fetcher.fetch("http://news.example/")
    assert time.monotonic() - begin < 10


def test_compressed_pages_are_read(server: LocalServer, net: Net) -> None:
    raw = zlib.compressobj(wbits=-15)
    bodies = {
        "gzip": gzip.compress(PAGE),
        "deflate": zlib.compress(PAGE),
        "x-gzip": gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]),
    }
    bodies["br"] = brotli.compress(PAGE)
    for encoding, body in [*bodies.items(), ("deflate", raw.compress(PAGE) + raw.flush())]:
        server.answers["/a"] = reply(body, Content_Encoding=encoding)
        with net.fetcher() as fetcher:
            assert fetcher.fetch("http://news.example/a").data == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_decompression_bomb_is_cut_at_the_limit(
    server: LocalServer, net: Net, encoding: str
) -> None:
    zeros = bytes(60 * MAX_BYTES)
    compress: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": partial(brotli.compress, quality=1),  # the usual one takes seconds
    }
    body = compress[encoding](zeros)
    assert len(body) < MAX_BYTES
    server.answers["/a"] = reply(body, Content_Encoding=encoding)
    assert isinstance(failure(net, "http://news.example/a"), DocumentTooLargeError)


def test_stacked_or_unasked_compressions_are_refused(server: LocalServer, net: Net) -> None:
    for encoding in ("gzip, gzip", "compress", "zstd"):
        server.answers["/a"] = reply(gzip.compress(gzip.compress(PAGE)), Content_Encoding=encoding)
        error = failure(net, "http://news.example/a")
        assert (type(error), error.retryable) == (FetchError, False)


@pytest.mark.parametrize(
    "answer",
    [
        reply(PAGE, Content_Length=str(len(PAGE) + 10)),
        reply(gzip.compress(PAGE)[:-9], Content_Encoding="gzip"),
        reply(b"no gzip at all", Content_Encoding="gzip"),
        reply(brotli.compress(PAGE * 9)[:-9], Content_Encoding="br"),
        reply(b"no brotli at all", Content_Encoding="br"),
        b"",
        b"\x00\x01 no http\r\n\r\n",
    ],
    ids=[
        "short body",
        "short gzip",
        "not gzip",
        "short brotli",
        "not brotli",
        "nothing",
        "not http",
    ],
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


def test_a_page_unmodified_since_the_last_visit_is_not_sent_again(
    server: LocalServer, net: Net
) -> None:
    server.answers["/a"] = reply(
        ETag='"1"',
        Last_Modified="Tue, 12 May 2026 08:30:00 GMT",
        Cache_Control="public, max-age=60",
    )
    validators = Validators('"1"', "Tue, 12 May 2026 08:30:00 GMT")
    page = RawDocument(PAGE, "http://news.example/a", media_type="text/html", filename="a")
    with net.fetcher() as fetcher:
        assert fetcher.fetch_changed("http://news.example/a") == Fetched(
            page, validators, max_age=60
        )
        server.answers["/a"] = reply(b"", "304 Not Modified", Content_Type="")
        assert fetcher.fetch_changed("http://news.example/a", validators) == Fetched(None)
    asked = server.requests[-1].lower()
    assert 'if-none-match: "1"\r\n' in asked
    assert "if-modified-since: tue, 12 may 2026 08:30:00 gmt\r\n" in asked
    assert "not modified" not in failure(net, "http://news.example/a").message.lower()


def test_only_permanent_redirects_from_the_start_move_an_address(
    server: LocalServer, net: Net
) -> None:
    server.answers["/a"] = reply(b"", "301 Moved", Location="/b")
    server.answers["/b"] = reply(b"", "308 Moved", Location="/c")
    server.answers["/c"] = reply(b"", "302 Found", Location="/d")
    server.answers["/d"] = reply(b"", "301 Moved", Location="/e")
    server.answers["/e"] = reply()
    with net.fetcher() as fetcher:
        moved = [fetcher.fetch_changed(f"http://news.example/{page}").moved_to for page in "abcde"]
    c, e = "http://news.example/c", "http://news.example/e"
    assert moved == [c, c, None, e, None]


def test_a_visitor_says_who_it_is_and_how_long_it_was_asked_to_wait(
    server: LocalServer, net: Net
) -> None:
    server.answers["/a"] = reply(b"", "429 Too Many Requests", Retry_After="120")
    with (
        Fetcher(
            max_bytes=MAX_BYTES,
            timeout_seconds=5,
            media_types=None,
            accept="application/rss+xml",
            contact="https://exemple.test/robot",
            resolver=net.resolve,
            connector=net.connect,
        ) as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.fetch_changed("http://news.example/a")
    assert (caught.value.status, caught.value.retry_after) == (429, "120")
    asked = server.requests[-1]
    assert "(+https://exemple.test/robot)" in asked
    assert "\r\nAccept: application/rss+xml\r\n" in asked
