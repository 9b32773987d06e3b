"""What is kept of a feed: what is read of it, of bounded size; compared as trees, not by time."""

from __future__ import annotations

from lxml import etree

from knowledge.feeds.xml_bounds import trim

MEDIA = "http://search.yahoo.com/mrss/"


def trimmed(xml: str, max_entries: int = 200) -> tuple[etree._Element, bool]:
    """Return the root once it was trimmed, and whether entries went."""
    root = etree.fromstring(xml.encode(), etree.XMLParser(huge_tree=True))
    return root, trim(root, max_entries)


def written(xml: str, max_entries: int = 200) -> str:
    return str(etree.tostring(trimmed(xml, max_entries)[0], encoding="unicode"))


def of_item(inner: str) -> str:
    """Return what is left of an entry with that in it."""
    text = written(f"<rss><item>{inner}</item></rss>")
    return text.removeprefix("<rss><item>").removesuffix("</item></rss>")


def attributes(count: int) -> str:
    return " ".join(f"a{number}='1'" for number in range(count))


def test_the_head_and_the_first_entries_are_kept_and_the_rest_is_not() -> None:
    head = "<title>T</title><language>fr</language><ttl>5</ttl>"
    items = "<item><title>1</title></item><entry><title>2</title></entry>"
    more = "<item><title>3</title></item>"
    feed = (
        f"<rss><channel>{head}<image><url>u</url></image>{{}}<category>x</category></channel></rss>"
    )
    kept = f"<rss><channel>{head}{items}</channel></rss>"
    assert trimmed(feed.format(items), 2)[1] is False
    assert written(feed.format(items), 2) == kept
    assert trimmed(feed.format(items + more), 2)[1] is True
    assert written(feed.format(items + more), 2) == kept


def test_three_channels_are_read() -> None:
    channels = "".join(f"<channel><title>{number}</title></channel>" for number in range(4))
    root, cut = trimmed(f"<rss>{channels}</rss>")
    assert (["".join(channel.itertext()) for channel in root], cut) == (["0", "1", "2"], False)


def test_an_entry_in_what_was_not_closed_is_read_unless_it_is_far_in() -> None:
    near = "<rss><channel><image><item><title>1</title></item></image></channel></rss>"
    assert written(near) == near
    assert written(near.replace("<image>", "<image>" + "<a/>" * 499)) == "<rss><channel/></rss>"


def test_of_an_entry_only_what_is_read_is_kept_even_in_what_was_not_closed() -> None:
    kept = "<title>1</title><link>/a</link><dc><guid>g</guid></dc>"
    assert of_item("<title>1</title><link>/a</link><tag>x</tag><dc>y<guid>g</guid></dc>") == kept
    media = f"<m:content xmlns:m='{MEDIA}'>v</m:content>"
    assert of_item(f"<content>c</content>{media}") == "<content>c</content>"


def test_twenty_children_of_one_name_are_kept() -> None:
    links = [f"<link>/{number}</link>" for number in range(21)]
    assert of_item("".join(links[:20])) == "".join(links[:20])
    assert of_item("".join(links)) == "".join(links[:20])


def test_texts_are_cut_where_no_feed_goes() -> None:
    for name, limit in (("description", 500_000), ("link", 5000), ("author", 200)):
        one = f"<{name}>{{}}</{name}>"
        assert of_item(one.format("a" * limit)) == one.format("a" * limit)
        assert of_item(one.format("a" * (limit + 1))) == one.format("a" * limit)
    long = "a" * 500_001
    within = f"<description><b>{long}</b>{long}</description>"
    assert of_item(within) == within.replace(long, long[1:])
    assert of_item("<author>a<b>c</b>d</author>") == "<author>a<b>c</b></author>"
    assert written("<rss><item/>between<item/>after</rss>") == "<rss><item/><item/></rss>"


def test_an_entry_of_thirty_thousand_elements_is_one_too_large() -> None:
    def entry(elements: int) -> str:
        return f"<item><description>{'<b/>' * (elements - 2)}</description></item>"

    for inner, left, cut in (
        (entry(30_000), 1, False),
        (entry(30_001), 0, True),
        (entry(10_000) * 3, 3, False),
        (entry(10_000) * 4, 3, True),  # of all entries together
        (entry(30_001) + entry(10), 1, True),
    ):
        root, entries_went = trimmed(f"<rss>{inner}</rss>")
        assert (len(root), entries_went) == (left, cut)
    tags = "<tag>x</tag>" * 29_000  # which are not kept, and take no room
    root, cut = trimmed(f"<rss><item>{tags}</item>{entry(29_000)}</rss>")
    assert (len(root), cut) == (2, False)


def test_a_title_of_the_feed_is_no_place_for_a_tree() -> None:
    for elements, left in ((500, 1), (501, 0)):
        root, cut = trimmed(f"<rss><title>{'<b/>' * (elements - 1)}</title></rss>")
        assert (len(root), cut) == (left, False)


def test_elements_with_more_than_a_hundred_attributes_lose_them() -> None:
    for count, left in ((100, 100), (101, 0)):
        some = attributes(count)
        root, _ = trimmed(
            f"<rss {some}><channel {some}><item {some}><title {some}/></item></channel></rss>"
        )
        assert [len(element.attrib) for element in root.iter()] == [left] * 4


def test_long_attributes_go_and_bases_sooner_and_within_texts() -> None:
    for length, left in ((5000, ["a", "b"]), (5001, ["b"])):
        root, _ = trimmed(f"<rss a='{'x' * length}' b='1'/>")
        assert list(root.attrib) == left
    for length, kept in ((1000, 1), (1001, 0)):
        root, _ = trimmed(f"<rss xml:base='{'x' * length}'/>")
        assert len(root.attrib) == kept
    base = '<content xml:base="a"><b xml:base="b"/></content>'
    assert of_item(base) == '<content xml:base="a"><b/></content>'


def test_fifty_namespaces_are_known_and_names_of_others_are_not() -> None:
    names = [f"<p{n}:a xmlns:p{n}='u{n}' p{n}:b='1'/>" for n in range(51)]
    root, _ = trimmed(f"<rss><item><description>{''.join(names)}</description></item></rss>")
    found = [(element.tag, len(element.attrib)) for element in root[0][0]]
    assert found == [*((f"{{u{n}}}a", 1) for n in range(50)), ("unknown", 0)]


def test_prefixes_that_nothing_uses_are_taken_away() -> None:
    assert written("<rss xmlns:a='u'><item xmlns:b='v'/></rss>") == "<rss><item/></rss>"
