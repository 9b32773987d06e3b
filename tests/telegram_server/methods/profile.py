"""The bot about itself: getMe, its name and descriptions."""

import re
from typing import Any

from tests.telegram_server.errors import bad_request, strict
from tests.telegram_server.methods.registry import method
from tests.telegram_server.parameters import Parameters
from tests.telegram_server.state import State

MAX_LENGTHS = {"name": 64, "description": 512, "short_description": 120}

_LANGUAGE_CODE = re.compile(r"([a-z]{2})?")


@method("getMe")
def get_me(state: State, parameters: Parameters) -> dict[str, Any]:
    """Return the bot's ``User`` object with its abilities."""
    return state.bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not state.privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def read_language_code(parameters: Parameters) -> str:
    """Return the two-letter code, empty when absent. Raises ``ApiError`` for another."""
    code = parameters.text("language_code")
    if not _LANGUAGE_CODE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _set(state: State, parameters: Parameters, name: str) -> bool:
    value, limit = parameters.text(name), MAX_LENGTHS[name]
    if len(value) > limit:
        raise strict(f"{name} exceeds {limit} characters")
    state.profile[name, read_language_code(parameters)] = value
    return True


def _get(state: State, parameters: Parameters, name: str) -> dict[str, str]:
    code = read_language_code(parameters)
    default = state.bot.first_name if name == "name" else ""
    stored = state.profile.get((name, code)) or state.profile.get((name, ""))
    return {name: stored or default}


@method("setMyName", "name language_code")
def set_my_name(state: State, parameters: Parameters) -> bool:
    """Store the bot's name for a language."""
    return _set(state, parameters, "name")


@method("getMyName", "language_code")
def get_my_name(state: State, parameters: Parameters) -> dict[str, str]:
    """Return the bot's name for a language."""
    return _get(state, parameters, "name")


@method("setMyDescription", "description language_code")
def set_my_description(state: State, parameters: Parameters) -> bool:
    """Store what an empty chat with the bot shows."""
    return _set(state, parameters, "description")


@method("getMyDescription", "language_code")
def get_my_description(state: State, parameters: Parameters) -> dict[str, str]:
    """Return what an empty chat with the bot shows."""
    return _get(state, parameters, "description")


@method("setMyShortDescription", "short_description language_code")
def set_my_short_description(state: State, parameters: Parameters) -> bool:
    """Store what the bot's profile page shows."""
    return _set(state, parameters, "short_description")


@method("getMyShortDescription", "language_code")
def get_my_short_description(state: State, parameters: Parameters) -> dict[str, str]:
    """Return what the bot's profile page shows."""
    return _get(state, parameters, "short_description")
