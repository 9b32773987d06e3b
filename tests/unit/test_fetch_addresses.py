"""Fetching: which addresses are visited, over redirects, names that change, and proxies."""

import socket

import httpcore
import pytest

from knowledge.errors import FetchError, ForbiddenAddressError
from knowledge.sources.fetch import Fetcher
from knowledge.types import RawDocument
from tests.web_server import MAX_BYTES, OTHER_PUBLIC, PAGE, PUBLIC, LocalServer, Net, failure, reply


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
    "url", ["", "pas une adresse", "http://", "http://a b/", "http://[::1", "http://x:99999/"]
)
def test_what_is_no_address_is_refused_without_a_connection(net: Net, url: str) -> None:
    with net.fetcher() as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    assert not caught.value.retryable
    assert net.dialled == []


def test_proxies_of_the_environment_are_not_used(
    server: LocalServer, net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    server.answers["/a"] = reply()
    with net.fetcher() as fetcher:
        assert fetcher.fetch("http://news.example/a").data == PAGE
