"""The bot's commands by scope and language, and which of them somebody is shown."""

import re
from typing import Any

from tests.telegram_server.access import check_read_access, find_chat
from tests.telegram_server.errors import bad_request, strict
from tests.telegram_server.methods.profile import read_language_code
from tests.telegram_server.methods.registry import method
from tests.telegram_server.model import ADMINISTRATORS, Chat, User
from tests.telegram_server.parameters import JsonFields, Parameters, json_type
from tests.telegram_server.state import State

MAX_COMMANDS = 100
MAX_COMMAND_LENGTH = 32
MAX_COMMAND_DESCRIPTION_LENGTH = 256

Scope = tuple[str, int, int]  # its type, chat and user; 0 where it names none

_COMMAND = re.compile(r"[a-z0-9_]+")
_SCOPES: dict[str, tuple[str, ...]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_PREFIX = "can't parse BotCommandScope: "


@method("setMyCommands", "commands scope language_code")
def set_my_commands(state: State, parameters: Parameters) -> bool:
    """Store the commands of a scope and language; an empty list removes them."""
    value = parameters.json("commands", what="commands")
    if not isinstance(value, list):
        raise bad_request("expected an Array of BotCommand")
    key = _read_key(state, parameters)
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
    return state.commands.get(_read_key(state, parameters), [])


@method("deleteMyCommands", "scope language_code")
def delete_my_commands(state: State, parameters: Parameters) -> bool:
    """Remove the commands of a scope and language."""
    state.commands.pop(_read_key(state, parameters), None)
    return True


def commands_shown(state: State, user: User, chat: Chat) -> list[dict[str, str]]:
    """Return the commands a client shows: those of the narrowest scope that has any.

    The order is that of the section "Determining list of commands" of the Bot API's documentation;
    in each scope the user's language comes before none.
    """
    if chat.kind == "private":
        order: list[Scope] = [("chat", chat.id, 0), ("all_private_chats", 0, 0)]
    else:
        leads = chat.members.get(user.id) in ADMINISTRATORS
        order = [("chat_member", chat.id, user.id)]
        order += [("chat_administrators", chat.id, 0)] if leads else []
        order += [("chat", chat.id, 0)]
        order += [("all_chat_administrators", 0, 0)] if leads else []
        order += [("all_group_chats", 0, 0)]
    for scope in (*order, ("default", 0, 0)):
        for language in (user.language_code, ""):
            if (scope, language) in state.commands:
                return state.commands[scope, language]
    return []


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


def _read_key(state: State, parameters: Parameters) -> tuple[Scope, str]:
    value = parameters.json("scope", what="BotCommandScope")
    language = read_language_code(parameters)
    if value is None:
        value = {"type": "default"}
    if not isinstance(value, dict):
        raise bad_request(f"{_PREFIX}expected an Object")
    fields = JsonFields(value, prefix=_PREFIX)
    kind = fields.required("type", "String")
    if kind not in _SCOPES:
        raise bad_request(f"{_PREFIX}Unsupported type specified")
    fields.refuse_others({"type", *_SCOPES[kind]})
    for name in _SCOPES[kind]:
        allowed = {"Number", "String"} if name == "chat_id" else {"Number"}
        if json_type(value.get(name)) not in allowed or isinstance(value[name], float):
            raise bad_request(f'{_PREFIX}Can\'t find field "{name}"')
    if "chat_id" not in _SCOPES[kind]:
        return (kind, 0, 0), language
    return _of_chat(state, kind, str(value["chat_id"]), value.get("user_id", 0)), language


def _of_chat(state: State, kind: str, chat_id: str, user_id: int) -> Scope:
    chat = find_chat(state, Parameters("setMyCommands", {"chat_id": chat_id}))
    if chat.user is not None and kind != "chat":
        raise bad_request("can't use specified scope in private chats")
    check_read_access(state, chat)
    if kind == "chat_member" and user_id not in state.users:
        raise bad_request("user not found")
    return kind, chat.id, user_id
