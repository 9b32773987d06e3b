"""HTML pages: the article, what the page states about it, and pages that are none."""

import contextlib
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.errors import DocumentTooLargeError, NoArticleError
from knowledge.sources.reading import read_document
from knowledge.types import ArticleDraft, RawDocument

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGIN = "https://gazette.example/politique/2026/02/06/piscine"
PARAGRAPHS = (
    "Le conseil municipal de Valmorin a adopté jeudi la reconstruction de la piscine, fermée.",
    "« Cette ville ne peut pas attendre », a déclaré la maire devant une salle comble jeudi.",
    "Le chantier commencera en septembre 2026 et durera trois ans, a précisé l’adjoint Karim.",
)
ARTICLE = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TEXT = "\n\n".join(PARAGRAPHS)


def page(head: str = "", body: str = f"<article><h1>Le vote</h1>{ARTICLE}</article>") -> str:
    return (
        f'<!doctype html><html lang="fr-FR"><head><meta charset="utf-8">{head}</head><body>'
        '<nav><ul><li><a href="/">Accueil</a></li><li><a href="/sport">Sport</a></li></ul></nav>'
        f"{body}<footer><p>Mentions légales</p></footer></body></html>"
    )


def read(markup: str | bytes, origin: str = ORIGIN, *, charset: str | None = None) -> ArticleDraft:
    data = markup.encode() if isinstance(markup, str) else markup
    document = RawDocument(data, origin, "text/html", charset)
    return read_document(document, max_bytes=20_000_000, now=NOW)


def linked(**values: object) -> str:
    data = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **values})
    return f'<script type="application/ld+json">{data}</script>'


def test_a_page_becomes_its_article_with_what_it_states() -> None:
    head = linked(
        headline="Le vote &amp; la suite",
        datePublished="2026-02-06T07:30:00+01:00",
        dateModified="2026-02-07T07:30:00+01:00",
        author=[{"@type": "Person", "name": "Anne Roy"}, {"name": "Jean Petit"}],
        publisher={"@type": "Organization", "name": "La Gazette"},
    )
    assert read(page(head)) == ArticleDraft(
        ORIGIN,
        "Le vote & la suite",
        TEXT,
        url=ORIGIN,
        outlet="La Gazette",
        author="Anne Roy, Jean Petit",
        published=datetime(2026, 2, 6, 6, 30, tzinfo=UTC),
    )


def test_open_graph_serves_where_there_is_no_json() -> None:
    draft = read(
        page(
            '<meta property="og:title" content="Le vote | La Gazette">'
            '<meta property="og:site_name" content="La Gazette">'
            '<meta property="article:published_time" content="2026-02-06T07:30:00Z">'
            '<meta name="author" content="Par Anne Roy">'
        )
    )
    assert (draft.title, draft.outlet, draft.author, draft.published) == (
        "Le vote",
        "La Gazette",
        "Anne Roy",
        datetime(2026, 2, 6, 7, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="date" content="2026-02-06">',
        '<meta name="DC.date.issued" content="2026-02-06">',
        '<meta itemprop="datePublished" content="2026-02-06">',
        linked(datePublished="2026-02-06"),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, '
            '{"@type": ["Article"], "datePublished": "2026-02-06"}]}</script>'
        ),
    ],
)
def test_each_explicit_statement_of_the_date_counts(head: str) -> None:
    assert read(page(head)).published == datetime(2026, 2, 6, tzinfo=UTC)


def test_a_time_element_counts_only_as_the_publication_date() -> None:
    stated = "<article><h1>Le vote</h1><time datetime='2026-02-06' pubdate>jeudi</time>{}</article>"
    other = "<article><h1>Le vote</h1><time datetime='2026-02-06'>jeudi</time>{}</article>"
    expected = datetime(2026, 2, 6, tzinfo=UTC)
    assert read(page(body=stated.format(ARTICLE))).published == expected
    assert read(page(body=other.format(ARTICLE))).published is None


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<meta property="article:modified_time" content="2026-02-06T07:30:00Z">',
        linked(dateModified="2026-02-06", uploadDate="2026-02-06"),
        linked(datePublished="1970-01-01T00:00:00Z"),
        linked(datePublished="2031-01-01"),
        linked(datePublished="jeudi dernier"),
        linked(datePublished={"@value": 3}),
        '<meta name="date" content="02/06/2026">',
        '<meta name="copyright" content="2026">',
    ],
)
def test_a_date_is_never_guessed(head: str) -> None:
    """Neither from the address (2026/02/06) nor from the text or the copyright line."""
    body = f"<article><h1>Le vote</h1><p>Publié le 6 février 2026</p>{ARTICLE}</article>"
    footer = "<footer>© La Gazette 2026</footer>"
    assert read(page(head, body + footer)).published is None


