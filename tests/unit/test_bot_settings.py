"""Settings of the bot are refused at the start, by name, without their value."""

from pathlib import Path

import pytest

from bot.settings import BotSettings
from knowledge.errors import SettingsError
from knowledge.settings import load_settings

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz_-12345"


def test_a_token_is_read_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCIER_TELEGRAM_TOKEN", TOKEN)
    settings = load_settings(BotSettings, env_file=None)
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert TOKEN not in repr(settings)
    assert TOKEN not in settings.model_dump_json()


def test_no_token_is_fine_until_the_bot_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCIER_TELEGRAM_TOKEN", "")
    assert load_settings(BotSettings, env_file=None).telegram_token is None


def test_a_token_in_the_env_file_may_be_surrounded_by_blanks(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(f"SOURCIER_TELEGRAM_TOKEN=' {TOKEN} '\n")
    settings = load_settings(BotSettings, env_file=path)
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("telegram_token", "123456789:tropcourt", "@BotFather"),
        ("telegram_base_url", "ftp://ex.fr", "une adresse http(s)"),
        ("telegram_base_url", "api.telegram.org", "une adresse http(s)"),
        ("max_question_characters", "0", "un nombre d’au moins 20"),
        ("waiting_per_chat", "beaucoup", "un nombre entier"),
        ("stop_seconds", "1", "un nombre d’au moins 2"),
        ("log_level", "bavard", "'debug', 'info', 'warning' ou 'error'"),
    ],
)
def test_a_bad_value_is_refused_with_the_name_and_what_is_expected(
    name: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"SOURCIER_{name.upper()}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings(BotSettings, env_file=None)
    assert caught.value.subject == f"SOURCIER_{name.upper()}"
    assert expected in caught.value.message
    assert "tropcourt" not in caught.value.message


def test_the_address_may_end_with_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCIER_TELEGRAM_BASE_URL", "http://127.0.0.1:8081/")
    settings = load_settings(BotSettings, env_file=None)
    assert settings.telegram_base_url == "http://127.0.0.1:8081"
