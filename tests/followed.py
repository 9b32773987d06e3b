"""Followed sources for tests: a base without indexes, and a web on loopback to visit."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from knowledge.feeds.follower import FeedFollower
from knowledge.feeds.hosts import HostLimiter
from knowledge.feeds.ports import ShouldStop
from knowledge.feeds.service import Feeds
from knowledge.feeds.types import Feed, FeedKind, FeedState, VisitReport, feed_id
from knowledge.feeds.visit import visit
from knowledge.feeds.visiting import Visiting, VisitLimits
from knowledge.ingest import IngestReport, ingest_documents
from knowledge.sources.fetch import Fetcher
from knowledge.sources.reading import read_document
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.store.feeds import SqlFeedStore
from knowledge.text.segmentation import segment
from knowledge.types import Article, ArticleDraft, RawDocument
from tests.empty_base import place_empty_base
from tests.web_server import LocalServer, Net, reply

MAX_BYTES = 2**20
NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)
FEED_URL = "http://news.example/rss"
BODY = (
    "Le conseil municipal de Valmorin a voté lundi soir la rénovation de la piscine, fermée "
    "depuis deux ans. Les travaux coûteront 1,5 million d’euros et dureront dix mois. La maire, "
    "Claire Dubreuil, promet une réouverture au printemps. L’opposition s’est abstenue."
)
SECOND = (
    "La région consacrera quarante millions d’euros aux petites lignes de chemin de fer. Six "
    "gares rouvriront avant la fin de l’année prochaine, dont celle de Brumont. Les associations "
    "d’usagers saluent un premier pas, mais réclament davantage de trains le soir."
)


def page(title: str = "La piscine rouvrira", body: str = BODY) -> bytes:
    """Return an article's web page."""
    return (
        f"<!DOCTYPE html><html lang='fr'><head><meta charset='utf-8'><title>{title}</title></head>"
        f"<body><nav><a href='/'>Accueil</a></nav><article><h1>{title}</h1><p>{body}</p></article>"
        "</body></html>"
    ).encode()


def item(
    link: str = "/a",
    title: str = "La piscine rouvrira",
    *,
    summary: str = "Le conseil a voté la rénovation de la piscine de Valmorin.",
    date: str = "Tue, 12 May 2026 08:30:00 +0200",
    more: str = "",
) -> str:
    """Return an RSS item; its texts are escaped here."""
    fields = {"title": title, "link": link, "description": summary, "pubDate": date}
    inner = "".join(
        f"<{name}>{html.escape(text)}</{name}>" for name, text in fields.items() if text
    )
    return f"<item>{inner}{more}</item>"


def rss(*items: str, title: str = "La Gazette", head: str = "", declaration: str = "") -> str:
    """Return an RSS 2.0 feed."""
    return (
        f'{declaration}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{title}</title>{head}{''.join(items)}</channel></rss>"
    )


def followed(url: str = FEED_URL, **values: object) -> Feed:
    """Return a feed that is due."""
    feed = Feed(
        id=feed_id(url),
        url=url,
        kind=FeedKind.FEED,
        state=FeedState.ACTIVE,
        added_at=NOW,
        next_visit_at=NOW,
    )
    return replace(feed, **values)  # type: ignore[arg-type]  # fields by name


@dataclass(slots=True)
class World:
    """A base, the sources that it follows, and a web that the test writes."""

    articles: SqlArticleStore
    store: SqlFeedStore
    server: LocalServer
    tools: Visiting
    fetcher: Callable[..., Fetcher]
    ingested: list[Sequence[ArticleDraft]] = field(default_factory=list)
    times: list[datetime] = field(default_factory=lambda: [NOW])  # the last is now

    def serve(self, feed: str | bytes, **headers: str) -> None:
        """Answer with `feed` at the usual address, and with an article's page at /a."""
        body = feed.encode() if isinstance(feed, str) else feed
        headers = {"Content_Type": "application/rss+xml", **headers}
        self.server.answers["/rss"] = reply(body, **headers)
        self.server.answers.setdefault("/a", reply(page()))

    def follow(self, url: str = FEED_URL, **values: object) -> Feed:
        """Follow a feed."""
        feed = followed(url, **values)
        self.store.add([feed])
        return feed

    def visit(
        self,
        feed: Feed | None = None,
        *,
        at: datetime = NOW,
        should_stop: ShouldStop = lambda: False,
    ) -> VisitReport:
        """Visit a feed as it is stored, the usual one without `feed`, in no time."""
        self.times.append(at)
        stored = self.store.feed((feed or followed()).id)
        assert stored is not None
        return visit(stored, self.tools, now=at, should_stop=should_stop)

    def kept(self) -> list[Article]:
        """The articles, by address."""
        found = self.articles.list_articles(limit=1000)
        return sorted(found, key=lambda article: article.url or article.id)

    def feeds(self, *, workers: int = 4) -> Feeds:
        """The whole service over this world; stop it."""
        limiter = HostLimiter(0.0)
        polite = self.fetcher(media_types=None, turn=limiter.turn_at)
        tools = replace(self.tools, fetch_feed=polite.fetch_changed)

        def work(feed: Feed, now: datetime, should_stop: ShouldStop) -> VisitReport:
            return visit(feed, tools, now=now, should_stop=should_stop)

        return Feeds(
            self.store,
            FeedFollower(work, self.store, limiter=limiter, workers=workers),
            fetch=tools.fetch_feed,
            interval=tools.limits.interval,
            max_entries=tools.limits.entries,
            chance=lambda: 0.0,
        )


def read(document: RawDocument) -> ArticleDraft:
    return read_document(document, max_bytes=MAX_BYTES, now=NOW)


@contextmanager
def open_world(
    folder: Path, server: LocalServer, net: Net, *, seconds: float = 4.0
) -> Iterator[World]:
    """Yield a world whose base is empty."""
    articles = open_store(place_empty_base(folder / "base.sqlite3"))
    store = SqlFeedStore(articles.database)
    ingested: list[Sequence[ArticleDraft]] = []
    times = [NOW]

    def ingest(drafts: Sequence[ArticleDraft]) -> IngestReport:
        ingested.append(drafts)
        return ingest_documents(
            drafts, read=read, segment=segment, store=articles, now=lambda: times[-1]
        )

    def fetcher(**options: object) -> Fetcher:
        return Fetcher(
            max_bytes=MAX_BYTES,
            timeout_seconds=seconds,
            resolver=net.resolve,
            connector=net.connect,
            **options,  # type: ignore[arg-type]  # by name
        )

    tools = Visiting(
        fetch_feed=fetcher(media_types=None).fetch_changed,
        fetch_page=fetcher().fetch_changed,
        store=store,
        ingest=ingest,
        read=read,
        limits=VisitLimits(interval=timedelta(minutes=30)),
        chance=lambda: 0.0,
        now=lambda: times[-1],
    )
    try:
        yield World(articles, store, server, tools, fetcher, ingested, times)
    finally:
        articles.close()
