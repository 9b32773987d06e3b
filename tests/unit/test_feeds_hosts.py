"""Turns at hosts: one at a time, apart, each host for itself; by a clock of the test."""

from __future__ import annotations

import threading
import time

import pytest

from knowledge.errors import FetchError
from knowledge.feeds.hosts import HostLimiter, host_of
from tests.waiting import PATIENCE


class Clock:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waited: list[float] = []

    def read(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds


def test_requests_to_one_host_are_apart_and_others_do_not_wait() -> None:
    clock = Clock()
    limiter = HostLimiter(1.5, clock=clock.read, wait=clock.wait)
    began: list[tuple[str, float]] = []
    for url in ("http://a.test/1", "http://A.test:80/2", "http://b.test/1", "http://a.test/3"):
        with limiter.turn_at(url):
            began.append((url, clock.now))
            clock.now += 0.5  # what the request takes
    assert [(url, round(at - 100, 6)) for url, at in began] == [
        ("http://a.test/1", 0),
        ("http://A.test:80/2", 2),
        ("http://b.test/1", 2.5),
        ("http://a.test/3", 4),
    ]


def test_a_host_is_one_thread_s_at_a_time() -> None:
    waiting, order = threading.Event(), list[str]()

    def wait(_seconds: float) -> None:
        waiting.set()
        time.sleep(0.01)

    limiter = HostLimiter(0.0, wait=wait)

    def second() -> None:
        with limiter.turn("a.example"):
            order.append("second")

    thread = threading.Thread(target=second, daemon=True)
    with limiter.turn("a.example"):
        thread.start()
        assert waiting.wait(60)
        order.append("first")
    thread.join(60)
    assert order == ["first", "second"]


def test_a_turn_ends_with_an_error_too() -> None:
    limiter = HostLimiter(0.0)
    with pytest.raises(RuntimeError), limiter.turn("a.test"):
        raise RuntimeError
    with limiter.turn("a.test"):
        pass


def test_who_waits_is_let_go_when_the_limiter_stops() -> None:
    limiter = HostLimiter(60.0)
    with limiter.turn("a.test"):
        pass
    failures: list[FetchError] = []

    def wait_for_a_turn() -> None:
        try:
            with limiter.turn("a.test"):
                pass
        except FetchError as error:
            failures.append(error)

    thread = threading.Thread(target=wait_for_a_turn)
    thread.start()
    limiter.stop()
    thread.join(PATIENCE)
    assert [error.retryable for error in failures] == [True]


def test_an_address_without_a_host_has_none() -> None:
    assert [host_of(url) for url in ("http://[::1", "file:/a", "", "https://A.test/x")] == [
        "", "", "", "a.test",
    ]  # fmt: skip
