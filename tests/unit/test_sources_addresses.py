"""Canonical addresses, and which IP addresses are public."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import FetchError, ForbiddenAddressError
from knowledge.sources.addresses import canonical_url, is_public


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://News.Example", "http://news.example/"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:443/a", "http://news.example:443/a"),
        ("https://news.example/A/b?B=1#c", "https://news.example/A/b?B=1"),
        ("https://news.example/?utm_source=x&utm_medium=y", "https://news.example/"),
        ("https://news.example/a?z=1&fbclid=2&a=3&a=4", "https://news.example/a?z=1&a=3&a=4"),
        ("https://news.example/a?xtor=RSS-1&at_medium=x", "https://news.example/a"),
        ("https://news.example/a?x=%C3%A9&y", "https://news.example/a?x=%C3%A9&y"),
        ("https://médias.example/é", "https://xn--mdias-bsa.example/é"),
        ("http://[2001:4860::8888]:80/", "http://[2001:4860::8888]/"),
        ("http://news.example./a", "http://news.example/a"),
    ],
)
def test_one_article_has_one_address(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "file:///a", "data:text/html,a", "//a.example"]
)
def test_other_schemes_are_forbidden(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        canonical_url(url)


@given(st.text(max_size=60).map("http://".__add__) | st.text(max_size=60))
def test_any_text_is_an_address_or_refused_for_good(url: str) -> None:
    try:
        address = canonical_url(url)
    except FetchError as error:
        refused = not error.retryable
    else:
        refused = canonical_url(address) != address
        refused = not refused
    assert refused


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4007:80e::2003"],
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    """
    0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1
    224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8
    64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:808:808::1 3fff::1 5f00::1 fc00::1
    fd12::1 fe80::1 fe80::1%eth0 2606:4700::1111%eth0 fec0::1 ff02::1 nonsense 1.2.3 127.1
    """.split(),
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)
