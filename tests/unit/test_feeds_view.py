"""What administrators read of the followed sources, to the last mark."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.texts import feeds as texts
from bot.views.feeds_view import (
    FeedList,
    past,
    render_added_feed,
    render_failing_feeds,
    render_feeds,
)
from bot.views.messages import Message
from knowledge.feeds.finding import AddedFeed
from knowledge.feeds.types import Feed, FeedKind, FeedState, feed_id

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 5, 13, 22, 30, tzinfo=UTC)  # half past midnight on the 14th in Paris
HOUR = timedelta(hours=1)


def followed(
    name: str = "La Gazette", url: str = "https://flux.test/rss", **values: object
) -> Feed:
    feed = Feed(
        id=feed_id(url),
        url=url,
        kind=FeedKind.FEED,
        state=FeedState.ACTIVE,
        added_at=NOW,
        next_visit_at=NOW + 2 * HOUR,
        title=name,
    )
    return replace(feed, **values)  # type: ignore[arg-type]  # fields by name


def listed(*feeds: Feed, **counts: int) -> list[str]:
    """Return the lines about one source of a list."""
    message = render_feeds(FeedList(feeds, NOW, PARIS, counts))
    return message.text.replace("\u00a0", " ").split("\n\n")[1].split("\n")


def test_a_moment_is_told_in_the_reader_s_day_and_year() -> None:
    found = [
        past(moment, now=NOW, zone=PARIS).replace("\u00a0", " ")
        for moment in (NOW, NOW - HOUR, NOW - 26 * HOUR, NOW.replace(year=2025))
    ]
    assert found == [
        "aujourd’hui à 0 h 30",
        "hier à 23 h 30",
        "le 12 mai à 22 h 30",
        "le 14 mai 2025 à 0 h 30",
    ]


def test_a_source_says_how_its_visits_went() -> None:
    well = followed(succeeded_at=NOW - HOUR)
    assert listed(well, **{well.id: 3}) == [
        "1. La Gazette (3 articles)",
        "Dernier succès : hier à 23 h 30",
        "Prochaine visite : à 2 h 30",
    ]
    again = replace(well, failed_at=NOW - 2 * HOUR, error="En panne.", next_visit_at=NOW)
    assert listed(again, **{well.id: 1}) == [
        "1. La Gazette (1 article)",
        "Dernier succès : hier à 23 h 30",
        "Dernière erreur, hier à 22 h 30 : En panne.",
        "Prochaine visite : dans un instant",
    ]
    failing = replace(again, failures=2, failing_since=NOW - 3 * HOUR, failed_at=NOW)
    assert listed(failing)[2] == (
        "En échec depuis hier à 21 h 30, dernière erreur aujourd’hui à 0 h 30 : En panne."
    )
    stopped = replace(failing, state=FeedState.STOPPED)
    assert listed(stopped)[2:] == [
        "Arrêtée, dernière erreur aujourd’hui à 0 h 30 : En panne.",
        "Prochaine visite : aucune",
    ]


def test_a_source_without_a_link_shows_where_it_is() -> None:
    folder = followed("dépêches", "file:/srv/depeches", kind=FeedKind.FOLDER)
    assert listed(folder)[0] == "1. dépêches, dossier /srv/depeches (0 article)"
    inner = followed("Interne", "http://nuage/rss")  # a host that Telegram links to nowhere
    assert listed(inner)[0] == "1. Interne, http://nuage/rss (0 article)"
    nameless = followed("", title=None)
    assert listed(nameless)[0] == "1. https://flux.test/rss (0 article)"


def test_what_came_of_adding_is_told() -> None:
    feed = followed()
    told = {
        render_added_feed(added, followed=True).text.replace("\u00a0", " ")
        for added in (
            AddedFeed(feed, announced=0),
            AddedFeed(feed, announced=2, via_page="https://flux.test/"),
            AddedFeed(feed, announced=2, already=True),
        )
    }
    assert told == {
        "Source suivie : La Gazette.\nElle n’annonce aucun article pour le moment.",
        "Source suivie : La Gazette. C’est le flux que nomme cette page.\nElle annonce 2 articles. "
        + texts.FIRST_VISIT,
        "Source suivie déjà : La Gazette.\nElle annonce 2 articles.",
    }


def test_ten_failing_sources_are_named_and_the_others_counted() -> None:
    since = NOW - 25 * HOUR
    failing = [
        followed(
            f"Flux {number}",
            f"https://flux.test/{number}",
            failures=9,
            failing_since=since,
            failed_at=NOW,
            error="En panne.",
        )
        for number in range(1, 13)
    ]

    def lines(feeds: list[Feed]) -> list[str]:
        told = render_failing_feeds(feeds, now=NOW, zone=PARIS).text
        return told.replace("\u00a0", " ").split("\n")

    many, ten = lines(failing), lines(failing[:10])
    assert (many[0], ten[0]) == (
        "12 sources suivies ne se lisent plus :",
        "10 sources suivies ne se lisent plus :",
    )
    assert many[1] == "• Flux 1, depuis le 12 mai à 23 h 30. En panne."
    assert many[1:11] == ten[1:11]
    assert many[11:] == ["et 2 de plus.", texts.FAILED_HINT.replace("\u00a0", " ")]
    assert ten[11:] == many[12:]


def many(count: int) -> FeedList:
    feeds = (followed(f"Flux {n}", f"https://flux.test/{n}") for n in range(1, count + 1))
    return FeedList(tuple(feeds), NOW, PARIS)


def shown(message: Message) -> tuple[list[str], list[list[tuple[str, str | None]]]]:
    """Return the heading and the first line of each source, and the words and data of buttons."""
    blocks = message.text.replace("\u00a0", " ").split("\n\n")
    lines = [*blocks[0].split("\n"), *(block.split(" (")[0] for block in blocks[1:-1]), blocks[-1]]
    return lines, [[(each.text, each.data) for each in row] for row in message.keyboard]


HINT, CHOOSE = (text.replace("\u00a0", " ") for text in (texts.HINT, texts.CHOOSE_REMOVED))


def test_five_sources_are_one_page_and_a_sixth_begins_another() -> None:
    five = ["1. Flux 1", "2. Flux 2", "3. Flux 3", "4. Flux 4", "5. Flux 5"]
    assert shown(render_feeds(many(5))) == (["Sources suivies : 5", *five, HINT], [])
    assert shown(render_feeds(many(6))) == (
        ["Sources suivies : 6", "Page 1 sur 2", *five, HINT],
        [[("▶", "flux:p:1")]],
    )


def test_a_page_in_the_middle_turns_both_ways_with_the_numbers_of_the_whole_list() -> None:
    lines = ["Sources suivies : 11", "Page 2 sur 3"]
    lines += [f"{number}. Flux {number}" for number in range(6, 11)]
    turns = [("◀", "flux:p:0"), ("▶", "flux:p:2")]
    assert shown(render_feeds(many(11), 1)) == ([*lines, HINT], [turns])
    numbers = [(f"{n}", f"flux:r:{feed_id(f'https://flux.test/{n}')}") for n in range(6, 11)]
    turns = [("◀", "flux:c:0"), ("▶", "flux:c:2")]
    assert shown(render_feeds(many(11), 1, choosing=True)) == ([*lines, CHOOSE], [numbers, turns])


def test_a_page_that_is_no_more_is_the_last_one() -> None:
    last = render_feeds(many(11), 2)
    assert shown(last) == (
        ["Sources suivies : 11", "Page 3 sur 3", "11. Flux 11", HINT],
        [[("◀", "flux:p:1")]],
    )
    assert render_feeds(many(11), 99) == last
    assert render_feeds(many(11), -1) == render_feeds(many(11))
    assert render_feeds(many(0), 3) == Message(texts.NONE)
