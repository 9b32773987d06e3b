"""Administrators told of failing sources: the notice and that it was given are one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.conversations import Place
from bot.digests.parcels import Parcel
from bot.store.feed_alerts import FeedAlertStore
from bot.store.outbox import OutboxStore
from bot.views.messages import Message
from knowledge.feeds.types import Feed
from tests.followed import NOW, World

LATER = NOW + timedelta(hours=25)
NOTICES = [Parcel(f"feeds:1:{chief}", Place(chief), Message("En panne")) for chief in (7, 8)]


def failing(world: World, number: int) -> Feed:
    return world.follow(f"http://news.example/{number}", failing_since=NOW, failures=3)


def told_at(world: World, feed: Feed) -> object:
    stored = world.store.feed(feed.id)
    assert stored is not None
    return stored.told_at


def test_what_was_told_is_remembered_with_a_notice_for_each(world: World) -> None:
    alerts = FeedAlertStore(world.articles.database)
    outbox = OutboxStore(world.articles.database)
    one, other = failing(world, 1), failing(world, 2)
    assert alerts.tell([one.id], NOTICES, now=LATER)
    assert (told_at(world, one), told_at(world, other)) == (LATER, None)
    ready = outbox.ready(most=9, skip=(), now=LATER)
    assert len(ready) == outbox.open_count() == 2


def test_nothing_is_told_of_what_was_told_or_is_read_again_meanwhile(world: World) -> None:
    alerts = FeedAlertStore(world.articles.database)
    outbox = OutboxStore(world.articles.database)
    told, read, new = (failing(world, number) for number in (1, 2, 3))
    assert alerts.tell([told.id], [], now=NOW)
    world.store.save(replace(read, failing_since=None, failures=0))
    for meanwhile in (told, read):
        assert not alerts.tell([new.id, meanwhile.id], NOTICES, now=LATER)
    assert (told_at(world, told), told_at(world, read), told_at(world, new)) == (NOW, None, None)
    assert outbox.open_count() == 0
