"""The settings of a command, and what looks like a setting and is none."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from bot.logs import configure_logging
from bot.settings import BotSettings
from bot.terminal.console import warn
from knowledge.settings import PREFIX, load_settings

ENV_FILE = Path(".env")
# What the tests and the Makefile read; no settings of the program.
_FOREIGN = frozenset({"SOURCIER_SHARED_DIR"})


def configured() -> BotSettings:
    """Return the settings, after a warning for each variable that is none.

    Raises:
        SettingsError: a setting has a bad value, or ``.env`` cannot be read.
    """
    # Until the bot sets up its own log: no library shows its words or the readers' on a terminal.
    configure_logging("warning", layout="%(message)s")
    logging.getLogger("dotenv").setLevel(logging.ERROR)  # `doubtful_settings` says it in French
    settings = load_settings(BotSettings, env_file=ENV_FILE)
    for doubt in doubtful_settings():
        warn(f"Attention : {doubt}")
    return settings


def doubtful_settings() -> Iterator[str]:
    """Yield what is wrong with the names of settings, in the environment and in ``.env``."""
    names, unread = _names_in_file(ENV_FILE)
    for line in unread:
        yield f"{ENV_FILE}, ligne {line} : NOM=valeur est attendu ; cette ligne est ignorée."
    yield from _unknown_names([*os.environ, *names])


def _unknown_names(names: Iterable[str]) -> Iterator[str]:
    known = {field.upper() for field in BotSettings.model_fields}
    for name in dict.fromkeys(name.upper() for name in names):
        setting = name.removeprefix(PREFIX)
        if name == setting or setting in known or name in _FOREIGN:
            continue
        near = get_close_matches(setting, sorted(known), n=1)
        advice = (
            f"vouliez-vous dire {PREFIX}{near[0]} ?" if near else ".env.example les nomme tous."
        )
        yield f"{name} n’est pas un réglage de Sourcier, il est ignoré ; {advice}"


def _names_in_file(file: Path) -> tuple[list[str], list[int]]:
    """Return the names that `file` gives, and the numbers of the lines that give none."""
    from dotenv.parser import parse_stream

    if not file.is_file():
        return [], []
    with file.open(encoding="utf-8-sig") as stream:
        bindings = list(parse_stream(stream))
    return (
        [binding.key for binding in bindings if binding.key],
        [binding.original.line for binding in bindings if binding.error],
    )
