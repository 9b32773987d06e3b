"""Links to a sentence: text fragments that single it out, in ASCII, never too long."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.fragment import MAX_LINK_CHARACTERS, article_link, sentence_link
from knowledge.types import Span

PAGE = "https://ex.fr/a"
LONG = (
    "Le conseil municipal a voté mardi soir, après trois heures de débat, la rénovation complète "
    "de la halle du centre-ville."
)


def link(text: str, sentence: str, url: str | None = PAGE) -> str | None:
    start = text.index(sentence)
    return sentence_link(url, text, Span(start, start + len(sentence)))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (None, None),
        ("file:///srv/a.txt", None),
        ("javascript:alert(1)//x.fr", None),
        ("https://localhost/a", None),
        ("https://user:secret@ex.fr/a", None),
        ("https://ex.fr:99999/a", None),
        ("https://[::1]/a", None),
        ("https://ex.fr./a", "https://ex.fr/a"),
        ("https://1./a", None),
        ("https://1.2/a", None),
        ("https://192.0.2.7/a", "https://192.0.2.7/a"),
        ("https://ex.fr/" + "a" * 2000, None),
        ("https://ex.fr/a?b=c&d=%20#e", "https://ex.fr/a?b=c&d=%20#e"),
        ("https://EX.fr:8080/é à«", "https://ex.fr:8080/%C3%A9%20%C3%A0%C2%AB"),
        ("https://été.fr/", "https://xn--t-9fab.fr/"),
        ("http://ex.fr", "http://ex.fr"),
        ("https://ex.fr/\ud800", "https://ex.fr/%3F"),
        ("https://" + "é." * 100_000 + "fr/", None),  # hung: IDNA takes the square of the length
    ],
)
def test_an_article_is_linked_where_telegram_takes_the_address(
    url: str | None, expected: str | None
) -> None:
    assert article_link(url) == expected


def test_a_short_sentence_is_named_whole_with_the_directive_s_signs_encoded() -> None:
    sentence = "Vingt-trois élus, dont M. R&D, ont dit «\u00a0oui\u00a0»."
    assert link(f"Avant. {sentence} Après.", sentence) == (
        "https://ex.fr/a#:~:text=Vingt%2Dtrois%20%C3%A9lus%2C%20dont%20M.%20R%26D%2C%20ont%20dit"
        "%20%C2%AB%C2%A0oui%C2%A0%C2%BB."
    )


def test_a_long_sentence_is_named_by_a_few_words_of_each_end() -> None:
    assert link(f"Avant. {LONG} Après.", LONG) == (
        "https://ex.fr/a#:~:text=Le%20conseil%20municipal%20a,la%20halle%20du%20centre%2Dville."
    )


def test_ends_grow_until_they_single_the_sentence_out() -> None:
    text = f"Le conseil municipal a voté lundi. {LONG}"
    found = link(text, LONG)
    assert found == (
        "https://ex.fr/a#:~:text=Le%20conseil%20municipal%20a%20vot%C3%A9%20mardi,"
        "la%20halle%20du%20centre%2Dville."
    )


def test_a_short_sentence_said_twice_is_told_apart_by_the_words_before_it() -> None:
    text = "Non. Il l’a dit hier soir encore. Non."
    assert sentence_link(PAGE, text, Span(len(text) - 4, len(text))) == (
        "https://ex.fr/a#:~:text=dit%20hier%20soir%20encore.-,Non."
    )


def test_a_sentence_over_two_lines_is_named_by_words_of_each() -> None:
    assert link("Un titre\nsans point final", "Un titre\nsans point final") == (
        "https://ex.fr/a#:~:text=Un%20titre,sans%20point%20final"
    )


def test_a_fragment_of_the_address_stays_and_an_old_directive_goes() -> None:
    assert link("Oui.", "Oui.", f"{PAGE}#haut") == "https://ex.fr/a#haut:~:text=Oui."
    assert link("Oui.", "Oui.", f"{PAGE}#:~:text=vieux") == "https://ex.fr/a#:~:text=Oui."


def test_a_sentence_that_no_words_single_out_links_to_the_page() -> None:
    assert link("Oui.\nOui.", "Oui.") == "https://ex.fr/a#:~:text=Oui."
    assert sentence_link(PAGE, "Oui.\nOui.", Span(5, 9)) == PAGE
    endless = "mot" * 2000
    assert sentence_link(PAGE, endless, Span(0, len(endless))) == PAGE


def test_a_file_has_no_link() -> None:
    assert link("Oui.", "Oui.", None) is None


@given(st.text(min_size=1), st.text(min_size=1, max_size=300), st.text())
def test_links_are_short_ascii_and_name_words_of_the_sentence(
    before: str, sentence: str, after: str
) -> None:
    text = before + sentence + after
    found = sentence_link(PAGE, text, Span(len(before), len(before) + len(sentence)))
    assert found is not None
    assert found.isascii()
    assert len(found) <= MAX_LINK_CHARACTERS
    _, _, directive = found.partition(":~:text=")
    if directive:
        first = unquote(directive.split("-,")[-1].split(",")[0])
        assert first in sentence
