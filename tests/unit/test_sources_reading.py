"""Texts of every kind to article drafts, and what is refused with which error."""

import gzip
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import (
    DocumentTooLargeError,
    NoArticleError,
    SourceError,
    UnreadableDocumentError,
)
from knowledge.types import ArticleDraft
from tests.readings import BODY, FILE, NOW, read


def test_a_first_line_alone_without_full_stop_is_the_title() -> None:
    assert read(f"Un budget sans hausse d’impôt\n\n\n{BODY}\n") == ArticleDraft(
        FILE, "Un budget sans hausse d’impôt", BODY
    )


def test_furniture_before_the_title_is_passed_over() -> None:
    assert read(f"Publicité\n\nUn budget sans hausse\n\n{BODY}").title == "Un budget sans hausse"


def test_a_question_may_be_a_title() -> None:
    draft = read(f"Faut-il augmenter l’impôt ?\n\n{BODY}")
    assert (draft.title, draft.text) == ("Faut-il augmenter l’impôt ?", BODY)


def test_without_title_the_first_sentence_serves_and_stays_in_the_text() -> None:
    draft = read(BODY)
    assert draft.title == BODY.split("\n")[0].removesuffix(".")
    assert draft.text == BODY


@pytest.mark.parametrize(
    ("origin", "title"),
    [
        (FILE, "une-note"),
        ("https://gazette.example/2026/le-budget-de-valmorin.html", "le-budget-de-valmorin"),
        ("https://gazette.example/", "Le maire a présenté le budget jeudi soir"),
        ("https://gazette.example/2026/1234", "Le maire a présenté le budget jeudi soir"),
    ],
)
def test_a_text_of_one_sentence_is_not_shown_twice(origin: str, title: str) -> None:
    draft = read("Le maire a présenté le budget jeudi soir.", origin)
    assert (draft.title, draft.text) == (title, "Le maire a présenté le budget jeudi soir.")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Il pleut sur la ville... Il vente.", "Il pleut sur la ville..."),
        ("Il pleut sur la ville\u2028Il vente.", "Il pleut sur la ville"),
        ("Il pleut. Il vente.", "Il pleut"),
        ("Pleut-il ? Il vente.", "Pleut-il ?"),
    ],
)
def test_a_title_taken_from_the_text_is_one_line_without_full_stop(text: str, title: str) -> None:
    assert read(text).title == title


def test_a_long_first_sentence_is_cut_between_words() -> None:
    sentence = "Le maire " + "a présenté le budget de la commune et " * 5 + "voilà."
    title = read(f"{sentence} Il part.").title
    assert len(title) <= 100
    assert sentence.startswith(title[:-1])
    assert title.endswith("…")


def test_an_abbreviation_does_not_end_the_title() -> None:
    assert read("M. Dupont a parlé. Puis il est parti.").title == "M. Dupont a parlé"


def test_a_text_without_words_at_its_head_is_named_after_the_file() -> None:
    draft = read("2026 ?\n12 : le nombre des élus.", filename="resultats-mairie.txt")
    assert draft.title == "resultats-mairie"


def test_credits_become_metadata() -> None:
    draft = read(f"Un budget sans hausse\n\nPar Anne Roy\n\n{BODY}\n\n(avec AFP)")
    assert (draft.text, draft.author, draft.contributors) == (BODY, "Anne Roy", ("AFP",))


