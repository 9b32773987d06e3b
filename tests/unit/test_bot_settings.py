"""Settings of the bot are refused at the start, by name, without their value."""

from pathlib import Path

import pytest

from bot.access import AccessMode
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
        ("log_level", "bavard", "Attendu : debug, info, warning ou error."),
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


@pytest.mark.parametrize("written", ["jumelage", " Jumelage ", "« JUMELAGE »", "'jumelage'"])
def test_a_mode_of_access_is_known_however_it_is_written(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCIER_ADMINISTRATORS", "1")
    monkeypatch.setenv("SOURCIER_ACCESS", written)
    assert load_settings(BotSettings, env_file=None).access is AccessMode.PAIRING


@pytest.mark.parametrize("written", ["1,2,-100300", "1 2 −100300", "[1; 2, -100300,]"])
def test_identifiers_are_read_however_they_are_apart_and_never_shown(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCIER_ALLOWED", written)
    settings = load_settings(BotSettings, env_file=None)
    assert settings.allowed == {1, 2, -100300}
    assert "100300" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("access", "jumlage", "sans doute « jumelage »"),
        ("access", "?", "ouvert, liste ou jumelage"),
        ("access", "jumelage", "un administrateur au moins"),
        ("administrators", "12, @chef", "celui à la place 2 n’en est pas un"),
        ("administrators", "-100300", "qui sont positifs"),
        ("allowed", "1.5", "séparés par des virgules"),
        ("questions_per_minute", "0", "un nombre d’au moins 1"),
        ("timezone", "Paris", "un fuseau horaire, comme Europe/Paris"),
        ("timezone", "../../etc/passwd", "un fuseau horaire, comme Europe/Paris"),
    ],
)
def test_a_bad_setting_of_access_says_what_is_expected_and_not_what_was_written(
    name: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"SOURCIER_{name.upper()}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings(BotSettings, env_file=None)
    assert caught.value.subject == f"SOURCIER_{name.upper()}"
    assert expected in caught.value.message
    assert "chef" not in caught.value.message
    assert "passwd" not in caught.value.message
