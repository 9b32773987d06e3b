"""What a window of a real store holds: each article once, with its sentences, copies and feeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from knowledge.digest.build import build_digests
from knowledge.digest.types import Copy, DigestRequest, Subjects, Window, WindowBasis
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.store.feed_schema import article_copies
from knowledge.types import article_id
from tests.empty_base import place_empty_base
from tests.followed import NOW as FOLLOWED_AT
from tests.followed import SECOND, World, item, page, rss
from tests.news import NOW, TRAIN, draft, save
from tests.web_server import reply

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlArticleStore]:
    opened = open_store(place_empty_base(tmp_path / "base.sqlite3"))
    yield opened
    opened.close()


def _titles(store: SqlArticleStore, window: Window) -> list[str]:
    return [one.article.title for one in store.new_articles(window)]


def test_an_article_comes_with_its_sentences_and_its_copies(store: SqlArticleStore) -> None:
    save(store, draft(TRAIN, "Le train", origin="https://exemple.test/train"))
    key = article_id("https://exemple.test/train")
    row = {
        "origin": "https://x.test/a",
        "article_id": key,
        "url": "https://x.test/a",
        "outlet": "B",
        "published": NOW,
        "seen_at": NOW,
    }
    with store.database.writing() as connection:
        connection.execute(insert(article_copies).values(row))
    (found,) = store.new_articles(Window(NOW, NOW + DAY))
    assert found.article == store.article(key)
    assert found.sentences == store.sentences(key, 1)
    assert (found.saved_at, found.by_feeds, found.by_outlets) == (NOW, (), ())
    assert found.copies == (Copy("B", "https://x.test/a", NOW),)


@pytest.mark.parametrize(
    ("published", "arrival", "publication"),
    [
        (NOW - 2 * DAY, True, False),  # found late: told when it comes
        (NOW + timedelta(hours=2) - 7 * DAY, True, False),  # a week before the end, to the second
        (NOW + timedelta(hours=2, seconds=-1) - 7 * DAY, False, False),  # too old by then
        (NOW + timedelta(hours=1), True, True),
        (None, True, True),
        (NOW + 3 * DAY, True, False),  # dated ahead: told when it comes
    ],
)
def test_windows_go_by_arrival_or_by_publication(
    store: SqlArticleStore, published: datetime | None, arrival: bool, publication: bool
) -> None:
    save(store, draft(published=published))
    window = Window(NOW, NOW + timedelta(hours=2))
    assert bool(_titles(store, window)) is arrival
    by_publication = Window(window.since, window.until, WindowBasis.PUBLICATION)
    assert bool(_titles(store, by_publication)) is publication


def test_a_subscription_to_a_feed_gets_what_that_feed_announced_and_no_more(world: World) -> None:
    world.serve(rss(item()))
    world.server.answers["/rss2"] = reply(
        rss(item("/b", "La piscine"), item("/c", "Six gares"), title="L’Écho").encode()
    )
    world.server.answers["/b"] = reply(page())  # word for word the first feed's
    world.server.answers["/c"] = reply(page("Six gares", SECOND))
    first, second = world.follow(), world.follow("http://news.example/rss2")
    for feed in (first, second):
        world.visit(feed)
    window = Window(FOLLOWED_AT - DAY, FOLLOWED_AT + DAY)
    found = {
        new.article.title: {one.name for one in new.by_feeds}
        for new in world.articles.new_articles(window)
    }
    assert found == {"La piscine rouvrira": {first.id, second.id}, "Six gares": {second.id}}

    def told(*feeds: str) -> list[str]:
        request = DigestRequest(window, Subjects(feeds=feeds))
        [digest] = build_digests([request], store=world.articles, now=FOLLOWED_AT)
        return sorted(one.article.title for one in digest.items) if digest else []

    assert told(first.id) == ["La piscine rouvrira"]
    assert told(second.id) == ["La piscine rouvrira", "Six gares"]
    assert told("0" * 20) == []


def test_a_correction_is_no_news_and_the_current_version_is_told(store: SqlArticleStore) -> None:
    origin = "https://exemple.test/a"
    save(store, draft(origin=origin), now=NOW)
    save(store, draft(TRAIN, "Corrigé", origin=origin), now=NOW + 2 * DAY)
    assert _titles(store, Window(NOW, NOW + DAY)) == ["Corrigé"]
    assert _titles(store, Window(NOW + DAY, NOW + 3 * DAY)) == []
    store.remove(article_id(origin), now=NOW + 3 * DAY)
    assert _titles(store, Window(NOW, NOW + DAY)) == []


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 71), max_size=10), st.lists(st.integers(1, 71), max_size=4))
@example(arrivals=[9, 10, 11], cuts=[10])
def test_windows_that_follow_one_another_lose_and_repeat_nothing(
    tmp_path_factory: pytest.TempPathFactory, arrivals: list[int], cuts: list[int]
) -> None:
    store = open_store(tmp_path_factory.mktemp("windows") / "base.sqlite3")
    start = datetime(2026, 5, 1, tzinfo=UTC)
    for number, hour in enumerate(arrivals):
        moment = start + timedelta(hours=hour)
        save(store, draft(f"Texte numéro {number}.", f"{number}", published=start), now=moment)
    edges = [start + timedelta(hours=hour) for hour in sorted({0, 72, *cuts})]
    found = [
        title for since, until in pairwise(edges) for title in _titles(store, Window(since, until))
    ]
    store.close()
    assert sorted(found, key=int) == [str(number) for number in range(len(arrivals))]
