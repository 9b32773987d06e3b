"""From what happens in a chat to the update the bot gets, or does not get."""

import re

from tests.telegram_server.entities import Entity
from tests.telegram_server.members import chat_member, check_rights
from tests.telegram_server.model import (
    ADMINISTRATORS,
    PRESENT,
    SERVICE_ACCOUNT,
    Chat,
    Json,
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


def place(
    chat: Chat,
    user_id: int,
    *,
    rights: frozenset[str] | None = None,
    permissions: frozenset[str] | None = None,
) -> None:
    """Keep the rights of an administrator or what a restriction leaves; None for the defaults."""
    chat.rights.pop(user_id, None)
    chat.restrictions.pop(user_id, None)
    if rights is not None:
        check_rights(chat.kind, rights)
        chat.rights[user_id] = rights
    if permissions is not None:
        chat.restrictions[user_id] = permissions


def publish(state: State, message: Message) -> None:
    """Let a message do what Telegram does by itself: a post goes to the discussion group."""
    group = message.chat.linked
    if message.chat.kind != "channel" or group is None:
        return
    origin = {
        "type": "channel",
        "date": message.date,
        "chat": message.chat.json(),
        "message_id": message.message_id,
    }
    if message.author_signature:
        origin["author_signature"] = message.author_signature
    copy = state.add_message(
        group,
        SERVICE_ACCOUNT,
        sender_chat=message.chat,
        text=message.text,
        entities=message.entities,
        document=message.document,
        media=message.media,
        caption=message.caption,
        forward_origin=origin,
        is_automatic_forward=True,
    )
    deliver(state, copy)


def deliver(state: State, message: Message, *, edited: bool = False) -> None:
    """Queue the update about a message, if the bot may see it and asked for its type."""
    if bot_sees(state, message):
        kind = "channel_post" if message.chat.kind == "channel" else "message"
        message.update_id = state.updates.add(f"edited_{kind}" if edited else kind, message.json())


def bot_sees(state: State, message: Message) -> bool:
    """Say whether a message reaches the bot: membership, then the privacy mode of groups.

    With privacy on, the bot's FAQ promises commands, replies to the bot and service messages;
    BotFather adds messages that mention the bot. That a command or mention counts anywhere in the
    text, in a caption and in an edit is assumed.
    """
    chat = message.chat
    if chat.kind == "private":
        return True
    if message.author is None and message.sender is not None and message.sender.is_bot:
        return False  # bots do not see each other
    status = chat.members.get(state.bot.id, "left")
    if status not in PRESENT:
        return False
    if chat.kind == "channel" or status in ADMINISTRATORS or not state.privacy_mode:
        return True
    if message.service or _replies_to_bot(state, message):
        return True
    if any(_mentions(state, entity) for entity in message.entities):
        return True
    return any(
        _is_for_bot(state, entity["type"], message.covered(entity)) for entity in message.entities
    )


def _replies_to_bot(state: State, message: Message) -> bool:
    return message.reply_to is not None and message.reply_to.sender is state.bot


def _mentions(state: State, entity: Entity) -> bool:
    return entity["type"] == "text_mention" and bool(entity["user"]["id"] == state.bot.id)


def _is_for_bot(state: State, kind: str, text: str) -> bool:
    mention = f"@{state.bot.username}".lower()
    if kind == "mention":
        return text.lower() == mention
    return kind == "bot_command" and ("@" not in text or text.lower().endswith(mention))


def change_bot_status(
    state: State,
    chat: Chat,
    status: MemberStatus,
    *,
    by: User,
    rights: frozenset[str] | None = None,
    permissions: frozenset[str] | None = None,
) -> None:
    """Change the bot's place in a chat and queue ``my_chat_member``."""
    before = _own_member(state, chat)
    if chat.kind == "private":
        chat.blocked = status == "kicked"
    else:
        chat.members[state.bot.id] = status
        place(chat, state.bot.id, rights=rights, permissions=permissions)
    state.updates.add(
        "my_chat_member",
        {
            "chat": chat.json(),
            "from": by.json(),
            "date": state.now(),
            "old_chat_member": before,
            "new_chat_member": _own_member(state, chat),
        },
    )


def change_status(state: State, chat: Chat, user: User, status: MemberStatus, *, by: User) -> None:
    """Change somebody's place in a chat; an administrating bot that asked gets ``chat_member``."""
    before = chat_member(chat, user)
    chat.members[user.id] = status
    if chat.members.get(state.bot.id) in ADMINISTRATORS:
        change = {
            "chat": chat.json(),
            "from": by.json(),
            "date": state.now(),
            "old_chat_member": before,
            "new_chat_member": chat_member(chat, user),
        }
        state.updates.add("chat_member", change)


def _own_member(state: State, chat: Chat) -> Json:
    if chat.kind != "private":
        return chat_member(chat, state.bot)
    member: Json = {"status": "kicked" if chat.blocked else "member", "user": state.bot.json()}
    return member | {"until_date": 0} if chat.blocked else member
