"""What later visits do: unchanged feeds, corrected articles, walls, copies, what is left over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from knowledge.feeds.types import FeedState, VisitStatus
from knowledge.sources.responses import NO_VALIDATORS, Validators
from knowledge.store.feed_schema import article_copies
from tests.followed import BODY, FEED_URL, NOW, SECOND, World, item, page, rss
from tests.web_server import reply

HOUR = timedelta(hours=1)
UNMODIFIED = reply(b"", "304 Not Modified")
CORRECTED = BODY.replace("1,5 million", "1,8 million")


def paths(world: World) -> list[str]:
    """The paths asked for, in order; the list begins anew."""
    asked = [request.split(" ")[1] for request in world.server.requests]
    world.server.requests.clear()
    return asked


def state(world: World) -> list[tuple[str, int, bool]]:
    """The texts of the articles with their version, and whether they are summaries."""
    return [(article.text, article.version, article.summary_only) for article in world.kept()]


def test_an_unchanged_feed_is_asked_about_and_not_read_again(world: World) -> None:
    world.serve(rss(item()), ETag='"v1"', Last_Modified="Tue, 12 May 2026 08:30:00 GMT")
    world.follow()
    validators = Validators('"v1"', "Tue, 12 May 2026 08:30:00 GMT")
    assert world.visit().feed.validators == validators
    assert paths(world) == ["/rss", "/a"]
    world.server.answers["/rss"] = UNMODIFIED
    again = world.visit(at=NOW + HOUR / 2)
    assert (again.status, again.feed.validators) == (VisitStatus.UNCHANGED, validators)
    assert again.feed.succeeded_at == NOW + HOUR / 2
    assert 'If-None-Match: "v1"' in world.server.requests[0]
    assert paths(world) == ["/rss"]


def test_a_page_corrected_at_the_source_is_a_new_version(world: World) -> None:
    world.serve(rss(item()))
    world.follow()
    world.visit()
    world.server.answers["/a"] = reply(page(body=CORRECTED))
    assert world.visit(at=NOW + HOUR / 2).updated == 0  # too early to look again
    assert world.visit(at=NOW + HOUR).updated == 1
    assert state(world) == [(CORRECTED, 2, False)]


def test_an_article_is_looked_at_at_growing_intervals_for_a_week(world: World) -> None:
    world.serve(rss(item(date="Wed, 13 May 2026 12:00:00 GMT")))
    world.server.answers["/a"] = reply(page(), ETag='"p"')
    world.follow()
    world.visit()
    world.server.answers["/a"] = UNMODIFIED
    looked = []
    for hours in range(1, 24 * 10):
        world.server.requests.clear()
        world.visit(at=NOW + hours * HOUR)
        if any(" /a " in request for request in world.server.requests):
            looked.append(hours)
            assert 'If-None-Match: "p"' in world.server.requests[-1]
    assert looked == [1, 7, 31, 79, 127]
    assert state(world) == [(BODY, 1, False)]


def test_an_entry_that_its_feed_changed_is_fetched_at_once(world: World) -> None:
    world.serve(rss(item()))
    world.follow()
    world.visit()
    world.serve(rss(item(title="La piscine rouvrira (corrigé)")))
    world.server.answers["/a"] = reply(page(body=CORRECTED))
    report = world.visit(at=NOW + HOUR / 2)
    assert (report.added, report.updated, report.failures) == (0, 1, ())
    assert [article.title for article in world.kept()] == ["La piscine rouvrira (corrigé)"]
    assert state(world) == [(CORRECTED, 2, False)]


def test_a_wall_put_up_later_takes_nothing_away(world: World) -> None:
    world.serve(rss(item()))
    world.follow()
    world.visit()
    stub = BODY.split(". ")[0] + "."
    for number, answer in enumerate((reply(page(body=stub)), reply(b"", "403 Forbidden")), 1):
        world.server.answers["/a"] = answer
        report = world.visit(at=NOW + number * 24 * HOUR)
        assert (report.updated, report.failures) == (0, ())
        assert state(world) == [(BODY, 1, False)]


def test_a_summary_takes_no_article_away_however_long_it_is(world: World) -> None:
    world.serve(rss(item()))
    world.follow()
    world.visit()
    world.serve(rss(item(summary=f"{BODY} {SECOND}")))
    world.server.answers["/a"] = reply(b"", "403 Forbidden")
    assert world.visit(at=NOW + HOUR / 2).updated == 0
    assert state(world) == [(BODY, 1, False)]


def test_a_page_that_is_gone_is_asked_for_once(world: World) -> None:
    world.serve(rss(item()))
    world.server.answers["/a"] = reply(b"", "410 Gone")
    world.follow()
    world.visit()
    for hours in range(1, 48, 6):
        world.visit(at=NOW + hours * HOUR)
    assert paths(world).count("/a") == 1


def test_an_entry_is_forgotten_a_season_after_its_feed_dropped_it(world: World) -> None:
    world.serve(rss(item(), item("/b", "Des trains")))
    world.server.answers["/b"] = reply(page("Des trains", SECOND))
    feed = world.follow()
    world.visit()
    keys = [entry.key for entry in world.store.due_looks(feed.id, NOW + 24 * HOUR, limit=9)]
    world.serve(rss(item()))
    world.visit(at=NOW + 89 * 24 * HOUR)
    assert len(world.store.seen(feed.id, keys)) == len(keys) == 2
    world.visit(at=NOW + 91 * 24 * HOUR)
    (kept,) = world.store.seen(feed.id, keys).values()
    assert kept.link == "http://news.example/a"
    assert len(world.kept()) == 2


def test_a_summary_becomes_the_article_once_its_page_can_be_had(world: World) -> None:
    world.serve(rss(item()), ETag='"v1"')
    world.server.answers["/a"] = reply(b"", "503 Unavailable")
    world.follow()
    first = world.visit()
    assert (first.added, first.summaries, len(first.failures)) == (1, 1, 1)
    world.server.answers["/a"] = reply(page())
    world.server.answers["/rss"] = UNMODIFIED
    assert world.visit(at=NOW + HOUR).updated == 1
    assert state(world) == [(BODY, 2, False)]


def test_an_article_taken_out_of_the_base_stays_out(world: World) -> None:
    world.serve(rss(item()))
    world.follow()
    world.visit()
    world.articles.remove(world.kept()[0].id, now=NOW)
    world.serve(rss(item(title="La piscine rouvrira, enfin")))
    paths(world)
    world.visit(at=NOW + 24 * HOUR)
    assert paths(world) == ["/rss"]
    assert world.kept() == []


def test_the_same_text_elsewhere_is_kept_once_and_remembered(world: World) -> None:
    world.serve(rss(item()))
    world.server.answers["/rss2"] = reply(rss(item("/b"), title="L’Écho").encode())
    world.server.answers["/b"] = reply(page())
    world.follow()
    world.visit()
    other = world.follow("http://news.example/rss2")
    assert world.visit(other).added == 0
    (kept,) = world.kept()
    with world.articles.database.reading() as connection:
        rows = connection.execute(select(article_copies)).all()
    assert [(row.origin, row.article_id, row.outlet) for row in rows] == [
        ("http://news.example/b", kept.id, "L’Écho")
    ]
    seen = world.store.due_looks(other.id, NOW + HOUR, limit=9)
    assert [entry.article_id for entry in seen] == [kept.id]
    world.server.answers["/b"] = reply(page(body=CORRECTED))  # no copy any more
    assert world.visit(other, at=NOW + HOUR).added == 1
    with world.articles.database.reading() as connection:
        assert connection.execute(select(article_copies)).all() == []


def test_what_a_visit_leaves_over_is_taken_up_by_the_next(world: World) -> None:
    links = [f"/p{number}" for number in range(5)]
    world.serve(rss(*(item(link, f"Titre {link}") for link in links)), ETag='"v1"')
    for link in links:
        world.server.answers[link] = reply(page(f"Titre {link}", f"{BODY} Fin {link}."))
    world.tools = replace(world.tools, limits=replace(world.tools.limits, pages=2, batch=2))
    world.follow()
    counts = []
    for minute in range(3):
        report = world.visit(at=NOW + minute * timedelta(minutes=1))
        counts.append((report.added, report.pending, report.feed.validators))
    assert counts == [
        (2, True, NO_VALIDATORS),
        (2, True, NO_VALIDATORS),
        (1, False, Validators('"v1"')),
    ]
    assert sorted(path for path in paths(world) if path != "/rss") == links


def test_pages_of_a_host_that_does_not_answer_are_not_asked_for_in_turn(world: World) -> None:
    entries = [item(f"/p{number}", f"Titre {number}") for number in range(5)]
    world.serve(rss(*entries))
    for number in range(5):
        world.server.answers[f"/p{number}"] = reply(b"", "503 Unavailable")
    world.follow()
    report = world.visit()
    assert paths(world) == ["/rss", "/p0", "/p1"]
    assert (report.added, report.summaries, report.pending) == (1, 5, False)
    tried_again = world.store.due_looks(report.feed.id, NOW + HOUR, limit=9)
    assert sorted(entry.link or "" for entry in tried_again if entry.looks == 1) == [
        f"http://news.example/p{number}" for number in range(5)
    ]


def test_a_visit_that_is_interrupted_goes_on_later(world: World) -> None:
    world.serve(rss(item(), item("/b", "Des trains")))
    world.server.answers["/b"] = reply(page("Des trains", SECOND))
    world.tools = replace(world.tools, limits=replace(world.tools.limits, batch=1))
    world.follow()
    report = world.visit(should_stop=lambda: len(world.ingested) == 1)
    assert (report.status, report.added, report.pending) == (VisitStatus.INTERRUPTED, 1, True)
    report = world.visit(at=NOW + HOUR)
    assert (report.status, report.added) == (VisitStatus.DONE, 1)


def test_failures_in_a_row_are_counted_spaced_and_forgotten(world: World) -> None:
    world.follow()
    waits = []
    for number in range(8):
        feed = world.visit(at=NOW + number * HOUR).feed
        waits.append((feed.next_visit_at - NOW) / HOUR - number)
    assert waits == [0.5, 1, 2, 4, 8, 12, 12, 12]  # half of twice as long each time, up to a day
    assert (feed.failures, feed.failing_since) == (8, NOW)
    world.serve(rss())
    feed = world.visit(at=NOW + 9 * HOUR).feed
    assert (feed.failures, feed.failing_since, feed.succeeded_at) == (0, None, NOW + 9 * HOUR)
    assert feed.error == "Cette page n’existe pas ou n’existe plus (code 404)."
    assert feed.failed_at == NOW + 7 * HOUR


def test_a_feed_that_moves_to_one_that_is_followed_stops(world: World) -> None:
    world.serve(rss())
    world.follow()
    old = world.follow("http://other.example/old")
    world.server.answers["/old"] = reply(b"", "301 Moved", Location=FEED_URL)
    feed = world.visit(old).feed
    assert (feed.url, feed.state) == (old.url, FeedState.STOPPED)
    assert feed.error is not None
    assert "déjà suivi" in feed.error
    assert world.store.feed(old.id) == feed
