"""Tags with too many attributes are seen wherever they hide, in linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import DocumentTooLargeError
from knowledge.sources.crowded import has_crowded_tag
from knowledge.sources.html import read_html
from knowledge.types import RawDocument
from tests.bases import NOW

MANY = range(600)
CROWDED = {
    "unquoted": "<p " + " ".join(f"a{n}=1" for n in MANY) + ">",
    "without values": "<p " + " ".join(f"a{n}" for n in MANY),
    "quoted ends of tags": "<p " + " ".join(f"a{n}='>'" for n in MANY),
    "quoted tags": "<p " + " ".join(f'a{n}="<b>"' for n in MANY),
    "without spaces": "<p " + "".join(f'a{n}=""' for n in MANY),
    "slashes": "<p/" + "/".join(f"a{n}" for n in MANY),
    "after a script": "<script>if (a<b && c=='\"') {}</script><p "
    + " ".join(f"a{n}" for n in MANY),
    "after a comment": '<!-- <p a=" --><p ' + " ".join(f"a{n}" for n in MANY),
}


@pytest.mark.parametrize("name", CROWDED)
def test_a_crowded_tag_is_seen(name: str) -> None:
    markup = f"<html><body class='x'>{CROWDED[name]}"
    assert has_crowded_tag(markup)
    with pytest.raises(DocumentTooLargeError):
        read_html(RawDocument(markup.encode(), "http://a.test/"), now=NOW)


def test_many_tags_and_long_values_are_not_crowded() -> None:
    assert not has_crowded_tag("<p class='a' id=b hidden>x</p>" * 5000)
    assert not has_crowded_tag(f"<img src='data:{'a b ' * 5000}'>")
    assert not has_crowded_tag("mot < 3 " * 5000)


@pytest.mark.parametrize(
    "piece", ["<a ", "<a '", '<a b="', "<", "<!--", "<script>", "<a/", "<a =", "<a b= ", "<a\t\n "]
)
def test_time_is_linear(piece: str) -> None:
    begin = time.thread_time()
    has_crowded_tag(piece * (2_000_000 // len(piece)))
    assert time.thread_time() - begin < 12


@given(st.text(alphabet="<>ab=\"'/! -", max_size=200))
def test_any_text_is_judged(markup: str) -> None:
    assert not has_crowded_tag(markup)
