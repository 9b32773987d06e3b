"""The offer of the recommended model: made once, and its answer is remembered."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.settings import BotSettings
from bot.terminal.models import offer_recommended_model
from knowledge.settings import load_settings

OFFER = "Le télécharger maintenant ? [o/N] "


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BotSettings:
    monkeypatch.chdir(tmp_path)
    return load_settings(BotSettings, env_file=None, data_dir=tmp_path / "data", model=None)


def offered(
    settings: BotSettings,
    typed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:
    """Return what is printed when `typed` is at hand; the settings stay as they are."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert offer_recommended_model(settings) is settings
    return capsys.readouterr().out


def test_a_refusal_is_remembered(
    settings: BotSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert OFFER in offered(settings, "n\n", monkeypatch, capsys)
    assert offered(settings, "", monkeypatch, capsys) == ""
    assert not Path(".env").exists()


def test_an_offer_left_without_an_answer_is_made_again(
    settings: BotSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert OFFER in offered(settings, "", monkeypatch, capsys)


def test_whoever_chose_a_model_is_offered_none(
    settings: BotSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = settings.model_copy(update={"model": "qwen3-0.6b"})
    assert offered(chosen, "", monkeypatch, capsys) == ""
