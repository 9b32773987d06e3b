"""Feeds as they are served, hostile or broken in many ways, and what a visit makes of each."""

from __future__ import annotations

import gzip
import html
import json
import socket
import struct
import time
from dataclasses import dataclass, field

import brotli

from knowledge.feeds.types import FeedState, VisitStatus
from tests.followed import BODY, FEED_URL, SECOND, item, page, rss
from tests.web_server import Answer, reply

DAY = "2026-05-12T06:30"
SUMMARY = "Le conseil a voté la rénovation de la piscine de Valmorin."
PIECE = b"<!-- " + b"a" * 65_530 + b"-->"


@dataclass(frozen=True)
class Kept:
    """An article as a reader would see it: title, address, date, and whether it is a summary."""

    title: str = "La piscine rouvrira"
    url: str | None = "http://news.example/a"
    published: str | None = DAY
    text: str = BODY
    summary_only: bool = False


@dataclass(frozen=True)
class Outcome:
    """All that a visit changes; `wait` is the minutes until the next one."""

    status: VisitStatus = VisitStatus.DONE
    articles: tuple[Kept, ...] = (Kept(),)
    announced: int = 1
    error: str | None = None
    entry_errors: tuple[str, ...] = ()
    state: FeedState = FeedState.ACTIVE
    url: str = FEED_URL
    wait: float = 30
    pending: bool = False


def failing(error: str, *, wait: float = 30) -> Outcome:
    return Outcome(VisitStatus.FAILED, (), 0, error, wait=wait)


def summary(error: str, text: str = SUMMARY) -> Outcome:
    return Outcome(articles=(Kept(text=text, summary_only=True),), entry_errors=(error,))


@dataclass(frozen=True)
class Case:
    feed: str | bytes | Answer
    expected: Outcome = field(default_factory=Outcome)
    headers: dict[str, str] = field(default_factory=dict)
    pages: dict[str, bytes | Answer] = field(default_factory=dict)
    url: str = FEED_URL


def redirect(status: int, target: str) -> bytes:
    return reply(b"", f"{status} Moved", Location=target)


def announce(connection: socket.socket, path: str) -> None:
    connection.sendall(reply(b"", Content_Length=str(5 * 2**30)))
    time.sleep(6)


def endless(connection: socket.socket, path: str) -> None:
    connection.sendall(reply(b"", Content_Length="") + b"<rss>")
    for _ in range(5 * 2**30 // len(PIECE)):
        connection.sendall(PIECE)


def drip(connection: socket.socket, path: str) -> None:
    connection.sendall(reply(b"", Content_Length=""))
    for _ in range(80):
        connection.sendall(b"<rss>")
        time.sleep(0.1)


def silence(connection: socket.socket, path: str) -> None:
    time.sleep(6)


def reset(connection: socket.socket, path: str) -> None:
    connection.sendall(reply(b"", Content_Length="5000") + b"<rss><channel>")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://news.example/dossier/">'
    '<title type="html">La &lt;b&gt;Gazette&lt;/b&gt;</title><entry><id>urn:1</id>'
    '<title>La piscine rouvrira</title><link rel="alternate" href="../a"/>'
    "<published>2026-05-12T08:30:00+02:00</published><summary>Un vote.</summary></entry></feed>"
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<channel><title>La Gazette</title></channel><item><title>La piscine rouvrira</title>"
    "<link>http://news.example/a</link><dc:date>2026-05-12T08:30:00+02:00</dc:date></item></rdf:RDF>"
)
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "La Gazette",
    "items": [
        {
            "id": 7,
            "url": "/a",
            "title": "La piscine rouvrira",
            "date_published": "2026-05-12T08:30:00+02:00",
        }
    ],
}
LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)
OUTSIDE = '<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
LATIN = rss(item(title="L’été à Brumont : «ça» où")).replace("’", "'")
WHOLE = "".join(f"<p>{BODY} Point {n}.</p>" for n in range(8))
ENCODED = f"<content:encoded>{html.escape(WHOLE)}</content:encoded>"
CUT = f"<content:encoded>{html.escape(WHOLE + '<p>Lire la suite…</p>')}</content:encoded>"
LONG_SUMMARY = " ".join((BODY, SECOND))
NO_FEED = "pas un flux. Donnez l’adresse du flux, souvent /rss ou /feed."
ENDLESS = "Ce document dépasse la limite, qui est de 1 Mio (SOURCIER_MAX_DOCUMENT_MIB)."
LATE = "Ce site n’a pas fini de répondre en 4 secondes ; réessayez plus tard."
CUT_SHORT = "La réponse de ce site a été interrompue ; réessayez plus tard."
WAIT = "Ce site demande d’attendre avant une nouvelle visite (code 429)."
DOWN = "Ce site est en panne ; réessayez plus tard (code {})."

