"""Which chat, topic and message a request is about, and whether the bot may write there.

Wording and order of the checks follow ``check_chat_access``, ``check_message`` and
``check_reply_parameters`` of the official server.
"""

from typing import Any

from tests.telegram_server.errors import ApiError, bad_request, forbidden, strict
from tests.telegram_server.members import permissions_of, rights_of
from tests.telegram_server.model import PRESENT, Chat, Message, User
from tests.telegram_server.parameters import JsonFields, Parameters
from tests.telegram_server.state import State
from tests.telegram_server.text import utf16_length, utf16_units

MAX_QUOTE_LENGTH = 1024
MAX_ID_DIGITS = 19
GENERAL_THREAD_ID = 1
_CONTENT = {"can_send_messages": "text messages", "can_send_documents": "documents"}


def find_chat(state: State, parameters: Parameters, *, write: bool = False) -> Chat:
    """Return the chat named by ``chat_id``.

    Raises ``ApiError`` when there is none, or, with ``write``, when the bot may not write there.
    """
    given = parameters.text("chat_id")
    if not given:
        raise bad_request("chat_id is empty")
    chat = _chat_by(state, given)
    if chat is None:
        raise bad_request("chat not found")
    if write:
        check_write_access(state, chat)
    return chat


def _chat_by(state: State, given: str) -> Chat | None:
    if given.startswith("@"):
        name = given[1:].lower()
        return next((c for c in state.chats.values() if c.username.lower() == name and name), None)
    digits = given.removeprefix("-")
    numeric = digits.isascii() and digits.isdigit() and len(digits) <= MAX_ID_DIGITS
    return state.chats.get(int(given)) if numeric else None


def check_write_access(state: State, chat: Chat) -> None:
    """Raise ``ApiError`` unless the bot may write in the chat."""
    if chat.user is not None:
        _check_person(chat, chat.user)
        return
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.migrated_to},
        )
    if chat.deleted:
        raise forbidden("the group chat was deleted")
    status = chat.members.get(state.bot.id, "left")
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if status not in PRESENT:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    if chat.kind == "channel" and "can_post_messages" not in rights_of(chat, state.bot.id):
        raise bad_request("need administrator rights in the channel chat")


def _check_person(chat: Chat, user: User) -> None:
    if user.deactivated:
        raise forbidden("user is deactivated")
    if user.is_bot:
        raise forbidden("bot can't send messages to bots")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")


def check_read_access(state: State, chat: Chat, *, members: bool = False) -> None:
    """Raise ``ApiError`` unless the bot may look at the chat, or at the list of its members."""
    if chat.user is not None or chat.migrated_to is not None or chat.deleted:
        return
    status = chat.members.get(state.bot.id, "left")
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if status not in PRESENT and not (chat.username and not members):
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    if members and chat.kind == "channel" and not rights_of(chat, state.bot.id):
        raise bad_request("member list is inaccessible")


def check_may_send(state: State, chat: Chat, permission: str) -> None:
    """Raise ``ApiError`` unless the bot has a member's permission to send such a content."""
    if chat.user is None and permission not in permissions_of(chat, state.bot.id):
        raise bad_request(f"not enough rights to send {_CONTENT[permission]} to the chat")


def find_thread(
    state: State, parameters: Parameters, chat: Chat, reply_to: Message | None = None
) -> int | None:
    """Return the topic a message goes to, None outside topics.

    A reply goes to the topic of what it replies to. General is no thread: naming it is refused.
    """
    thread_id = parameters.integer("message_thread_id")
    if thread_id is None and reply_to is not None:
        thread_id = reply_to.thread_id
    if thread_id is None:
        _check_open(state, chat, closed=chat.general_closed)
        return None
    topic = chat.topics.get(thread_id)
    if topic is None or topic.deleted:
        raise bad_request("message thread not found")
    if reply_to is not None and reply_to.thread_id != thread_id:
        raise strict("the message to be replied lies in another topic")
    _check_open(state, chat, closed=topic.closed)
    return thread_id


def find_action_thread(state: State, parameters: Parameters, chat: Chat) -> int | None:
    """Return the topic of a chat action; here General is named by its thread 1."""
    if chat.is_forum and parameters.integer("message_thread_id") == GENERAL_THREAD_ID:
        return None
    return find_thread(state, parameters, chat)


def _check_open(state: State, chat: Chat, *, closed: bool) -> None:
    if closed and "can_manage_topics" not in rights_of(chat, state.bot.id):
        raise bad_request("TOPIC_CLOSED")


def find_message(parameters: Parameters, chat: Chat, *, what: str) -> Message:
    """Return the message named by ``message_id``; ``what`` is Telegram's name for its role."""
    message = chat.messages.get(parameters.integer("message_id") or 0)
    if message is None or message.deleted:
        raise bad_request(f"{what} not found")
    return message


def find_reply(parameters: Parameters, chat: Chat) -> tuple[Message | None, dict[str, Any] | None]:
    """Return the message replied to and the quote shown with the reply, if any."""
    value = parameters.json("reply_parameters", what="reply parameters")
    if value is None or value == {}:
        return None, None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply parameters")
    fields = JsonFields(value)
    message_id = fields.required("message_id", "Number")
    may_miss = fields.optional("allow_sending_without_reply", "Boolean")
    quote = fields.optional("quote", "String")
    position = fields.optional("quote_position", "Number")
    fields.refuse_others(
        {"message_id", "allow_sending_without_reply", "quote", "quote_position", "chat_id"}
    )
    if value.get("chat_id", chat.id) != chat.id:
        raise strict("replies to messages of other chats are not emulated")
    if message_id <= 0:
        raise strict("a message to reply to has a positive id")
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        if may_miss:
            return None, None
        raise bad_request("message to be replied not found")
    return message, _quote(message, quote, position)


def _quote(message: Message, quote: str | None, position: int | None) -> dict[str, Any] | None:
    if not quote:
        return None
    text = message.text or message.caption
    if len(quote) > MAX_QUOTE_LENGTH or quote not in text:
        raise bad_request("QUOTE_TEXT_INVALID")
    if position is None:
        position = utf16_length(text[: text.index(quote)])
    elif position < 0 or not utf16_units(text)[2 * position :].startswith(utf16_units(quote)):
        raise strict("the quote does not stand at quote_position, Telegram would look around")
    return {"text": quote, "position": position, "is_manual": True}
