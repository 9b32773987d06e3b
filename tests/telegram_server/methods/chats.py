"""Chats, their members, and files."""

from typing import Any

from tests.telegram_server.access import check_read_access, find_chat
from tests.telegram_server.delivery import change_bot_status
from tests.telegram_server.errors import bad_request
from tests.telegram_server.members import chat_member
from tests.telegram_server.methods.registry import method
from tests.telegram_server.model import ADMINISTRATORS, ALL_PERMISSIONS, PRESENT
from tests.telegram_server.parameters import Parameters
from tests.telegram_server.state import State

MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024


@method("getChat", "chat_id")
def get_chat(state: State, parameters: Parameters) -> dict[str, Any]:
    """Return the ``ChatFullInfo`` object, with what the emulation knows of it."""
    chat = find_chat(state, parameters)
    check_read_access(state, chat)
    known: dict[str, Any] = {}
    if chat.linked is not None:
        known["linked_chat_id"] = chat.linked.id
    if chat.kind in ("group", "supergroup"):
        known["permissions"] = {each: each in chat.permissions for each in sorted(ALL_PERMISSIONS)}
    return (
        chat.json()
        | known
        | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": {
                "unlimited_gifts": False,
                "limited_gifts": False,
                "unique_gifts": False,
                "premium_subscription": False,
                "gifts_from_channels": False,
            },
        }
    )


@method("getChatMember", "chat_id user_id")
def get_chat_member(state: State, parameters: Parameters) -> dict[str, Any]:
    """Return the ``ChatMember`` object of a user in a chat."""
    chat = find_chat(state, parameters)
    check_read_access(state, chat, members=True)
    user_id = parameters.integer("user_id")
    if not user_id:
        raise bad_request("invalid user_id specified")
    user = state.users.get(user_id)
    if user is None:
        raise bad_request("user not found")
    if chat.user is not None:
        if user not in (chat.user, state.bot):
            raise bad_request("member not found")
        return {"status": "member", "user": user.json()}
    return chat_member(chat, user)


@method("getChatAdministrators", "chat_id")
def get_chat_administrators(state: State, parameters: Parameters) -> list[dict[str, Any]]:
    """Return the ``ChatMember`` objects of the administrators, other bots left out."""
    chat = find_chat(state, parameters)
    if chat.user is not None:
        raise bad_request("there are no administrators in the private chat")
    check_read_access(state, chat, members=True)
    found = [state.users[each] for each, status in chat.members.items() if status in ADMINISTRATORS]
    return [chat_member(chat, user) for user in found if not user.is_bot or user is state.bot]


@method("leaveChat", "chat_id")
def leave_chat(state: State, parameters: Parameters) -> bool:
    """Take the bot out of a group or channel."""
    chat = find_chat(state, parameters)
    if chat.user is not None:
        raise bad_request("chat member status can't be changed in private chats")
    check_read_access(state, chat, members=True)
    change_bot_status(state, chat, "left", by=state.bot)
    return True


@method("getChatMemberCount", "chat_id")
def get_chat_member_count(state: State, parameters: Parameters) -> int:
    """Return how many are in the chat, the bot included."""
    chat = find_chat(state, parameters)
    if chat.user is not None:
        return 2
    check_read_access(state, chat)
    return sum(status in PRESENT for status in chat.members.values())


@method("getFile", "file_id")
def get_file(state: State, parameters: Parameters) -> dict[str, Any]:
    """Return the ``File`` object with the path of its download."""
    file_id = parameters.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = state.files.get(file_id)
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }
