"""Reading feeds: any bytes are a feed or an error of ours, in bounded time, and HTML is text."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import NotAFeedError
from knowledge.feeds.discovery import NamedFeed, feeds_of_page
from knowledge.feeds.html_text import html_text, plain_line
from knowledge.feeds.parsing import read_feed
from knowledge.feeds.types import FeedContent
from knowledge.types import RawDocument

NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)
PIECES = (
    "<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "/a", "<![CDATA[",
    "]]>", "&amp;", "&eacute;", "&x;", "&", "<", "<a:b c:d='e'>", "é", "<!DOCTYPE r [", "]>",
    "<entry>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<content type='xhtml'>", "\x00",
    "<description>", "{", '"items":[', "12 mai 2026", "<pubDate>", "<guid>",
)  # fmt: skip


def feed_of(data: str | bytes, *, max_entries: int = 200) -> FeedContent:
    body = data.encode("utf-8", "replace") if isinstance(data, str) else data
    document = RawDocument(body, "http://news.example/rss")
    return read_feed(document, now=NOW, max_entries=max_entries)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from(PIECES), max_size=40).map(lambda pieces: "".join(pieces).encode())
)
def test_any_bytes_are_a_feed_or_an_error_of_ours(data: bytes) -> None:
    for body in (data, b"<rss><channel>" + data):
        try:
            content = feed_of(body, max_entries=3)
        except NotAFeedError:
            continue
        assert len(content.entries) <= 3
        assert len({entry.key for entry in content.entries}) == len(content.entries)
        for entry in content.entries:
            assert entry.link is None or entry.link.startswith(("http://", "https://"))
            assert entry.title is None or "\n" not in entry.title


@pytest.mark.parametrize(
    "body",
    [
        "<rss>" + "<" * 2_000_000,
        "<rss><channel><item>" + "<a/>" * 500_000,
        "<rss><channel><item><title>" + "&lt;p&gt;" * 200_000,
        "<rss><channel><item><title>" + "&x;" * 600_000,
        "<rss><channel>" + "<![CDATA[" * 200_000,
        "<rss><channel><item><description><![CDATA[" + "<div>" * 400_000 + "]]></description>",
        "<rss " + " ".join(f"a{number}='1'" for number in range(100_000)) + "/>",
        "<!DOCTYPE r [" + "<!ENTITY a 'b'>" * 100_000 + "<rss/>",
        "{" + '"a":{' * 300_000,
        "<rss><channel><item><author>" + "a" * 2_000_000 + "@</author>",
        "<rss><channel><item><author>" + "aaaaaaaaa<b/>" * 100_000 + "@</author>",
        "<rss><channel><item>" + "".join(f"<category>{n}</category>" for n in range(29_000)),
        "<rss><channel>" + "".join(f"<category>{n}</category>" for n in range(60_000)),
        "<rss "
        + " ".join(f"xmlns:p{n}='u{n}'" for n in range(9_000))
        + "><channel><item><title>"
        + "".join(f"<p{n}:a/>" for n in range(9_000)),
        "<rss>" + "<channel/>" * 200_000,
        "<feed>" + f"<entry xml:base='{'a/' * 400_000}'><link href='b'/></entry>" * 2,
    ],
    ids=(
        "<",
        "elements",
        "markup",
        "entities",
        "cdata",
        "div",
        "attributes",
        "doctype",
        "json",
        "author",
        "author in parts",
        "tags",
        "tags of the channel",
        "namespaces",
        "channels",
        "bases",
    ),
)
def test_two_megabytes_of_malice_end_within_a_minute(body: str) -> None:
    begin = time.thread_time()
    with suppress(NotAFeedError):
        feed_of(body)
    assert time.thread_time() - begin < 60  # seconds at most here; hours where time is squared


def test_what_stands_before_a_million_marks_is_read_and_no_more() -> None:
    def links(between: str) -> list[str | None]:
        items = f"<item><link>/a</link></item>{between}<item><link>/b</link></item>"
        return [entry.link for entry in feed_of(f"<rss><channel>{items}").entries]

    a, b = "http://news.example/a", "http://news.example/b"
    assert links("<x y=''/>" * 499_990) == [a, b]
    assert links("<x y=''/>" * 500_000) == [a]


def test_what_is_read_of_an_entry_may_stand_in_what_was_not_closed() -> None:
    (entry,) = feed_of(
        "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><image><url>u</url>"
        "<item><media:thumbnail url='x'><title>Un titre</title><link>/a</link>"
        "<media:group><media:content url='v'/><media:description>Un mot</media:description>"
        "</media:group><author>claire@news.example (Claire Dubreuil)</author></item>"
    ).entries
    assert (entry.title, entry.link, entry.summary, entry.author) == (
        "Un titre",
        "http://news.example/a",
        "Un mot",
        "claire@news.example (Claire Dubreuil)",
    )


def test_an_address_too_long_is_none_rather_than_cut() -> None:
    (entry,) = feed_of(
        f"<rss><channel><item><title>Un</title><link>/{'a' * 6000}</link>"
        "<description>Deux</description></item></channel></rss>"
    ).entries
    assert (entry.title, entry.link) == ("Un", None)


def test_a_key_stays_when_words_change_and_a_hash_when_markup_does() -> None:
    def entry(title: str, description: str) -> tuple[str, str]:
        (found,) = feed_of(
            f"<rss><channel><item><guid>x</guid><title>{title}</title><link>/a</link>"
            f"<description><![CDATA[{description}]]></description></item></channel></rss>"
        ).entries
        return found.key, found.content_hash

    first = entry("Un", "<p>Deux</p><img src='/pixel?1'>")
    assert entry("Un", "<div>Deux</div><img src='/pixel?2'>") == first
    assert entry("Un", "Trois")[0] == first[0]
    assert entry("Un", "Trois")[1] != first[1]


def test_entries_beyond_the_limit_are_told() -> None:
    items = "".join(f"<item><link>/{number}</link></item>" for number in range(5))
    content = feed_of(f"<rss><channel>{items}</channel></rss>", max_entries=3)
    assert [entry.link for entry in content.entries] == [
        f"http://news.example/{number}" for number in range(3)
    ]
    assert content.truncated


def test_addresses_in_cdata_keep_their_ampersands() -> None:
    (entry,) = feed_of(
        "<rss><channel><item><link><![CDATA[/a?b=1&copy=2&d=3]]></link></item></channel></rss>"
    ).entries
    assert entry.link == "http://news.example/a?b=1&copy=2&d=3"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Un  mot", "Un mot"),
        ("<p>Un</p><p>deux<br>trois</p>", "Un\n\ndeux\n\ntrois"),
        ("a<script>alert(1)</script>b<style>x</style>c", "abc"),
        ("2 < 3 & 4", "2 < 3 & 4"),
        ("caf&eacute; &#39;&lt;b&gt;", "café '<b>"),
        ("<!-- rien -->", ""),
        ("", ""),
    ],
)
def test_markup_becomes_its_text(markup: str, text: str) -> None:
    assert html_text(markup) == text


def test_titles_are_one_bounded_line() -> None:
    assert plain_line("<b>Un</b>\n titre &amp;amp; deux") == "Un titre & deux"
    assert plain_line(" <i></i> ") is None
    assert plain_line(None) is None
    assert plain_line("mot " * 200) == "mot " * 74 + "mot…"


def test_a_page_names_its_feeds_those_of_comments_last() -> None:
    page = (
        "<html><head><base href='/base/'>"
        "<link rel=alternate type=application/rss+xml href='comments/feed'>"
        "<link rel='alternate' type='application/feed+json; charset=utf-8' href='j' title='J'>"
        "<link rel='alternate' type='application/atom+xml' href='javascript:x'>"
        "<link rel='alternate' hreflang='en' href='/en'>"
        "<link rel='stylesheet' type='application/rss+xml' href='/s'></head></html>"
    )
    document = RawDocument(page.encode(), "http://news.example/x")
    assert feeds_of_page(document) == (
        NamedFeed("http://news.example/base/j", "J"),
        NamedFeed("http://news.example/base/comments/feed", None),
    )
    assert feeds_of_page(RawDocument(b"\x00\x01", "http://news.example/x")) == ()


def test_twenty_feeds_of_a_page_are_read_and_none_of_a_hostile_one() -> None:
    link = "<link rel='alternate' type='application/rss+xml' href='/{}'>"
    many = "".join(map(link.format, range(30)))
    found = feeds_of_page(RawDocument(many.encode(), "http://news.example/"))
    assert [each.url for each in found] == [f"http://news.example/{n}" for n in range(20)]
    crowded = f"<p {' '.join(f'a{n}=b' for n in range(20_000))}>{many}"
    assert feeds_of_page(RawDocument(crowded.encode(), "http://news.example/")) == ()
