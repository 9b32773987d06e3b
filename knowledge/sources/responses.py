"""What a visit to an address gives beside the document: what to say the next time. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.types import RawDocument

_LONGEST_VALIDATOR = 500
_PRINTABLE = re.compile(r"[\x21-\x7e][\x20-\x7e]*")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_PERMANENT = frozenset((301, 308))


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server wants to be shown so that it can answer «not modified» (RFC 9110, 13.1)."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers of a conditional request."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in found.items() if value}


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: a document, or None where it was not modified since `Validators`.

    `moved_to` is the address to use from now on, where a chain of permanent redirects (301, 308)
    led from the one asked for; `max_age` is in seconds, None if the server does not say.
    """

    document: RawDocument | None
    validators: Validators = NO_VALIDATORS
    moved_to: str | None = None
    max_age: int | None = None


def validators_of(etag: str | None, last_modified: str | None) -> Validators:
    """Return the validators of a response; what is no header value or too long is left out."""
    return Validators(_header_value(etag), _header_value(last_modified))


def max_age_of(cache_control: str) -> int | None:
    """Return the seconds for which a response is fresh by its Cache-Control, or None."""
    found = _MAX_AGE.search(cache_control)
    return int(found[1]) if found else None


def permanent_target(hops: Sequence[tuple[int, str]]) -> str | None:
    """Return where the permanent redirects at the head of `hops` (status, target) lead."""
    target = None
    for status, address in hops:
        if status not in _PERMANENT:
            break
        target = address
    return target


def _header_value(value: str | None) -> str | None:
    value = (value or "").strip()
    if len(value) > _LONGEST_VALIDATOR or not _PRINTABLE.fullmatch(value):
        return None
    return value
