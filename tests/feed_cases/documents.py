"""Formats, mark-up, encodings and dates of feeds, and documents that are none."""

from __future__ import annotations

import json

from tests.feed_cases.case import NO_FEED, Case, Kept, Outcome, failing
from tests.followed import item, page, rss

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

DOCUMENTS = {
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
}
