"""Links, titles and texts of entries, and the pages that they lead to."""

from __future__ import annotations

import html

from tests.feed_cases.case import SUMMARY, Case, Kept, Outcome, redirect, summary
from tests.followed import BODY, SECOND, item, page, rss
from tests.web_server import reply

WHOLE = "".join(f"<p>{BODY} Point {n}.</p>" for n in range(8))
ENCODED = f"<content:encoded>{html.escape(WHOLE)}</content:encoded>"
CUT = f"<content:encoded>{html.escape(WHOLE + '<p>Lire la suite…</p>')}</content:encoded>"
LONG_SUMMARY = " ".join((BODY, SECOND))

ENTRIES = {
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
}
