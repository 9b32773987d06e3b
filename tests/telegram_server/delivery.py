"""From what happens in a chat to the update the bot gets, or does not get."""

import re
from typing import Any

from tests.telegram_server.entities import Entity
from tests.telegram_server.model import (
    ADMINISTRATORS,
    PRESENT,
    Chat,
    MemberStatus,
    Message,
    User,
)
from tests.telegram_server.state import State
from tests.telegram_server.text import utf16_length

_DETECTED = (
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
    ("url", re.compile(r"https?://\S+[^\s.,;:!?»\")]")),
)


def detect_entities(text: str) -> tuple[Entity, ...]:
    """Return the commands, mentions and addresses that Telegram marks in a user's text."""
    found = [
        {
            "type": kind,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for kind, pattern in _DETECTED
        for match in pattern.finditer(text)
    ]
    return tuple(sorted(found, key=lambda each: each["offset"]))


def deliver(state: State, message: Message, *, edited: bool = False) -> None:
    """Queue the update about a message, if the bot may see it and asked for its type."""
    if bot_sees(state, message):
        kind = "channel_post" if message.chat.kind == "channel" else "message"
        message.update_id = state.updates.add(f"edited_{kind}" if edited else kind, message.json())


def bot_sees(state: State, message: Message) -> bool:
    """Say whether a message reaches the bot: membership, then the privacy mode of groups."""
    chat = message.chat
    if chat.kind == "private":
        return True
    status = chat.members.get(state.bot.id, "left")
    if status not in PRESENT:
        return False
    if chat.kind == "channel" or status in ADMINISTRATORS or not state.privacy_mode:
        return True
    if message.service or _replies_to_bot(state, message):
        return True
    return any(
        _is_for_bot(state, entity["type"], message.covered(entity)) for entity in message.entities
    )


def _replies_to_bot(state: State, message: Message) -> bool:
    return message.reply_to is not None and message.reply_to.sender is state.bot


def _is_for_bot(state: State, kind: str, text: str) -> bool:
    mention = f"@{state.bot.username}".lower()
    if kind == "mention":
        return text.lower() == mention
    return kind == "bot_command" and ("@" not in text or text.lower().endswith(mention))


def change_bot_status(state: State, chat: Chat, status: MemberStatus, *, by: User) -> None:
    """Change the bot's place in a chat and queue ``my_chat_member``."""
    if chat.kind == "private":
        before = "kicked" if chat.blocked else "member"
        chat.blocked = status == "kicked"
    else:
        before = chat.members.get(state.bot.id, "left")
        chat.members[state.bot.id] = status
    state.updates.add(
        "my_chat_member",
        {
            "chat": chat.json(),
            "from": by.json(),
            "date": state.now(),
            "old_chat_member": _member(state, before),
            "new_chat_member": _member(state, status),
        },
    )


def _member(state: State, status: str) -> dict[str, Any]:
    member: dict[str, Any] = {"status": status, "user": state.bot.json()}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        rights = (
            "can_be_edited is_anonymous can_manage_chat can_delete_messages "
            "can_manage_video_chats can_restrict_members can_promote_members can_change_info "
            "can_invite_users can_post_stories can_edit_stories can_delete_stories"
        )
        member |= dict.fromkeys(rights.split(), False)
    return member
