"""Settings are refused with their variable's name and what is expected, never their value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.errors import SettingsError
from knowledge.settings import KnowledgeSettings, load_settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        (
            "SOURCIER_THREADS",
            "beaucoup",
            "SOURCIER_THREADS : valeur refusée. Attendu : un nombre entier.",
        ),
        (
            "SOURCIER_THREADS",
            "0",
            "SOURCIER_THREADS : valeur refusée. Attendu : un nombre d’au moins 1.",
        ),
        (
            "SOURCIER_MINIMUM_CONFIDENCE",
            "1.5",
            "SOURCIER_MINIMUM_CONFIDENCE : valeur refusée. Attendu : un nombre d’au plus 1.0.",
        ),
        (
            "SOURCIER_ANSWER_STYLE",
            "libre",
            "SOURCIER_ANSWER_STYLE : valeur refusée. Attendu : redige ou citations.",
        ),
        (
            "SOURCIER_TEMPERATURE",
            "tiède",
            "SOURCIER_TEMPERATURE : valeur refusée. Attendu : un nombre, avec un point décimal.",
        ),
    ],
)
def test_a_bad_value_names_its_variable_and_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(KnowledgeSettings)
    assert caught.value.message.startswith(message)
    assert caught.value.subject == variable
    assert value not in caught.value.message.replace(message, "")


def test_a_settings_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("SOURCIER_THREADS=3\nSOURCIER_PASSAGES=4\n", encoding="utf-8")
    monkeypatch.setenv("SOURCIER_THREADS", "5")
    settings = load_settings(KnowledgeSettings)
    assert (settings.threads, settings.passages) == (5, 4)


def test_a_settings_file_in_another_encoding_is_refused_clearly(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("SOURCIER_MODEL=modèle".encode("latin-1"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(KnowledgeSettings)


def test_everything_written_lies_in_the_data_folder(tmp_path: Path) -> None:
    settings = load_settings(KnowledgeSettings, data_dir=tmp_path)
    written = (settings.chroma_dir, settings.models_dir, settings.sqlite_path)
    assert all(path.is_relative_to(tmp_path) for path in written)


@pytest.mark.parametrize(
    "address",
    [
        "localhost:8000",
        "ftp://bot:motdepasse@exemple.test",
        "http://",
        "http://[motdepasse",
        "http://exemple.test:motdepasse",
        "http://exemple.test:99999",
        "http://exemple.test/?motdepasse",
        "data/chroma",
    ],
)
def test_an_address_of_chroma_that_is_none_is_refused_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("SOURCIER_CHROMA_URL", address)
    with pytest.raises(SettingsError) as caught:
        load_settings(KnowledgeSettings)
    assert caught.value.message == (
        "SOURCIER_CHROMA_URL : valeur refusée. Attendu : une adresse http(s), comme "
        "http://127.0.0.1:8000. Adresse http(s) d’un serveur Chroma ; vide : dans le dossier de "
        "données."
    )


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "HTTPS://u:p@exemple.test/", " http://[::1]:8000 "]
)
def test_an_address_of_chroma_is_taken(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SOURCIER_CHROMA_URL", address)
    assert load_settings(KnowledgeSettings).chroma_url == address.strip().rstrip("/")


def test_passwords_are_not_shown_with_the_settings() -> None:
    settings = load_settings(
        KnowledgeSettings,
        env_file=None,
        database_url="postgresql://u:motdepasse@exemple.test/base",
        chroma_url="http://u:motdepasse@exemple.test",
    )
    assert "motdepasse" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("threads", "9" * 5000),
        ("threads", 1.5),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("model", 3),
        ("data_dir", 3),
        ("answer_style", None),
    ],
)
def test_what_is_expected_is_said_in_french_whatever_is_wrong(name: str, value: object) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(KnowledgeSettings, env_file=None, **{name: value})
    assert caught.value.message.startswith(f"SOURCIER_{name.upper()} : valeur refusée. Attendu : ")
    assert not re.search(r"\b(should|valid|input|expected|is|be|unable)\b", caught.value.message)
