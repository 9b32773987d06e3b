"""The committed ``.env.example`` is the one the settings classes make."""

from __future__ import annotations

from bot.env_example import env_example
from bot.settings import BotSettings
from knowledge.settings import PREFIX
from tests.shared_data import REPOSITORY


def test_the_committed_file_is_what_the_settings_say() -> None:
    assert (REPOSITORY / ".env.example").read_text(encoding="utf-8") == env_example()


def test_every_setting_has_its_line_and_its_meaning() -> None:
    text = env_example()
    for name, field in BotSettings.model_fields.items():
        assert f"# {field.description}\n#{PREFIX}{name.upper()}=" in text
