"""What a reader of one kind of document hands to :mod:`knowledge.sources.reading`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Extraction:
    """The text of a document, not yet clean, and the metadata it states itself.

    Everything but the text may be unknown. `published` is aware and in UTC. `url` is the address
    the document gives itself: a claim, to be checked against the one it came from.
    """

    text: str
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: datetime | None = None
    url: str | None = None
    language: str | None = None