CASES = {
    "an RSS feed": Case(rss(item())),
    "an Atom feed with a base": Case(ATOM),
    "RSS 1.0": Case(RDF),
    "a JSON feed": Case(json.dumps(JSON_FEED), headers={"Content_Type": "application/json"}),
    "unclosed elements": Case(rss(item())[:-33]),
    "bare ampersands and angle brackets": Case(
        rss(item()).replace("rouvrira", "R&D < 3 & rouvrira"),
        Outcome(articles=(Kept(title="La piscine R&D < 3 & rouvrira"),)),
    ),
    "names of HTML": Case(
        rss(item()).replace("rouvrira", "rouvrira l&eacute;t&eacute;"),
        Outcome(articles=(Kept(title="La piscine rouvrira lété"),)),
    ),
    "words before the feed": Case("Notice: undefined variable\n\n" + rss(item())),
    "an undeclared prefix": Case(rss(item(more="<media:content url='x' y:z='1'/>"))),
    "Latin-1 that says it is UTF-8": Case(
        b'<?xml version="1.0" encoding="utf-8"?>' + LATIN.encode("latin-1"),
        Outcome(articles=(Kept(title="L'été à Brumont : «ça» où"),)),
    ),
    "UTF-8 that says it is Latin-1": Case(
        rss(item(title="L’été"), declaration='<?xml version="1.0" encoding="iso-8859-1"?>'),
        Outcome(articles=(Kept(title="L’été"),)),
        {"Content_Type": "text/xml; charset=iso-8859-1"},
    ),
    "an encoding that nobody says": Case(
        rss(item(title="L’été à « Brumont »")).encode("cp1252"),
        Outcome(articles=(Kept(title="L’été à « Brumont »"),)),
        {"Content_Type": ""},
    ),
    "UTF-16": Case(
        ('<?xml version="1.0" encoding="utf-16"?>' + rss(item(title="L’été"))).encode("utf-16"),
        Outcome(articles=(Kept(title="L’été"),)),
    ),
    "no dates": Case(rss(item(date="")), Outcome(articles=(Kept(published=None),))),
    "a date in short French": Case(rss(item(date="mar. 12 mai 2026 06:30"))),
    "a date in French": Case(
        rss(item(date="12 mai 2026")), Outcome(articles=(Kept(published="2026-05-12T00:00"),))
    ),
    "a date that is none": Case(
        rss(item(date="hier soir")), Outcome(articles=(Kept(published=None),))
    ),
    "a date to come": Case(
        rss(item(date="Sat, 12 Dec 2099 08:30:00 GMT")),
        Outcome(articles=(Kept(published=None),)),
    ),
    "a relative link with a tracker": Case(rss(item("a?utm_source=rss"))),
    "links that are never visited": Case(
        rss(item("javascript:alert(1)", summary=""), item("file:///etc/passwd", summary="")),
        Outcome(articles=(), announced=0),
    ),
    "HTML in a title": Case(
        rss(item(title="La <b>piscine</b> <script>alert(1)</script>rouvrira")),
    ),
    "a title escaped twice": Case(
        rss(item(title="La piscine &lt;i&gt;rouvrira&lt;/i&gt;"))
        .replace("&amp;lt;i&amp;gt;", "&lt;i&gt;")
        .replace("&amp;lt;/i&amp;gt;", "&lt;/i&gt;")
    ),
    "one id for two articles": Case(
        rss(item(more="<guid>x</guid>"), item("/b", "Des trains", more="<guid>x</guid>")),
        Outcome(
            articles=(Kept(), Kept("Des trains", "http://news.example/b", text=SECOND)),
            announced=2,
        ),
        pages={"/b": reply(page("Des trains", SECOND))},
    ),
    "an entry given twice": Case(rss(item(), item())),
    "the whole text in the feed": Case(
        rss(item(more=ENCODED)),
        Outcome(articles=(Kept(text="\n\n".join(f"{BODY} Point {n}." for n in range(8))),)),
        pages={"/a": reply(b"", "500 Not Asked")},
    ),
    "a text that breaks off": Case(
        rss(item(more=CUT)),
        Outcome(articles=(Kept(text=" ".join([BODY] * 12)),)),
        pages={"/a": reply(page(body=" ".join([BODY] * 12)))},
    ),
    "a page that is refused": Case(
        rss(item()),
        summary("Ce site refuse l’accès à cette page (code 403)."),
        pages={"/a": reply(b"", "403 Forbidden")},
    ),
    "a page behind a wall": Case(
        rss(item(summary=LONG_SUMMARY)),
        summary(
            "Ce site ne montre qu’une partie de l’article, réservé sans doute à ses abonnés.",
            LONG_SUMMARY,
        ),
    ),
    "a page that leads to the front page": Case(
        rss(item(summary=SUMMARY + " […] Lire la suite")),
        summary("Cette page renvoie à l’accueil de son site."),
        pages={"/a": redirect(302, "/"), "/": reply(page())},
    ),
    "a page at a private address": Case(
        rss(item("http://inside.example/a")),
        Outcome(
            articles=(Kept(url="http://inside.example/a", text=SUMMARY, summary_only=True),),
            entry_errors=(
                "Cette adresse mène à une machine privée ou locale ; elle n’est pas visitée.",
            ),
        ),
    ),
    "a page that is gone, without a summary": Case(
        rss(item(summary="Voir")),
        Outcome(
            articles=(),
            entry_errors=("Cette page n’existe pas ou n’existe plus (code 404).",),
        ),
        pages={"/a": reply(b"", "404 Not Found")},
    ),
    "ten thousand entries": Case(
        rss(*(f"<item><guid>/{number}</guid></item>" for number in range(10_000))),
        Outcome(
            articles=(),
            announced=200,
            entry_errors=("Cette page n’existe pas ou n’existe plus (code 404).",) * 20,
            wait=1,
            pending=True,
        ),
    ),
    "no entries": Case(rss(), Outcome(articles=(), announced=0)),
    "an empty answer": Case(
        b"",
        failing("Cette adresse a donné un document vide, pas un flux. Réessayez plus tard."),
    ),
    "a web page": Case(page(), failing(f"Cette adresse donne une page web, {NO_FEED}")),
    "another XML": Case("<urlset/>", failing(f"Cette adresse donne un autre document, {NO_FEED}")),
    "plain words": Case("Bonjour.", failing(f"Cette adresse donne un autre document, {NO_FEED}")),
    "another JSON": Case(
        '{"items": []}',
        failing(
            "Ce document JSON n’est pas un flux (JSON Feed). Donnez l’adresse du flux, souvent "
            "/rss ou /feed."
        ),
    ),
    "broken JSON": Case(
        '{"version":' * 9_000,
        failing("Ce flux JSON est incomplet ou abîmé. Réessayez plus tard, ou prévenez le site."),
    ),
    "an image": Case(
        b"\x89PNG\r\n\x1a\n\x00\x01\x02" * 9,
        failing(
            "Ce flux ne peut pas être lu : Ce document est binaire, ce n’est pas du texte. "
            "Formats acceptés : texte, Markdown, HTML et PDF."
        ),
    ),
    "entities that expand": Case(
        LAUGHS + rss(item(title="&l11;")).replace("&amp;l11;", "&l11;La piscine rouvrira")
    ),
    "an entity from outside": Case(
        OUTSIDE + rss(item(title="&secret;")).replace("&amp;secret;", "&secret;La piscine rouvrira")
    ),
    "elements without end": Case(
        rss(item(), "<a>" * 100_000),
        Outcome(),
    ),
    "gzip": Case(gzip.compress(rss(item()).encode()), headers={"Content_Encoding": "gzip"}),
    "brotli": Case(brotli.compress(rss(item()).encode()), headers={"Content_Encoding": "br"}),
    "gzip that is none": Case(
        rss(item()), failing(CUT_SHORT), headers={"Content_Encoding": "gzip"}
    ),
    "a gzip bomb": Case(
        gzip.compress(bytes(60_000_000)),
        failing(ENDLESS),
        {"Content_Encoding": "gzip"},
    ),
    "a brotli bomb": Case(
        brotli.compress(bytes(60_000_000), quality=5),
        failing(ENDLESS),
        {"Content_Encoding": "br"},
    ),
    "5 GB announced": Case(
        announce,
        failing(
            "Ce document pèse 5120,0 Mio ; la limite est de 1 Mio (SOURCIER_MAX_DOCUMENT_MIB)."
        ),
    ),
    "5 GB without an announcement": Case(endless, failing(ENDLESS)),
    "drops": Case(drip, failing(LATE)),
    "silence": Case(silence, failing(LATE)),
    "a connection that is reset": Case(reset, failing(CUT_SHORT)),
    "a body cut short": Case(rss(item()), failing(CUT_SHORT), headers={"Content_Length": "99999"}),
    "a permanent move": Case(
        redirect(301, "/rss2"),
        Outcome(url="http://news.example/rss2"),
        pages={"/rss2": reply(rss(item()).encode())},
    ),
    "a move for now": Case(redirect(302, "/rss2"), pages={"/rss2": reply(rss(item()).encode())}),
    "a permanent move, then one for now": Case(
        redirect(308, "/rss2"),
        Outcome(url="http://news.example/rss2"),
        pages={"/rss2": redirect(307, "/rss3"), "/rss3": reply(rss(item()).encode())},
    ),
    "a move to what is no feed": Case(
        redirect(301, "/a"),
        failing(f"Cette adresse donne une page web, {NO_FEED}"),
    ),
    "a loop": Case(
        redirect(301, "/rss"), failing("Cette adresse renvoie plus de 5 fois vers une autre.")
    ),
    "a move to a private address": Case(
        redirect(301, "http://inside.example/rss"),
        failing("Cette adresse mène à une machine privée ou locale ; elle n’est pas visitée."),
    ),
    "a private address": Case(
        rss(item()),
        Outcome(
            VisitStatus.FAILED,
            (),
            0,
            "Cette adresse mène à une machine privée ou locale ; elle n’est pas visitée.",
            url="http://inside.example/rss",
        ),
        url="http://inside.example/rss",
    ),
    "gone": Case(
        reply(b"", "410 Gone"),
        Outcome(
            VisitStatus.GONE,
            (),
            0,
            "Ce flux n’existe plus (code 410) ; il n’est plus visité. Retirez-le, ou ajoutez sa "
            "nouvelle adresse.",
            state=FeedState.STOPPED,
        ),
    ),
    "not found": Case(
        reply(b"", "404 Not Found"),
        failing("Cette page n’existe pas ou n’existe plus (code 404)."),
    ),
    "a wait in seconds": Case(
        reply(b"", "429 Too Many Requests", Retry_After="7200"), failing(WAIT, wait=120)
    ),
    "a wait until a date": Case(
        reply(b"", "503 Unavailable", Retry_After="Wed, 13 May 2026 15:00:00 GMT"),
        failing(DOWN.format(503), wait=180),
    ),
    "a wait of years": Case(
        reply(b"", "503 Unavailable", Retry_After="99999999"),
        failing(DOWN.format(503), wait=2 * 24 * 60),
    ),
    "an error of the server": Case(
        reply(b"", "500 Internal Server Error"), failing(DOWN.format(500))
    ),
    "fresh for two hours": Case(
        rss(item()), Outcome(wait=120), headers={"Cache_Control": "max-age=7200, public"}
    ),
    "a ttl of one hour": Case(rss(item(), head="<ttl>60</ttl>"), Outcome(wait=60)),
    "fresh for years": Case(
        rss(item()), Outcome(wait=360), headers={"Cache_Control": "max-age=999999999"}
    ),
}
