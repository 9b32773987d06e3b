"""Turns at hosts, as a fetch takes them: one for each request, redirected ones too."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpcore
import pytest

from knowledge.errors import FetchError
from knowledge.sources.fetch import Fetcher
from knowledge.sources.network import Deadline
from tests.web_server import MAX_BYTES, Answer, LocalServer, Net, reply


def test_each_redirect_takes_the_turn_of_its_own_host_and_holds_no_other(
    server: LocalServer, net: Net
) -> None:
    events: list[tuple[str, str]] = []

    @contextmanager
    def turn(url: str) -> Iterator[None]:
        events.append(("held", urlsplit(url).hostname or ""))
        yield
        events.append(("over", urlsplit(url).hostname or ""))

    def told(answer: bytes) -> Answer:
        def give(connection: socket.socket, path: str) -> None:
            events.append(("asked", path))
            connection.sendall(answer)

        return give

    server.answers = {
        "/a": told(reply(b"", "302 Found", Location="http://other.example/b")),
        "/b": told(reply(b"", "301 Moved", Location="/c")),
        "/c": told(reply()),
    }
    with Fetcher(
        max_bytes=MAX_BYTES,
        timeout_seconds=60,
        turn=turn,
        resolver=net.resolve,
        connector=net.connect,
    ) as fetcher:
        fetcher.fetch("http://News.example/a")
    assert events == [
        ("held", "news.example"), ("asked", "/a"), ("over", "news.example"),
        ("held", "other.example"), ("asked", "/b"), ("over", "other.example"),
        ("held", "other.example"), ("asked", "/c"), ("over", "other.example"),
    ]  # fmt: skip


def test_waiting_for_a_turn_takes_nothing_from_the_time_of_the_fetch(
    server: LocalServer, net: Net
) -> None:
    spent: list[tuple[float, float]] = []
    waited = 0.0

    @contextmanager
    def turn(url: str) -> Iterator[None]:
        nonlocal waited
        begin = time.monotonic()
        time.sleep(0.3)
        waited += time.monotonic() - begin
        yield

    def connect(address: str, port: int, left: float) -> httpcore.NetworkStream:
        spent.append((60 - left, time.monotonic() - begun - waited))
        return net.connect(address, port, left)

    server.answers["/a"] = reply(b"", "302 Found", Location="http://other.example/b")
    server.answers["/b"] = reply()
    with Fetcher(
        max_bytes=MAX_BYTES,
        timeout_seconds=60,
        turn=turn,
        resolver=net.resolve,
        connector=connect,
    ) as fetcher:
        begun = time.monotonic()
        fetcher.fetch("http://news.example/a")
    assert len(spent) == 2
    assert all(counted <= ours for counted, ours in spent)


def test_a_deadline_ends_what_follows_a_pause() -> None:
    deadline = Deadline(0.01)
    with deadline.paused():
        time.sleep(0.02)
    time.sleep(0.02)
    with pytest.raises(httpcore.ReadTimeout):
        deadline.remaining()


def test_a_turn_that_is_refused_is_the_error_of_the_fetch(server: LocalServer, net: Net) -> None:
    @contextmanager
    def turn(url: str) -> Iterator[None]:
        if "other" in url:
            raise FetchError("Arrêt.", subject="other.example")
        yield

    server.answers["/a"] = reply(b"", "302 Found", Location="http://other.example/b")
    with (
        Fetcher(
            max_bytes=MAX_BYTES,
            timeout_seconds=60,
            turn=turn,
            resolver=net.resolve,
            connector=net.connect,
        ) as fetcher,
        pytest.raises(FetchError, match="Arrêt") as caught,
    ):
        fetcher.fetch("http://news.example/a")
    assert (caught.value.retryable, len(server.requests)) == (True, 1)
