"""Bytes to letters: the accents are right, whatever was declared."""

import pytest

from knowledge.errors import (
    UnreadableDocumentError,
)
from tests.readings import read

ACCENTS = "L’été à Kiev\n\n« L’œuvre », a déclaré le préfet — 5 € de cœur, naïf, Noël, ÉTÉ."


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac-roman"],
)
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "gb2312", "koi8-r", "nonsense"])
def test_the_accents_are_right_whatever_is_declared(encoding: str, declared: str | None) -> None:
    draft = read(ACCENTS.encode(encoding), charset=declared)
    assert f"{draft.title}\n\n{draft.text}" == ACCENTS


@pytest.mark.parametrize("encoding", ["latin-1", "iso8859-15", "cp850"])
def test_encodings_without_curly_quotes(encoding: str) -> None:
    text = "L'été à Kiev\n\n« Où est le préfet ? », a demandé Noël à la mairie."
    draft = read(text.encode(encoding))
    assert f"{draft.title}\n\n{draft.text}" == text


def test_the_euro_and_the_ligature_of_latin_9_when_declared() -> None:
    text = "Le cœur\n\nLe cœur coûte 5 € à la mairie, dit-on."
    assert read(text.encode("iso8859-15"), charset="iso-8859-15").text == text.split("\n\n")[1]


def test_mojibake_that_was_saved_as_utf_8_is_undone() -> None:
    draft = read(ACCENTS.encode().decode("latin-1").encode())
    assert f"{draft.title}\n\n{draft.text}" == ACCENTS


@pytest.mark.parametrize(
    "data",
    [
        ("Été " * 20 + "Ã©tÃ© " * 20).encode(),
        ("Le pr\ufffdfet a parl\ufffd de l'\ufffdt\ufffd. " * 5).encode(),
        "Привет, это новости из Москвы на сегодня.".encode("cp1251"),
        "日本のニュースをお届けします。".encode("shift_jis"),
    ],
    ids=["half mojibake", "lost characters", "undeclared Cyrillic", "undeclared Japanese"],
)
def test_wrong_accents_are_never_accepted_silently(data: bytes) -> None:
    with pytest.raises(UnreadableDocumentError, match=r"encodage|perdus"):
        read(data)


def test_a_declared_foreign_script_is_read() -> None:
    text = "Привет, это новости из Москвы на сегодня."
    assert read(text.encode("cp1251"), charset="windows-1251").text == text
