"""Sources as they are added, found and taken from lists: what an address turns out to mean."""

from __future__ import annotations

from datetime import timedelta

import pytest

from knowledge.errors import FeedError, NotAFeedError
from knowledge.feeds.bootstrap import open_feeds
from knowledge.settings import KnowledgeSettings
from tests.followed import NOW, World, followed, item, page, rss
from tests.web_server import reply


def test_the_first_visits_of_a_list_are_spread_over_an_interval(world: World) -> None:
    settings = KnowledgeSettings.model_validate({"feed_minutes": 60})
    feeds = open_feeds(
        settings, world.articles.database, ingest=world.tools.ingest, read=world.tools.read
    )
    outlines = "".join(f'<outline xmlUrl="https://a.test/{n}"/>' for n in range(40))
    feeds.import_opml(f"<opml><body>{outlines}</body></opml>".encode(), NOW)
    waits = [feed.next_visit_at - NOW for feed in feeds.all()]
    assert len(waits) == 40
    assert timedelta(0) <= min(waits) < max(waits) <= timedelta(hours=1)
    assert len({wait // timedelta(minutes=20) for wait in waits}) > 1  # by chance, one in 10**18


def test_a_page_is_added_by_the_feed_that_it_names(world: World) -> None:
    head = (
        "<link rel='alternate' type='application/rss+xml' title='Commentaires' href='/comments'>"
        "<link rel='alternate' type='application/atom+xml' href='/broken'>"
        "<link rel='Alternate nofollow' type='application/rss+xml' title='Une' href='rss'>"
    )
    world.serve(rss(item(), item("/b", "Des trains")))
    world.server.answers["/"] = reply(page().replace(b"</head>", head.encode() + b"</head>"))
    feeds = world.feeds()
    added = feeds.add("http://news.example", now=NOW, outlet=" La  Gazette ", minutes=10)
    assert added.feed == followed(title="La Gazette", outlet="La Gazette", interval_seconds=600)
    assert (added.already, added.announced) == (False, 2)
    assert added.via_page == "http://news.example/"
    assert feeds.all() == (added.feed,)
    again = feeds.add("http://news.example/rss?utm_source=x", now=NOW, outlet="L’Écho")
    assert (again.already, again.feed.outlet) == (True, "L’Écho")


def test_a_feed_that_moved_for_good_is_followed_where_it_is(world: World) -> None:
    moved = reply(b"", "301 Moved Permanently", Location="http://news.example/rss")
    world.serve(rss())
    for path in ("/old", "/named"):
        world.server.answers[path] = moved
    link = b"<link rel='alternate' type='application/rss+xml' href='/named'></head>"
    world.server.answers["/"] = reply(page().replace(b"</head>", link))
    feeds = world.feeds()
    for address in ("http://news.example/old", "http://news.example/"):
        assert feeds.add(address, now=NOW).feed.url == "http://news.example/rss"
        feeds.remove("http://news.example/rss")


def test_of_the_feeds_that_a_page_names_three_are_tried(world: World) -> None:
    world.serve(rss())
    link = "<link rel='alternate' type='application/rss+xml' href='{}'>"
    names = ("/1", "/2", "/3", "/rss")
    head = "".join(map(link.format, names)).encode()
    world.server.answers["/"] = reply(page().replace(b"</head>", head + b"</head>"))
    feeds = world.feeds()
    with pytest.raises(NotAFeedError):
        feeds.add("http://news.example/", now=NOW)
    asked = [request.split(" ")[1] for request in world.server.requests]
    assert asked == ["/", "/1", "/2", "/3"]


def test_what_is_no_feed_is_not_added_unless_unchecked(world: World) -> None:
    world.server.answers["/"] = reply(page())
    feeds = world.feeds()
    with pytest.raises(NotAFeedError) as caught:
        feeds.add("http://news.example/", now=NOW)
    assert "n’en nomme aucun" in caught.value.message
    assert feeds.all() == ()
    added = feeds.add("news.example/", now=NOW, unchecked=True)
    assert added.feed.url == "https://news.example/"
    with pytest.raises(FeedError):
        feeds.add("news.example/", now=NOW, minutes=1, unchecked=True)


def test_a_source_is_found_by_address_id_or_name(world: World) -> None:
    feeds = world.feeds()
    first = world.follow(title="La Gazette")
    world.follow("http://other.example/rss", title="La Gazette du soir")
    for wanted in (first.url, "http://news.example/rss#x", first.id, first.id[:9], "la gazette"):
        assert feeds.find(wanted) == first
    for wanted, words in (("la gaz", "Plusieurs"), ("Le Phare", "Aucune"), ("", "Aucune")):
        with pytest.raises(FeedError, match=words):
            feeds.find(wanted)
    assert feeds.remove("La Gazette") == first
    assert [feed.title for feed in feeds.all()] == ["La Gazette du soir"]
