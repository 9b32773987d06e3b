"""The bot about itself: getMe, its commands, name and descriptions."""

import json
import re
from typing import Any

from tests.telegram_server.errors import bad_request, strict
from tests.telegram_server.methods.registry import method
from tests.telegram_server.parameters import JsonFields, Parameters, json_type
from tests.telegram_server.state import State

MAX_COMMANDS = 100
MAX_COMMAND_LENGTH = 32
MAX_COMMAND_DESCRIPTION_LENGTH = 256
MAX_LENGTHS = {"name": 64, "description": 512, "short_description": 120}

_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE_CODE = re.compile(r"([a-z]{2})?")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


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


@method("setMyCommands", "commands scope language_code")
def set_my_commands(state: State, parameters: Parameters) -> bool:
    """Store the commands of a scope and language; an empty list removes them."""
    value = parameters.json("commands", what="commands")
    if not isinstance(value, list):
        raise bad_request("expected an Array of BotCommand")
    key = _commands_key(state, parameters)
    commands = [_read_command(each) for each in value]
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    names = [each["command"] for each in commands]
    if len(set(names)) < len(names):
        raise strict("a command occurs twice")
    if commands:
        state.commands[key] = commands
    else:
        state.commands.pop(key, None)
    return True


@method("getMyCommands", "scope language_code")
def get_my_commands(state: State, parameters: Parameters) -> list[dict[str, str]]:
    """Return the commands stored for a scope and language."""
    return state.commands.get(_commands_key(state, parameters), [])


@method("deleteMyCommands", "scope language_code")
def delete_my_commands(state: State, parameters: Parameters) -> bool:
    """Remove the commands of a scope and language."""
    state.commands.pop(_commands_key(state, parameters), None)
    return True


def _read_command(value: Any) -> dict[str, str]:
    prefix = "can't parse BotCommand: "
    if not isinstance(value, dict):
        raise bad_request(f"{prefix}expected an Object")
    fields = JsonFields(value, prefix=prefix)
    command = fields.required("command", "String")
    description = fields.required("description", "String")
    fields.refuse_others({"command", "description"})
    _check_length("command", command, MAX_COMMAND_LENGTH)
    _check_length("command description", description, MAX_COMMAND_DESCRIPTION_LENGTH)
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


def _check_length(what: str, text: str, limit: int) -> None:
    if not text.strip():
        raise bad_request(f"{what} must be non-empty")
    if len(text) > limit:
        raise bad_request(f"{what} length must not exceed {limit}")


def _commands_key(state: State, parameters: Parameters) -> tuple[str, str]:
    value = parameters.json("scope", what="BotCommandScope")
    language = _language_code(parameters)
    if value is None:
        value = {"type": "default"}
    prefix = "can't parse BotCommandScope: "
    if not isinstance(value, dict):
        raise bad_request(f"{prefix}expected an Object")
    fields = JsonFields(value, prefix=prefix)
    kind = fields.required("type", "String")
    if kind not in _SCOPES:
        raise bad_request(f"{prefix}Unsupported type specified")
    fields.refuse_others({"type", *_SCOPES[kind]})
    for name in _SCOPES[kind]:
        if json_type(value.get(name)) != "Number":
            raise bad_request(f'{prefix}Can\'t find field "{name}"')
    if "chat_id" in _SCOPES[kind] and value["chat_id"] not in state.chats:
        raise bad_request("chat not found")
    return json.dumps(value, sort_keys=True), language


def _language_code(parameters: Parameters) -> str:
    code = parameters.text("language_code")
    if not _LANGUAGE_CODE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _set(state: State, parameters: Parameters, name: str) -> bool:
    value, limit = parameters.text(name), MAX_LENGTHS[name]
    if len(value) > limit:
        raise strict(f"{name} exceeds {limit} characters")
    state.profile[name, _language_code(parameters)] = value
    return True


def _get(state: State, parameters: Parameters, name: str) -> dict[str, str]:
    code = _language_code(parameters)
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
