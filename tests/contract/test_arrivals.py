"""What feeds and outlets bring of an article that others brought before, told once to each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.digest.build import build_digests
from knowledge.digest.types import DigestRequest, Subjects, Window, WindowBasis
from knowledge.feeds.types import Feed, SeenEntry
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.store.feeds import SqlFeedStore
from knowledge.types import ArticleId
from tests.empty_base import place_empty_base
from tests.followed import BODY, NOW, SECOND, World, followed, item, page, rss
from tests.news import POOL, TRAIN, draft, save
from tests.web_server import reply

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FIVE = NOW + 5 * HOUR  # in the afternoon
SEVEN = FIVE + 2 * HOUR
EDGES = (FIVE - DAY, FIVE + HOUR, FIVE + HOUR + DAY, FIVE + HOUR + 2 * DAY)  # digests at six


def told(store: SqlArticleStore, window: Window, **subjects: tuple[str, ...]) -> list[ArticleId]:
    """Return the articles of one digest, every source of it apart."""
    request = DigestRequest(window, Subjects(**subjects), most_items=20)
    [digest] = build_digests([request], store=store, now=window.until)
    return [item.article.id for item in digest.items] if digest is not None else []


def days_told(world: World, **subjects: tuple[str, ...]) -> list[int]:
    """Return in which of the digests at six, from 0, the one article is told."""
    return [
        day
        for day, (since, until) in enumerate(pairwise(EDGES))
        for _ in told(world.articles, Window(since, until), **subjects)
    ]


def two_feeds(world: World, link: str) -> tuple[Feed, Feed]:
    """Follow two feeds of one article, the second at `link`."""
    world.serve(rss(item()))
    world.server.answers["/rss2"] = reply(rss(item(link), title="L’Écho").encode())
    world.server.answers["/b"] = reply(page())  # the same text
    return world.follow(), world.follow("http://news.example/rss2")


@pytest.mark.parametrize("link", ["/a", "/b"], ids=["same page", "copy elsewhere"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_feed_or_an_outlet_that_comes_second_is_told_to_its_readers_then(
    world: World, link: str, turned: bool
) -> None:
    feeds, outlets = two_feeds(world, link), ("La Gazette", "L’Écho")
    if turned:
        feeds, outlets = (feeds[1], feeds[0]), (outlets[1], outlets[0])
    world.visit(feeds[0], at=FIVE)
    assert days_told(world, feeds=(feeds[0].id,)) == [0]
    world.visit(feeds[1], at=SEVEN)
    for hours in (12, 30):  # it is seen again, and no news
        for feed in feeds:
            world.visit(feed, at=SEVEN + hours * HOUR)
    assert len(world.kept()) == 1
    assert days_told(world) == [0]
    for chosen in (outlets, feeds):
        kind = "feeds" if chosen is feeds else "outlets"
        names = tuple(one.id if isinstance(one, Feed) else one for one in chosen)
        assert days_told(world, **{kind: names[:1]}) == [0]
        assert days_told(world, **{kind: names[1:]}) == [1]
        assert days_told(world, **{kind: names}) == [0]
        assert days_told(world, **{kind: ("Ailleurs",)}) == []
    assert days_told(world, feeds=(feeds[0].id,), outlets=(outlets[1],)) == [1]
    assert days_told(world, feeds=(feeds[1].id,), words=("football",)) == []


def test_a_source_that_is_followed_anew_brings_nothing_again(world: World) -> None:
    first, second = two_feeds(world, "/a")
    for feed in (first, second):
        world.visit(feed, at=FIVE)
    world.store.remove(second.id)
    world.store.add([second])
    world.visit(second, at=SEVEN)
    assert days_told(world, feeds=(second.id,)) == [0]


def test_what_a_long_visit_brings_is_of_the_window_in_which_it_is_known(world: World) -> None:
    first, second = two_feeds(world, "/a")
    world.visit(first, at=FIVE)
    tools = world.tools
    world.tools = replace(tools, now=lambda: SEVEN)  # begun at half past five, it ends at seven
    world.visit(second, at=FIVE + HOUR / 2)
    assert days_told(world, feeds=(second.id,)) == [1]


def test_what_another_feed_brings_changes_no_digest_of_those_who_did_not_choose_it(
    world: World,
) -> None:
    first, second = two_feeds(world, "/a")
    world.visit(first, at=FIVE)
    retouched = f"{BODY} Les bassins seront chauffés au bois."
    save(world.articles, draft(retouched, "Piscine", published=None), now=SEVEN + HOUR)
    window = Window(EDGES[1], EDGES[2])

    def digests(*feeds: str) -> object:
        request = DigestRequest(window, Subjects(feeds=feeds))
        return build_digests([request], store=world.articles, now=window.until)

    before = digests(), digests(first.id)
    world.visit(second, at=SEVEN)
    assert (digests(), digests(first.id)) == before
    assert digests(second.id) != before[1]


def test_the_day_of_an_article_without_a_date_is_when_it_came_by_a_chosen_feed(
    world: World,
) -> None:
    first, second = two_feeds(world, "/a")
    world.serve(rss(item(date="")))
    world.server.answers["/rss2"] = reply(rss(item(date=""), title="L’Écho").encode())
    world.visit(first, at=FIVE)
    world.visit(second, at=SEVEN)
    late = Window(FIVE + HOUR, FIVE + 5 * HOUR, WindowBasis.PUBLICATION)
    assert [article.published for article in world.kept()] == [None]
    assert told(world.articles, late, feeds=(first.id,)) == []
    assert len(told(world.articles, late, feeds=(second.id,))) == 1


def test_what_was_published_a_week_ago_is_not_told_however_it_comes(world: World) -> None:
    first, second = two_feeds(world, "/a")  # an article of the day before
    world.visit(first, at=FIVE)
    world.visit(second, at=FIVE + 7 * DAY)
    late = Window(FIVE + 6 * DAY, FIVE + 8 * DAY)
    assert told(world.articles, late, feeds=(second.id,)) == []


TEXTS = (POOL, TRAIN, SECOND)
START = datetime(2026, 5, 1, tzinfo=UTC)
FEEDS = tuple(followed(f"http://{name}.example/rss") for name in ("un", "deux", "trois"))
OUTLETS = ("La Une", "Le Deux", "Le Trois")


@dataclass(frozen=True)
class Coming:
    """A feed brings a text, as published by an outlet, at an address of its own or a common one."""

    hour: int
    text: int
    feed: int
    outlet: int | None
    common: bool

    def take_place(self, articles: SqlArticleStore, feeds: SqlFeedStore) -> None:
        """Have the base learn of it."""
        where = "commun" if self.common else f"{self.feed}-{self.outlet}"
        origin = f"https://x.test/{self.text}/{where}"
        outlet = None if self.outlet is None else OUTLETS[self.outlet]
        new = draft(TEXTS[self.text], f"{self.text}", outlet=outlet, published=None, origin=origin)
        now = START + self.hour * HOUR
        save(articles, new, now=now)
        article = feeds.articles_at([origin])[origin]
        seen = SeenEntry(key=origin, content_hash="h", seen_at=now, article_id=article)
        feeds.remember(FEEDS[self.feed].id, [seen], now=now)


COMINGS = st.lists(
    st.builds(
        Coming,
        hour=st.integers(0, 71),
        text=st.integers(0, 2),
        feed=st.integers(0, 2),
        outlet=st.none() | st.integers(0, 2),
        common=st.booleans(),
    ),
    max_size=9,
)


def expected(comings: Sequence[Coming], chosen: Subjects) -> list[str]:
    """Return the titles of the texts that ever came by what was chosen."""
    feeds = [feed.id for feed in FEEDS]
    return sorted(
        f"{text}"
        for text in range(len(TEXTS))
        if (known := [one for one in comings if one.text == text])
        and (not chosen.feeds or {feeds[one.feed] for one in known} & {*chosen.feeds})
        and (
            not chosen.outlets
            or {OUTLETS[one.outlet] for one in known if one.outlet is not None} & {*chosen.outlets}
        )
    )


def brought(hour: int, feed: int, outlet: int | None = None) -> Coming:
    return Coming(hour, text=0, feed=feed, outlet=outlet, common=True)


@settings(max_examples=12, deadline=None)
@example([brought(5, 0), brought(10, 1)], [10], {FEEDS[1].id}, set())
@example([brought(5, 0, 0), brought(10, 0, 1)], [10], set(), {OUTLETS[1]})
@example([brought(5, 0), brought(15, 0)], [10], {FEEDS[0].id}, set())
@example([brought(0, 0, 0), brought(5, 1, 1), brought(15, 1, 1)], [1, 10], set(), {OUTLETS[1]})
@given(
    comings=COMINGS,
    cuts=st.lists(st.integers(1, 71), max_size=4),
    feeds=st.sets(st.sampled_from([feed.id for feed in FEEDS]), max_size=2),
    outlets=st.sets(st.sampled_from(OUTLETS), max_size=2),
)
def test_windows_in_a_row_tell_each_wanted_article_exactly_once(
    tmp_path_factory: pytest.TempPathFactory,
    comings: list[Coming],
    cuts: list[int],
    feeds: set[str],
    outlets: set[str],
) -> None:
    path = place_empty_base(tmp_path_factory.mktemp("arrivals") / "base.sqlite3")
    edges = [START + hour * HOUR for hour in sorted({0, 72, *cuts})]
    chosen = Subjects(feeds=tuple(feeds), outlets=tuple(outlets))
    with closing(open_store(path)) as store:
        followed_feeds = SqlFeedStore(store.database)
        followed_feeds.add(FEEDS)
        for coming in sorted(comings, key=lambda one: one.hour):
            coming.take_place(store, followed_feeds)
        requests = [DigestRequest(Window(*pair), chosen) for pair in pairwise(edges)]
        digests = build_digests(requests, store=store, now=edges[-1])
    found = [one.article.title for digest in digests if digest for one in digest.items]
    assert sorted(found) == expected(comings, chosen)