def test_the_host_is_no_outlet_and_an_address_no_author() -> None:
    draft = read(page('<meta name="author" content="https://facebook.com/gazette">'))
    assert (draft.outlet, draft.author) == (None, None)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/a/vote?utm_source=rss", "https://gazette.example/a/vote"),
        ("https://GAZETTE.example/a/vote#haut", "https://gazette.example/a/vote"),
        ("https://other.example/a/vote", ORIGIN),
        ("https://gazette.example/", ORIGIN),
        ("javascript:alert(1)", ORIGIN),
        ("http://[broken", ORIGIN),
    ],
)
def test_the_canonical_link_counts_on_its_own_host(address: str, expected: str) -> None:
    draft = read(page(f'<link rel="canonical" href="{address}">'))
    assert (draft.origin, draft.url) == (expected, expected)


def test_a_saved_page_knows_its_address() -> None:
    draft = read(page('<link rel="canonical" href="https://gazette.example/a">'), "file:/a.html")
    assert draft.url == draft.origin == "https://gazette.example/a"


def test_lists_stay_together_and_headings_apart() -> None:
    body = (
        f"<article><h1>Le vote</h1><p>{PARAGRAPHS[0]}</p><h2>Un coût élevé</h2>"
        f"<ul><li>un bassin ;</li><li>un autre.</li></ul><p>{PARAGRAPHS[1]}</p></article>"
    )
    assert read(page(body=body)).text == (
        f"{PARAGRAPHS[0]}\n\nUn coût élevé\n\n- un bassin ;\n- un autre.\n\n{PARAGRAPHS[1]}"
    )


def test_residue_within_the_article_goes() -> None:
    body = (
        f"<article><h1>Le vote</h1><p>Publié le 6 février 2026 à 10h00</p><p>{PARAGRAPHS[0]}</p>"
        f"<p>Lire aussi : Un autre sujet</p><p>{PARAGRAPHS[1]}</p><p>Partager sur Facebook</p>"
        f"<p>{PARAGRAPHS[2]}</p><p>Laisser un commentaire</p></article>"
    )
    assert read(page(body=body)).text == TEXT


@pytest.mark.parametrize(
    ("charset", "meta"), [("utf-8", "utf-8"), (None, "windows-1252"), (None, "utf-8"), (None, "")]
)
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-16"])
def test_the_accents_are_right_whatever_the_page_declares(
    encoding: str, charset: str | None, meta: str
) -> None:
    markup = page().replace('charset="utf-8"', f'charset="{meta}"')
    assert read(markup.encode(encoding), charset=charset).text == TEXT


@pytest.mark.parametrize(
    "markup",
    [
        page(body="<h1>Rubriques</h1><ul>" + "<li><a href='/a'>Politique</a></li>" * 30 + "</ul>"),
        page(body="<form><input name=q><button>Rechercher</button></form>"),
        page(body="<p>Publicité</p><p>Laisser un commentaire</p>"),
        page(body="<div id=app></div><script>render('Le maire a parlé. Il a dit oui.')</script>"),
        page(body=""),
        "<html></html>",
        "<!doctype html>",
    ],
    ids=["links", "form", "residue", "application", "empty body", "empty page", "doctype"],
)
def test_a_page_without_an_article_says_so(markup: str) -> None:
    with pytest.raises(NoArticleError):
        read(markup)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 200_000,
        "<div>" * 200_000 + ARTICLE + "</div>" * 200_000,
        "<b>" * 300_000 + "x",
        "<p>Bonjour le monde. " * 60_000,
        "<table>" * 5_000 + "<tr><td>" * 5_000,
        "<!--" * 200_000,
        "&amp;" * 200_000,
        '<p title="' + "a" * 1_000_000,
    ],
    ids=["nested", "nested article", "inline", "wide", "tables", "comments", "entities", "value"],
)
def test_a_hostile_page_ends_soon(body: str) -> None:
    begin = time.thread_time()
    with contextlib.suppress(NoArticleError, DocumentTooLargeError):
        read(f"<html><body>{body}")
    assert time.thread_time() - begin < 30


