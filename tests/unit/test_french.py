"""French tokens and stems."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.french import content_stems, fold, normalise_number, stem, tokenise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("construire", "construction"),
        ("naître", "née"),
        ("élu", "élections"),
        ("ouvrira", "ouverture"),
        ("vendu", "ventes"),
        ("écoles", "école"),
        ("coûtera", "coût"),
        ("naitre", "naissance"),
        ("XIXe", "19"),
        ("IIe", "2"),
    ],
)
def test_words_of_one_family_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("maire", "mer"), ("vente", "vent-debout"), ("2", "12")]
)
def test_unrelated_words_keep_their_own_stem(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_elided_articles_are_left_out_and_offsets_are_exact() -> None:
    text = "L’énergie qu'il a coûté 200 000 euros"
    tokens = tokenise(text)
    assert [token.text for token in tokens] == [
        "énergie", "il", "a", "coûté", "200 000", "euros",
    ]  # fmt: skip
    assert all(text[token.start : token.end] == token.text for token in tokens)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("200 000", "200000"),
        ("200\u202f000", "200000"),
        ("1,50", "1.5"),
        ("1.250.000", "1250000"),
        ("2026", "2026"),
    ],
)
def test_numbers_have_one_form(written: str, number: str) -> None:
    assert normalise_number(written) == number


def test_stop_words_and_single_letters_are_no_content() -> None:
    assert content_stems("Est-ce que la mairie de Valmorin l’a fait ?") == (
        stem("mairie"),
        stem("Valmorin"),
    )


@given(st.text())
def test_content_stems_are_those_of_the_tokens_that_carry_meaning(text: str) -> None:
    expected = tuple(
        token.stem
        for token in tokenise(text)
        if token.is_number or (not token.is_stopword and len(token.text) > 1)
    )
    assert content_stems(text) == expected


@given(st.text(alphabet="aàâäbcçdeéèêëœæïîôùûüÿ'’ ", max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_word_of_ten_thousand_letters_is_cut() -> None:
    assert content_stems("é" * 10_000) == (stem("é" * 40),)


def test_stems_do_not_depend_on_the_hash_seed() -> None:
    program = (
        "from knowledge.text.french import content_stems;"
        "print(content_stems('Les élus construiront 12 écoles au XIXe siècle'))"
    )
    outputs = {
        subprocess.run(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pays", "payer"),
        ("département", "partir"),
        ("vent", "vente"),
        ("vit", "voir"),
        ("bâti", "battre"),
        ("crue", "croissance"),
        ("père", "périr"),
        ("port", "porter"),
        ("mars", "mari"),
    ],
)
def test_words_that_only_look_related_keep_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_word_apart_still_meets_its_own_forms_with_or_without_accents() -> None:
    assert stem("bâti") == stem("batiment") == stem("BÂTIR")
    assert stem("Départements") == stem("departemental")


def test_maize_is_not_the_conjunction() -> None:
    assert content_stems("Le maïs, mais pas le blé") == (stem("maïs"), stem("blé"))