def test_front_matter_gives_the_metadata_verbatim() -> None:
    draft = read(
        "---\n"
        "title: Valmorin : « la piscine », c’est voté\n"
        "outlet: La Gazette\n"
        "author: Anne Roy\n"
        "published: 2026-02-06T07:30:00+01:00\n"
        "url: https://Gazette.example/a?utm_source=x#haut\n"
        "language: fr-FR\n"
        "mood: inconnue\n"
        f"---\n{BODY}\n",
        "file:/a/b.md",
    )
    url = "https://gazette.example/a"
    assert draft == ArticleDraft(
        url,
        "Valmorin : « la piscine », c’est voté",
        BODY,
        url=url,
        outlet="La Gazette",
        author="Anne Roy",
        published=datetime(2026, 2, 6, 6, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize("date", ["", "bientôt", "2026-13-45", "03/04/2026", "2027-01-01"])
def test_a_date_that_is_not_certain_stays_unknown(date: str) -> None:
    assert read(f"---\ntitle: Un titre\npublished: {date}\n---\n{BODY}").published is None


def test_three_dashes_without_front_matter_are_text() -> None:
    draft = read(f"---\nCeci n’est pas une clé\n---\n{BODY}")
    assert "Ceci n’est pas une clé" in draft.title + draft.text


def test_a_bad_address_in_front_matter_is_ignored() -> None:
    draft = read(f"---\ntitle: Un titre\nurl: javascript:alert(1)\n---\n{BODY}")
    assert (draft.origin, draft.url) == (FILE, None)


def test_a_fetched_text_may_not_pass_for_another_site() -> None:
    origin = "https://evil.example/a"
    draft = read(f"---\ntitle: Un titre\nurl: https://gazette.example/\n---\n{BODY}", origin)
    assert (draft.origin, draft.url) == (origin, origin)


@pytest.mark.parametrize(
    "data",
    [b"", b" \n\t\n ", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00\x00\x00"],
    ids=["nothing", "white space", "utf-8 mark", "utf-16 mark", "zeros"],
)
def test_an_empty_document_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(UnreadableDocumentError, match="vide"):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\xff\xd8\xff\xe0" + bytes(100),
        b"PK\x03\x04" + bytes(100),
        gzip.compress(BODY.encode()),
        b"\x7fELF" + bytes(100),
        b"{\\rtf1 Bonjour}",
        Random(1).randbytes(5000),  # noqa: S311 - any bytes will do
        b"texte\x00texte et encore du texte",
    ],
    ids=["png", "jpeg", "zip", "gzip", "elf", "rtf", "random", "nul"],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.bin"])
def test_a_binary_document_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(UnreadableDocumentError) as caught:
        read(data, f"file:/{name}", filename=name)
    assert caught.value.subject == f"file:/{name}"
    assert not caught.value.retryable


def test_a_document_over_the_limit_is_refused_with_both_figures() -> None:
    with pytest.raises(DocumentTooLargeError, match=r"50,0 Mio.*limite est de 20 Mio"):
        read(b"a" * (50 * 2**20), max_bytes=20 * 2**20)


@pytest.mark.parametrize("text", ["Publicité\n\nPartager\n", "Laisser un commentaire", "12 345 !"])
def test_only_residue_is_no_article(text: str) -> None:
    with pytest.raises(NoArticleError):
        read(text)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400) | st.text(max_size=200).map(str.encode),
    st.sampled_from(["a.txt", "a.md", "a.html", "a.pdf", "a"]),
    st.sampled_from([b"", b"%PDF-1.4\n", b"<html>", b"---\n", b"\xff\xfe", b"# "]),
)
def test_any_bytes_become_a_draft_or_a_source_error(body: bytes, name: str, head: bytes) -> None:
    failure = draft = None
    try:
        draft = read(head + body, f"file:/{name}", filename=name)
    except SourceError as error:
        failure = error
    if draft is not None:
        assert draft.text.strip()
        assert draft.title == draft.title.strip() != ""
    if failure is not None:
        assert failure.message
        assert failure.subject == f"file:/{name}"


def test_plain_text_is_read_without_loading_a_parser() -> None:
    code = (
        "import sys; from datetime import datetime, UTC\n"
        "from knowledge.sources import read_document; from knowledge.types import RawDocument\n"
        "import knowledge.sources.fetch\n"
        "d = RawDocument('Un été.\\n\\nIl a plu sur la ville.'.encode(), 'file:/a.txt')\n"
        "read_document(d, max_bytes=1000, now=datetime.now(UTC))\n"
        "slow = {'trafilatura', 'lxml', 'pypdf', 'httpx', 'httpcore', 'charset_normalizer'}\n"
        "print(sorted(slow & {*sys.modules}))"
    )
    found = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_seven_hundred_characters_are_read_in_a_few_milliseconds() -> None:
    text = f"Un budget sans hausse\n\n{BODY}\n\n" + (BODY + "\n\n") * 3
    data = text[:700].encode()
    read(data)
    begin = time.thread_time()
    for _ in range(200):
        read(data)
    assert (time.thread_time() - begin) / 200 < 0.005


def test_a_date_a_day_ahead_is_a_time_zone_and_later_is_a_mistake() -> None:
    def published(moment: datetime) -> datetime | None:
        return read(f"---\ntitle: T\npublished: {moment.isoformat()}\n---\n{BODY}").published

    assert published(NOW + timedelta(hours=20)) == NOW + timedelta(hours=20)
    assert published(NOW + timedelta(hours=30)) is None