@pytest.mark.parametrize("blank", " \n\t\r\f\u00a0\u202f\u2003\u3000\u2028", ids=ascii)
@pytest.mark.parametrize("head", ["", "<html><body><p>"], ids=["before", "within"])
def test_a_hundred_thousand_blanks_take_no_time(blank: str, head: str) -> None:
    begin = time.thread_time()
    with contextlib.suppress(NoArticleError):
        read(f"{head}{blank * 100_000}x")
    assert time.thread_time() - begin < 10


@pytest.mark.parametrize("kinds", ['"%s"', '["%s", "NewsArticle"]'])
def test_types_of_any_length_take_no_time(kinds: str) -> None:
    linked = '{"@type": ' + kinds % ("a" * 100_000) + ', "headline": "Autre titre"}'
    begin = time.thread_time()
    draft = read(page(f'<script type="application/ld+json">{linked}</script>'))
    assert time.thread_time() - begin < 10
    assert draft.title == ("Autre titre" if "NewsArticle" in kinds else "Le vote")


def test_an_xml_declaration_at_the_head_is_passed_over() -> None:
    assert read('\n <?xml version="1.0" encoding="utf-8"?>\n' + page()).text == TEXT


def test_control_characters_and_no_break_spaces_together_are_read() -> None:
    last = "<p>Un\x0b mot\x1f et 3\u00a0%&#12; et&nbsp;plus.</p>"
    body = f"<article><h1>Le vote</h1>{ARTICLE}{last}</article>"
    assert read(page(body=body)).text == TEXT + "\n\nUn mot et 3\u00a0% et\u00a0plus."


def test_hostile_metadata_is_bounded() -> None:
    deep = '<script type="application/ld+json">' + "[" * 100_000 + "</script>"
    long = f'<meta property="og:title" content="{"a" * 100_000}">'
    many = '<meta property="og:site_name" content="x@y"><meta name="z" content="z">' * 2_000
    draft = read(page(deep + long + many))
    assert (draft.title, draft.outlet) == ("Le vote", None)


def test_entities_declared_by_the_page_are_not_expanded() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    draft = read(bomb + page(body=f"<article><h1>Le vote</h1>{ARTICLE}<p>&b;&f;</p></article>"))
    assert "lollol" not in draft.text
    assert "root:" not in draft.text


def test_a_page_as_news_sites_make_them_gives_its_article_and_nothing_else() -> None:
    data = (Path(__file__).parents[1] / "data/sources/page.html").read_bytes()
    url = "https://courrier-isle.example/valombreuse/pont-des-tisserands-80412.html"
    expected = ArticleDraft(
        url,
        "Valombreuse : le pont des Tisserands rouvrira en mars",
        "Fermé depuis le 14\xa0juillet après la chute d’un bloc de pierre, le pont des Tisserands "
        "sera rendu à la circulation «\xa0dans la première quinzaine de mars\xa0», a annoncé mardi "
        "la mairie de Valombreuse.\n\n"
        "Les travaux ont coûté 1,3\xa0million d’euros, soit 200\xa0000\xa0euros de plus que prévu. "
        "L’État en prend la moitié à sa charge.\n\n"
        "Deux piles à reprendre\n\n"
        "Les plongeurs ont découvert à l’automne que deux des cinq piles étaient creusées par le "
        "courant. «\xa0Nous n’avions pas le choix\xa0: rouvrir plus tôt aurait été une folie\xa0», "
        "explique Bastien Lormeau, l’ingénieur qui dirige le chantier.\n\n"
        "Pendant huit mois, les habitants de la rive gauche ont dû faire un détour de six "
        "kilomètres. La mairie promet une fête le jour de la réouverture, avec un bal sur le "
        "tablier.",
        url=url,
        outlet="Le Courrier de l’Isle",
        author="Maëlle Guérinot",
        published=datetime(2026, 2, 11, 5, 15, tzinfo=UTC),
        contributors=("AFP",),
    )
    assert read(data, f"{url}?utm_source=x") == expected
