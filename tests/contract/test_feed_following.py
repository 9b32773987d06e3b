"""Following many sources at once: on time, apart, politely, and ended within seconds."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from knowledge.feeds.bootstrap import open_feeds
from knowledge.feeds.follower import FeedFollower
from knowledge.feeds.hosts import HostLimiter
from knowledge.feeds.ports import ShouldStop
from knowledge.feeds.service import Feeds
from knowledge.feeds.types import Feed, FeedState, VisitReport, VisitStatus
from knowledge.feeds.visit import visit
from knowledge.settings import KnowledgeSettings
from tests.followed import NOW, World, item, page, rss
from tests.waiting import PATIENCE
from tests.web_server import Answer, reply


def held(released: threading.Event) -> Answer:
    def answer(connection: socket.socket, path: str) -> None:
        released.wait(2 * PATIENCE)
        connection.sendall(reply(rss().encode()))

    return answer


@contextmanager
def feeds_of(world: World, *, gap_seconds: float = 0.0, **settings: object) -> Iterator[Feeds]:
    """The feeds of `world` as the bot opens them, for sites on this machine."""
    feeds = open_feeds(
        KnowledgeSettings.model_validate({"feed_private_addresses": True, **settings}),
        world.articles.database,
        ingest=world.tools.ingest,
        read=world.tools.read,
        gap_seconds=gap_seconds,
    )
    try:
        yield feeds
    finally:
        feeds.stop(timeout_seconds=60)


def statuses(reports: tuple[VisitReport, ...]) -> dict[str, str]:
    return {report.feed.url: report.status.value for report in reports}


def test_slow_sources_of_one_host_delay_no_other(world: World) -> None:
    released = threading.Event()

    def work(feed: Feed, now: datetime, should_stop: ShouldStop) -> VisitReport:
        if "other" in feed.url:
            released.wait(300)
            return VisitReport(feed, VisitStatus.UNCHANGED)
        return visit(feed, world.tools, now=now, should_stop=should_stop)

    world.serve(rss())
    for number in range(5):
        slow = f"http://other.example/{number}"
        world.follow(slow, next_visit_at=NOW - timedelta(hours=1))
    world.follow()
    follower = FeedFollower(work, world.store, limiter=HostLimiter(0.0), workers=2)
    try:
        rounds = (follower.visit_due(NOW, wait_seconds=0.1) for _ in range(600))
        first = next(filter(None, rounds), ())
        assert statuses(first) == {"http://news.example/rss": "done"}
        assert follower.visit_due(NOW, wait_seconds=0) == ()  # none is due, some are under way
        released.set()
        second = follower.visit_due(NOW)
        assert statuses(second) == {f"http://other.example/{n}": "unchanged" for n in range(5)}
        assert len(world.server.requests) == 1
    finally:
        released.set()
        assert follower.stop(timeout_seconds=60)


def test_nothing_is_begun_nor_taken_from_other_processes_once_stopped(world: World) -> None:
    feed = world.follow()
    feeds = world.feeds()
    assert feeds.stop()
    assert feeds.visit_due(NOW, wait_seconds=0) == ()
    assert feeds.visit_now([feed], NOW) == ()
    assert world.store.claim(NOW, lease=timedelta(minutes=20), limit=9) == (feed,)


def test_pages_wait_for_their_host_as_feeds_do(world: World) -> None:
    moments: list[float] = []

    def timed(answer: bytes) -> Answer:
        def give(connection: socket.socket, path: str) -> None:
            moments.append(time.monotonic())
            connection.sendall(answer)

        return give

    world.server.answers["/rss"] = timed(reply(rss(item(), item("/b", "Des trains")).encode()))
    for path in ("/a", "/b"):
        world.server.answers[path] = timed(reply(page()))
    feed = world.follow(f"http://127.0.0.1:{world.server.port}/rss")
    with feeds_of(world, gap_seconds=0.3) as feeds:
        feeds.visit_now([feed], NOW)
    assert len(moments) == 3
    assert all(later - earlier >= 0.3 for earlier, later in pairwise(moments))


def test_a_feed_that_leads_to_another_host_waits_for_that_host_too(world: World) -> None:
    moments: list[float] = []

    def timed(connection: socket.socket, path: str) -> None:
        moments.append(time.monotonic())
        connection.sendall(reply(rss().encode()))

    port = world.server.port
    elsewhere = f"http://localhost:{port}/0"
    world.server.answers = {f"/{number}": timed for number in range(3)}
    world.server.answers["/rss"] = reply(b"", "302 Found", Location=elsewhere)
    followed = [
        world.follow(f"http://127.0.0.1:{port}/rss"),
        world.follow(f"http://localhost:{port}/1"),
        world.follow(f"http://localhost:{port}/2"),
    ]
    with feeds_of(world, gap_seconds=0.3) as feeds:
        feeds.visit_now(followed, NOW)
    assert len(moments) == 3
    assert all(later - earlier >= 0.3 for earlier, later in pairwise(sorted(moments)))


def test_a_feed_has_its_own_greatest_size_which_a_setting_names(world: World) -> None:
    padding = "<!-- " + "a" * 1_200_000 + " -->"
    base = f"http://127.0.0.1:{world.server.port}"
    world.server.answers = {
        "/rss": reply(rss(item()).encode()),
        "/a": reply(page() + padding.encode()),
        "/large": reply(rss(padding).encode()),
    }
    sources = [world.follow(f"{base}{path}") for path in ("/rss", "/large")]
    with feeds_of(world, feed_mib=1) as feeds:
        reports = feeds.visit_now(sources, NOW)
    assert [(report.added, report.feed.error) for report in reports] == [
        (1, None),
        (0, "Ce document pèse 1,1 Mio ; la limite est de 1 Mio (SOURCIER_FEED_MIB)."),
    ]


def test_feeds_that_failed_together_do_not_come_back_together(world: World) -> None:
    base = f"http://127.0.0.1:{world.server.port}"
    world.server.answers["/well"] = reply(rss().encode())
    for path in ("/1", "/2", "/3", "/well", "/well?2"):
        world.follow(f"{base}{path}")
    with feeds_of(world) as feeds:
        feeds.visit_due(NOW)
    waits = {feed.next_visit_at - NOW for feed in world.store.feeds()}
    assert len(waits) == 5
    assert all(timedelta(minutes=30) <= wait <= timedelta(minutes=60) for wait in waits)
    asked = {"gzip", "deflate", "br"}
    for request in world.server.requests:
        [encodings] = re.findall("\r\naccept-encoding: (.+?)\r\n", request, re.IGNORECASE)
        assert {name.strip() for name in encodings.split(",")} == asked


def test_sites_are_told_whom_to_write_to_by_feeds_and_by_pages(world: World) -> None:
    world.serve(rss(item()))
    feed = world.follow(f"http://127.0.0.1:{world.server.port}/rss")
    with feeds_of(world, feed_contact="https://exemple.test/robot") as feeds:
        feeds.visit_now([feed], NOW)
    asked = [
        (request.split(" ")[1], "(+https://exemple.test/robot)\r\n" in request)
        for request in world.server.requests
    ]
    assert asked == [("/rss", True), ("/a", True)]


def test_one_host_is_asked_for_one_thing_at_a_time(world: World) -> None:
    busy, most, lock = 0, 0, threading.Lock()

    def answer(connection: socket.socket, path: str) -> None:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        time.sleep(0.05)
        with lock:
            busy -= 1
        connection.sendall(reply(rss().encode()))

    for number in range(6):
        world.server.answers[f"/{number}"] = answer
        world.follow(f"http://news.example/{number}")
    feeds = world.feeds()
    try:
        reports = feeds.visit_due(NOW)
    finally:
        feeds.stop()
    assert [report.status.value for report in reports] == ["done"] * 6
    assert most == 1


def test_stopping_takes_no_longer_than_it_may(world: World) -> None:
    released = threading.Event()
    world.server.answers["/slow"] = held(released)
    world.follow("http://other.example/slow")
    feeds = world.feeds()
    feeds.visit_due(NOW, wait_seconds=0.1)
    begin = time.monotonic()
    assert not feeds.stop(timeout_seconds=0.2)
    assert time.monotonic() - begin < 3  # the visit ends after four seconds at the earliest
    assert feeds.visit_due(NOW + timedelta(days=1), wait_seconds=0) == ()
    released.set()
    assert feeds.stop(timeout_seconds=PATIENCE)


def test_a_visit_with_a_defect_ends_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def work(feed: Feed, now: datetime, should_stop: ShouldStop) -> VisitReport:
        if "other" in feed.url:
            raise RuntimeError("a defect")
        return VisitReport(feed, VisitStatus.UNCHANGED)

    good = world.follow()
    bad = world.follow("http://other.example/rss")
    follower = FeedFollower(work, world.store, limiter=HostLimiter(0.0), workers=1)
    try:
        assert [report.feed.id for report in follower.visit_due(NOW)] == [good.id]
        assert follower.visit_now([bad], NOW) == ()
    finally:
        follower.stop()
    assert "défaut de Sourcier" in caplog.text
    assert "other.example" not in caplog.text  # an address may hold a secret


def test_an_administrator_is_told_once_of_a_day_of_failures(world: World) -> None:
    world.follow()
    feeds = world.feeds()
    told = []
    for hours in range(0, 72, 6):
        now = NOW + timedelta(hours=hours)
        world.visit(at=now)
        for feed in feeds.failing_feeds_to_tell(now):
            feeds.told(feed.id, now)
            told.append(hours)
    assert told == [24]
    world.serve(rss())
    world.visit(at=NOW + timedelta(hours=80))
    del world.server.answers["/rss"]
    world.visit(at=NOW + timedelta(hours=81))
    world.visit(at=NOW + timedelta(hours=106))
    assert len(feeds.failing_feeds_to_tell(NOW + timedelta(hours=106))) == 1


def test_a_feed_that_is_gone_is_told_at_once_and_comes_back_when_added_again(
    world: World,
) -> None:
    world.follow()
    world.server.answers["/rss"] = reply(b"", "410 Gone")
    world.visit()
    feeds = world.feeds()
    assert [feed.state for feed in feeds.failing_feeds_to_tell(NOW)] == [FeedState.STOPPED]
    assert feeds.visit_due(NOW + timedelta(days=9)) == ()
    world.serve(rss())
    added = feeds.add("http://news.example/rss", now=NOW)
    assert (added.already, added.feed.state) == (True, FeedState.ACTIVE)
    assert len(feeds.visit_due(NOW)) == 1
    feeds.stop()
