"""Addresses: their canonical form, and which of them may be visited. Pure."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from knowledge.errors import FetchError, ForbiddenAddressError

_LONGEST = 4096
_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(?:utm_\w*|at_(?:medium|campaign|custom\d|link\w*|format|ptr\w*|bbc\w*)|pk_\w+|mtm_\w+|hsa_\w+"
    r"|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igsh|igshid|li_fat_id"
    r"|mc_[ce]id|mkt_tok|_hsenc|_hsmi|vero_id|wt_zmc|xtor|xtref|s_cid|cmpid|ns_\w+|_ga|_gl"
    r"|__twitter_impression|ref_src|ref_url)",
    re.IGNORECASE,
)
_BAD_CHARACTERS = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\u200b-\u200f\u202a-\u202e\ufeff]")

_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?")
_NUMERIC_HOST = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*", re.IGNORECASE)

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_REFUSED_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"),
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out for unicast
_REFUSED_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # Teredo, ORCHID, benchmarking
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: an IPv4 address inside
            "3fff::/20",  # documentation
        ),
    )
)


def canonical_url(url: str) -> str:
    """Return the canonical form of `url`: one address for one article.

    Scheme and host are small and in ASCII, the default port, the fragment and parameters that
    only track readers (utm_*, fbclid, gclid, xtor…) are dropped, an empty path is ``/``. The
    other parameters stay as they are and in their order.

    Raises:
        ForbiddenAddressError: not http or https, or a user name in the address.
        FetchError: not a web address at all; never retryable.
    """
    parts = _split(url)
    query = "&".join(
        piece
        for piece in parts.query.split("&")
        if piece and not _TRACKING.fullmatch(piece.partition("=")[0])
    )
    host = _ascii_host(parts.hostname or "", url)
    port = parts.port
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", query, ""))


def without_credentials(url: str) -> str:
    """Return `url` without user name and password, fit to be shown."""
    return re.sub(r"(?<=//)[^/?#]*@", "", url, count=1)[:_LONGEST]


def is_public(address: str) -> bool:
    """Tell whether `address` (an IP literal) is global unicast and hides no other address.

    Refused are private, loopback, link-local, carrier-grade NAT, multicast, reserved and
    documentation ranges, and IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4, Teredo).
    """
    try:
        parsed: _Address = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        refused = any(parsed in network for network in _REFUSED_V4)
        return (
            parsed.is_global and not parsed.is_multicast and not parsed.is_reserved and not refused
        )
    if parsed not in _GLOBAL_V6 or parsed.scope_id is not None:
        return False
    return parsed.is_global and not any(parsed in network for network in _REFUSED_V6)


def _split(url: str) -> SplitResult:
    if not url or len(url) > _LONGEST or _BAD_CHARACTERS.search(url):
        raise _bad_address(url)
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError for a port that is none
    except ValueError as error:
        raise _bad_address(url) from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise ForbiddenAddressError(
            "Seules les adresses http:// et https:// sont acceptées.",
            subject=without_credentials(url),
        )
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddressError(
            "Cette adresse contient un identifiant ou un mot de passe ; retirez-le.",
            subject=without_credentials(url),
        )
    if not parts.hostname:
        raise _bad_address(url)
    return parts


def _ascii_host(host: str, url: str) -> str:
    if ":" in host:
        return f"[{host}]"
    try:
        name = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise _bad_address(url) from error
    if _NUMERIC_HOST.fullmatch(name):
        return _dotted_quad(name, url)
    if not _HOST.fullmatch(name):
        raise _bad_address(url)
    return name


def _dotted_quad(host: str, url: str) -> str:
    """Return `host` if it is four decimal numbers; other forms (127.1, 0x7f.1) serve to hide."""
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError as error:
        raise ForbiddenAddressError(
            "Cette adresse cache une adresse IP ; elle n’est pas visitée.",
            subject=without_credentials(url),
        ) from error


def _bad_address(url: str) -> FetchError:
    return FetchError(
        "Cette adresse n’est pas valable. Copiez-la telle que le navigateur la montre, avec "
        "https:// au début.",
        subject=without_credentials(url),
        retryable=False,
    )
