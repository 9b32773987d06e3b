"""Settings are refused with their variable's name and what is expected, never their value."""

from __future__ import annotations

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
            "SOURCIER_ANSWER_STYLE : valeur refusée. Attendu : 'redige' ou 'citations'.",
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
