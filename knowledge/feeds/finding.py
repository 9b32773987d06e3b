"""What is meant by an address that somebody gives: a feed, a page that names one, a folder."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from knowledge.errors import FeedError, FetchError, NotAFeedError, SourceError
from knowledge.feeds.discovery import feeds_of_page
from knowledge.feeds.folder import folder_address
from knowledge.feeds.parsing import is_page, read_feed
from knowledge.feeds.ports import Fetch
from knowledge.feeds.types import Feed, FeedContent, FeedKind, FeedState, feed_id
from knowledge.sources.addresses import canonical_url
from knowledge.types import RawDocument

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_MOST_TRIED = 3  # feeds that a page names


@dataclass(frozen=True, slots=True)
class AddedFeed:
    """What came of adding a source.

    `already` tells that it was followed before (it is active again now, if it was stopped).
    `announced` is how many articles it announces, None where it was not asked; `via_page` is the
    page that named it.
    """

    feed: Feed
    already: bool = False
    announced: int | None = None
    via_page: str | None = None


def find_source(
    address: str, *, fetch: Fetch | None, now: datetime, max_entries: int, folders: bool
) -> AddedFeed:
    """Return the source at `address`, not stored; without `fetch`, the address is believed.

    Raises:
        FeedError: a folder that is none.
        SourceError: the address gives no feed, or cannot be visited.
    """
    if folders and _is_path(address):
        return AddedFeed(_folder(address, now))
    url = canonical_url(address if _SCHEME.match(address) else f"https://{address}")
    if fetch is None:
        return AddedFeed(new_source(url, FeedKind.FEED, now))
    document, moved_to = _fetched(url, fetch)
    try:
        content = read_feed(document, now=now, max_entries=max_entries)
    except NotAFeedError:
        if not is_page(document):
            raise
        return _named_by(document, url, fetch=fetch, now=now, max_entries=max_entries)
    return _announced(moved_to or url, content, now)


def _named_by(
    document: RawDocument, page: str, *, fetch: Fetch, now: datetime, max_entries: int
) -> AddedFeed:
    for named in feeds_of_page(document)[:_MOST_TRIED]:
        try:
            found, moved_to = _fetched(named.url, fetch)
            content = read_feed(found, now=now, max_entries=max_entries)
        except SourceError:
            continue
        return replace(_announced(moved_to or named.url, content, now), via_page=page)
    raise NotAFeedError(
        "Cette page web n’est pas un flux et n’en nomme aucun qui se lise. Cherchez sur le site "
        "l’adresse de son flux RSS.",
        subject=page,
    )


def _fetched(url: str, fetch: Fetch) -> tuple[RawDocument, str | None]:
    fetched = fetch(url, None)
    if fetched.document is None:  # nothing was said that it could be unmodified since
        raise FetchError("Ce site a répondu de façon incompréhensible.", subject=url)
    return fetched.document, fetched.moved_to


def new_source(url: str, kind: FeedKind, now: datetime) -> Feed:
    """Return a source that was never visited, due at once."""
    return Feed(
        id=feed_id(url),
        url=url,
        kind=kind,
        state=FeedState.ACTIVE,
        added_at=now,
        next_visit_at=now,
    )


def _announced(url: str, content: FeedContent, now: datetime) -> AddedFeed:
    feed = replace(new_source(url, FeedKind.FEED, now), title=content.title)
    return AddedFeed(feed, announced=len(content.entries))


def _folder(address: str, now: datetime) -> Feed:
    path = Path(address.removeprefix("file:")).expanduser()
    if not path.is_dir():
        raise FeedError(
            "Seul un dossier se suit, pas un fichier. Pour l’ajouter une fois : sourcier ingest."
            if path.exists()
            else "Ce dossier n’existe pas. Vérifiez le chemin.",
            subject=str(path),
        )
    feed = new_source(folder_address(path), FeedKind.FOLDER, now)
    return replace(feed, title=path.resolve().name or str(path))


def _is_path(address: str) -> bool:
    if address.startswith(("file:", "/", "./", "../", "~")) or address in {".", ".."}:
        return True
    return not _SCHEME.match(address) and Path(address).exists()


def web_form(address: str) -> str:
    """Return the canonical form of a web address, with or without its scheme; else `address`."""
    try:
        return canonical_url(address if _SCHEME.match(address) else f"https://{address}")
    except FetchError:
        return address
