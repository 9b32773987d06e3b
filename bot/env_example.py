"""The file ``.env.example``, made from the settings classes: ``python -m bot.env_example``."""

from __future__ import annotations

import sys

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.settings import BotSettings
from knowledge.settings import PREFIX

_HEADER = """\
# Réglages de Sourcier. Copiez ce fichier en « .env » et décommentez ce que vous changez.
# Chaque ligne commentée montre la valeur par défaut ; une valeur vide vaut la valeur par défaut.
"""


def env_example() -> str:
    """Return the file's text: each setting's meaning, then its name and default, commented out."""
    lines = [_HEADER]
    for name, field in BotSettings.model_fields.items():
        lines.append(f"# {field.description}\n#{PREFIX}{name.upper()}={_default(field)}\n")
    return "\n".join(lines)


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None or value is PydanticUndefined or value == frozenset():
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    sys.stdout.write(env_example())
