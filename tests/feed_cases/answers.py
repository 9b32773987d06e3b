"""Compression, sizes, speed, redirects and statuses of what a server answers."""

from __future__ import annotations

import gzip
import socket
import struct
import time

import brotli

from knowledge.feeds.types import FeedState, VisitStatus
from tests.feed_cases.case import NO_FEED, Case, Outcome, failing, redirect
from tests.followed import item, rss
from tests.web_server import reply

PIECE = b"<!-- " + b"a" * 65_530 + b"-->"
ENDLESS = "Ce document dépasse la limite, qui est de 1 Mio (SOURCIER_MAX_DOCUMENT_MIB)."
LATE = "Ce site n’a pas fini de répondre en 4 secondes ; réessayez plus tard."
CUT_SHORT = "La réponse de ce site a été interrompue ; réessayez plus tard."
WAIT = "Ce site demande d’attendre avant une nouvelle visite (code 429)."
DOWN = "Ce site est en panne ; réessayez plus tard (code {})."


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


ANSWERS = {
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
