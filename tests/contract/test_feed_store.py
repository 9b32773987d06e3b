"""What the feed store promises: addresses once, claims for one, telling that is not lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from knowledge.feeds.types import FeedState, SeenEntry
from knowledge.sources.responses import Validators
from knowledge.store import open_database
from knowledge.store.feeds import SqlFeedStore
from tests.followed import NOW, World, followed

HOUR = timedelta(hours=1)
OTHER = "http://other.example/rss"


def entry(key: str, **values: object) -> SeenEntry:
    seen = SeenEntry(key=key, content_hash="h", seen_at=NOW, link=f"http://news.example/{key}")
    return replace(seen, **values)  # type: ignore[arg-type]  # fields by name


def test_a_feed_is_read_back_as_it_was_stored(world: World) -> None:
    feed = followed(
        title="La Gazette",
        outlet="Gazette",
        validators=Validators('"1"', "hier"),
        interval_seconds=600,
        visited_at=NOW,
        succeeded_at=NOW,
        failing_since=NOW,
        failures=2,
        error="Refusé.",
        failed_at=NOW,
        told_at=NOW,
    )
    assert world.store.add([feed]) == (feed,)
    assert world.store.feed(feed.id) == feed
    assert world.store.feed("?") is None


def test_an_address_is_followed_once(world: World) -> None:
    first, second = followed(), followed(OTHER)
    assert world.store.add([first, first, second]) == (first, second)
    assert world.store.add([replace(first, title="x")]) == ()
    assert not world.store.save(replace(first, url=OTHER))
    assert world.store.feed(first.id) == first
    assert world.store.remove(first.id)
    assert not world.store.remove(first.id)
    assert not world.store.save(first)


def test_what_is_due_is_claimed_by_one_process(world: World) -> None:
    late = followed(OTHER, next_visit_at=NOW - HOUR)
    stopped = followed("http://half.example/rss", state=FeedState.STOPPED)
    world.store.add([followed(), late, stopped])
    database = open_database(world.articles.database.subject)
    try:
        claimed = world.store.claim(NOW, lease=HOUR, limit=1)
        others = SqlFeedStore(database).claim(NOW, lease=HOUR, limit=9)
    finally:
        database.close()
    assert ([feed.url for feed in claimed], [feed.url for feed in others]) == (
        [OTHER],
        [followed().url],
    )
    assert world.store.claim(NOW + HOUR / 2, lease=HOUR, limit=9) == ()
    assert len(world.store.claim(NOW + HOUR, lease=HOUR, limit=9)) == 2


def test_telling_during_a_visit_is_not_forgotten_by_its_end(world: World) -> None:
    feed = followed(failing_since=NOW, failures=1)
    world.store.add([feed])
    world.store.told(feed.id, NOW + HOUR)
    world.store.save(replace(feed, failures=2))
    stored = world.store.feed(feed.id)
    assert stored is not None
    assert stored.told_at == NOW + HOUR
    world.store.save(followed())
    stored = world.store.feed(feed.id)
    assert stored is not None
    assert stored.told_at is None


def test_entries_are_remembered_replaced_and_forgotten(world: World) -> None:
    feed = world.follow()
    old = entry("old", seen_at=NOW - 99 * HOUR, next_look_at=NOW)
    new = entry("new", next_look_at=NOW + HOUR, error="Refusé.", validators=Validators('"1"'))
    world.store.remember(feed.id, [old, new, entry("third")], now=NOW)
    assert world.store.seen(feed.id, ["old", "new", "?"]) == {"old": old, "new": new}
    assert world.store.due_looks(feed.id, NOW, limit=9) == (old,)
    world.store.remember(feed.id, [replace(old, looks=1, next_look_at=None)], now=NOW)
    assert world.store.due_looks(feed.id, NOW + HOUR, limit=9) == (new,)
    assert world.store.counts() == {feed.id: (0, 3)}
    world.store.forget_before(feed.id, NOW, keep=["old"])
    assert len(world.store.seen(feed.id, ["old", "new", "third"])) == 3
    world.store.forget_before(feed.id, NOW, keep=[])
    assert set(world.store.seen(feed.id, ["old", "new", "third"])) == {"new", "third"}
    world.store.remove(feed.id)
    world.store.remember(feed.id, [new], now=NOW)
    assert world.store.seen(feed.id, ["new"]) == {}
