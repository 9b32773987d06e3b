"""Lists of feeds: nested, large, doubled or hostile; what is written is read back."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import FeedError
from knowledge.feeds.opml import Outline, Outlines, read_opml, write_opml
from knowledge.feeds.types import Feed, FeedKind, FeedState

NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)
FEED = Feed(
    id="a",
    url="https://exemple.test/rss?a=1&b=2",
    kind=FeedKind.FEED,
    state=FeedState.ACTIVE,
    added_at=NOW,
    next_visit_at=NOW,
)


def opml(body: str, head: str = "") -> bytes:
    return f'{head}<opml version="1.0"><body>{body}</body></opml>'.encode()


def test_nested_doubled_and_bad_outlines() -> None:
    listed = opml(
        '<outline text="A"><outline title="B"><outline XMLURL=" https://b.test/rss " title="B"/>'
        '</outline></outline><outline xmlUrl="https://b.test/rss#x"/>'
        '<outline xmlUrl="ftp://c.test/rss"/><outline text="sans adresse"/>'
        '<outline xmlUrl="http://d.test/?a=1&b=2" text="&lt;b&gt;D&lt;/b&gt; &amp; &eacute;"/>'
    )
    assert read_opml(listed) == Outlines(
        (Outline("https://b.test/rss", "B"), Outline("http://d.test/?a=1&b=2", "D & é")),
        refused=("ftp://c.test/rss",),
    )


WHOLE = opml(
    '<outline xmlUrl="https://a.test/rss"/><outline text="Été" xmlUrl="https://b.test/é"/>'
)


@given(st.integers(min_value=1, max_value=len(WHOLE) - 1))
def test_a_file_that_was_cut_gives_what_it_still_has_and_says_so(length: int) -> None:
    try:
        found = read_opml(WHOLE[:length])
    except FeedError:  # cut before there was anything to tell it by
        assert length <= WHOLE.index(b"<body")
        return
    assert found.broken
    listed = read_opml(WHOLE).feeds
    assert found.feeds == listed[: len(found.feeds)]
    whole = [f'"{each.url}"'.encode() in WHOLE[:length] for each in listed]
    assert WHOLE[:length].count(b"/>") <= len(found.feeds) <= sum(whole)


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ('<outline xmlUrl="https://a.test/?a=1&b=2" text="A & B &eacute;"/>', False),
        ('<outline gr:x="1" xmlUrl="https://a.test/rss"/>', False),  # a prefix never declared
        ('<!-- A --><outline xmlUrl="https://a.test/rss"/>\n', False),
        ('<outline xmlUrl="https://a.test/rss">', True),
        ('<outline xmlUrl="https://a.test/rss"/><outline xmlUrl=https://b.test/rss/>', True),
        ('<outline xmlUrl="https://a.test/rss"/></body></body>', True),
    ],
)
def test_a_file_is_called_broken_where_some_of_it_may_be_lost(body: str, broken: bool) -> None:
    found = read_opml(opml(body))
    assert found.broken is broken
    assert [outline.url.partition("/?")[0].removesuffix("/rss") for outline in found.feeds] == [
        "https://a.test"
    ]


def test_ten_thousand_outlines_are_read_and_no_more() -> None:
    outline = '<outline xmlUrl="https://exemple.test/{}"/>'
    whole = read_opml(opml("".join(outline.format(number) for number in range(10_000))))
    assert (len(whole.feeds), whole.truncated) == (10_000, False)
    longer = read_opml(opml("".join(outline.format(number) for number in range(10_001))))
    assert (len(longer.feeds), longer.truncated) == (10_000, True)


@pytest.mark.parametrize(
    "entity", ['"x"', 'SYSTEM "file:///etc/hostname"', 'SYSTEM "http://127.0.0.1:9/"']
)
def test_entities_are_never_expanded(entity: str) -> None:
    listed = opml(
        '<outline xmlUrl="https://a.test/&e;" text="&e;A"/>', f"<!DOCTYPE o [<!ENTITY e {entity}>]>"
    )
    assert all("x" not in outline.url for outline in read_opml(listed).feeds)


def test_expanding_and_deep_lists_end_quickly() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    begin = time.thread_time()
    read_opml(opml('<outline text="&l11;"/>', f'<!DOCTYPE o [<!ENTITY l0 "ha">{laughs}]>'))
    read_opml(opml("<outline>" * 300_000))
    assert time.thread_time() - begin < 10


@pytest.mark.parametrize(
    "data", [b"", b"<html/>", b"\x89PNG\x00", b"{}", b"<rss/>", b"x" * 21_000_000]
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(FeedError):
        read_opml(data)


@given(st.text(min_size=1, max_size=30), st.text(max_size=30))
def test_what_is_written_is_read_back(outlet: str, title: str) -> None:
    feed = replace(FEED, outlet=outlet, title=title or None)
    folder = replace(FEED, url="file:/srv/depeches", kind=FeedKind.FOLDER)
    found = read_opml(write_opml([feed, folder], now=NOW))
    (outline,) = found.feeds
    assert (found.refused, found.broken) == ((), False)  # folders mean nothing elsewhere
    assert outline.url == FEED.url
    if outlet.isprintable() and not set("&<") & set(outlet) and outlet.strip() == outlet:
        assert outline.name is not None
