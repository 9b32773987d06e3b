"""People as a test holds them: what they write, press, edit, delete, block."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.telegram_server.delivery import change_bot_status, deliver, detect_entities, publish
from tests.telegram_server.entities import Entity
from tests.telegram_server.groups import GroupHandle
from tests.telegram_server.media import media
from tests.telegram_server.members import permissions_of, rights_of
from tests.telegram_server.model import (
    ADMINISTRATORS,
    CHANNEL_BOT,
    GROUP_ANONYMOUS_BOT,
    CallbackQuery,
    Chat,
    Json,
    Message,
    Revision,
    StoredFile,
    User,
)
from tests.telegram_server.state import State
from tests.telegram_server.text import MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH, utf16_length
from tests.telegram_server.watching import (
    DEFAULT_TIMEOUT,
    ChatHandle,
    WaitTimeoutError,
    wait_for,
)

__all__ = [
    "DEFAULT_TIMEOUT",
    "ChatHandle",
    "GroupHandle",
    "UserHandle",
    "WaitTimeoutError",
    "wait_for",
]


class UserHandle:
    """A person who talks to the bot."""

    def __init__(self, state: State, user: User, handle_of: Callable[[Chat], ChatHandle]) -> None:
        self._state = state
        self._handle_of = handle_of
        self.user = user

    @property
    def id(self) -> int:
        """Return the user's id."""
        return self.user.id

    def private_chat(self) -> ChatHandle:
        """Return the chat with the bot; the bot may write there once the user has."""
        return self._handle_of(self._state.private_chat(self.user))

    def start(self, payload: str = "") -> Message:
        """Press the start button of the private chat, or of a deep link."""
        return self.say(f"/start {payload}".rstrip())

    def say(
        self,
        text: str,
        *,
        chat: ChatHandle | None = None,
        reply_to: Message | None = None,
        quote: str = "",
        entities: Sequence[Entity] = (),
        thread_id: int | None = None,
        as_chat: ChatHandle | None = None,
    ) -> Message:
        """Write a text, in the private chat by default; return the message.

        In a group an anonymous administrator writes as the group; ``as_chat`` names a channel, or
        the group, to write as. ``quote`` is the part of the message replied to.

        Raises ``ValueError`` for what no client would send.
        """
        if not text.strip() or len(text) > MAX_TEXT_LENGTH:
            raise ValueError(f"no client sends {len(text)} characters as one message")
        return self._send(
            chat,
            as_chat,
            text=text,
            entities=(*entities, *detect_entities(text)),
            reply_to=reply_to,
            quote=_quoted(reply_to, quote),
            thread_id=thread_id,
        )

    def send_document(
        self,
        name: str,
        content: bytes,
        mime_type: str,
        caption: str = "",
        *,
        chat: ChatHandle | None = None,
        reply_to: Message | None = None,
        thread_id: int | None = None,
        size: int | None = None,
    ) -> Message:
        """Send a file, in the private chat by default; ``size`` pretends another one in bytes.

        Raises ``ValueError`` for a caption no client would send.
        """
        if len(caption) > MAX_CAPTION_LENGTH:
            raise ValueError(f"no client sends a caption of {len(caption)} characters")
        stored: StoredFile = self._state.add_file(name, mime_type, content, size=size)
        return self._send(
            chat,
            None,
            document=stored,
            caption=caption,
            entities=detect_entities(caption),
            reply_to=reply_to,
            thread_id=thread_id,
        )

    def send_media(
        self,
        kind: str,
        caption: str = "",
        *,
        chat: ChatHandle | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Send a picture, a voice message or the like (see ``media``), in private by default."""
        return self._send(
            chat,
            None,
            media=media(kind, len(self._state.chats)),
            caption=caption,
            entities=detect_entities(caption),
            reply_to=reply_to,
        )

    def forward(
        self, message: Message, *, chat: ChatHandle | None = None, thread_id: int | None = None
    ) -> Message:
        """Forward a message, to the private chat by default; its first origin is kept."""
        return self._send(
            chat,
            None,
            text=message.text,
            entities=message.entities,
            document=message.document,
            media=message.media,
            caption=message.caption,
            thread_id=thread_id,
            forward_origin=message.forward_origin or _origin(message),
        )

    def edit(self, message: Message, text: str) -> None:
        """Change an own message, or its caption. Raises ``ValueError`` for someone else's."""
        if (message.author or message.sender) is not self.user:
            raise ValueError("a user edits only own messages")
        with self._state.changed:
            message.revisions.append(
                Revision(message.text, message.entities, None, self._state.clock.monotonic())
            )
            if message.document or message.media:
                message.caption = text
            else:
                message.text = text
            message.entities = detect_entities(text)
            message.edit_date = self._state.now()
            deliver(self._state, message, edited=True)

    def delete(self, message: Message) -> None:
        """Delete a message, own or (in private chats, or with the right) another's.

        Telegram tells the bot nothing of it. Raises ``ValueError`` where no client would let this.
        """
        chat = message.chat
        own = (message.author or message.sender) is self.user
        if (
            not own
            and chat.user is None
            and ("can_delete_messages" not in rights_of(chat, self.id))
        ):
            raise ValueError("a member deletes only own messages")
        with self._state.changed:
            message.deleted = True
            self._state.changed.notify_all()

    def add_bot(self, group: GroupHandle, payload: str = "") -> Message | None:
        """Add the bot to a group by a ``startgroup`` link; return the command it brings, if any."""
        group.set_bot_status("member", by=self)
        with self._state.changed:
            joined = {"new_chat_members": [self._state.bot.json()]}
            deliver(self._state, self._state.add_message(group.chat, self.user, service=joined))
        command = f"/start@{self._state.bot.username} {payload}"
        return self.say(command, chat=group) if payload else None

    def press(self, message: Message, button: str) -> CallbackQuery:
        """Press a button of the bot's message, given by its text or its callback data.

        Raises ``ValueError`` if the message has no such button now.
        """
        for each in message.buttons():
            data = each.get("callback_data")
            if data is not None and button in (each["text"], data):
                query = self._state.add_callback_query(self.user, message, data)
                query.update_id = self._state.updates.add("callback_query", query.json())
                return query
        raise ValueError(f"message {message.message_id} has no button {button!r}")

    def wait_for_answer(self, query: CallbackQuery, timeout: float = DEFAULT_TIMEOUT) -> Json:
        """Return ``text`` and ``show_alert`` of the answer to a pressed button."""
        wait_for(
            self._state,
            lambda: query.answer is not None,
            timeout=timeout,
            what=f"the answer to callback query {query.id}",
        )
        return query.answer or {}

    def block_bot(self) -> None:
        """Block the bot; it gets ``my_chat_member`` and may not write any more."""
        change_bot_status(self._state, self.private_chat().chat, "kicked", by=self.user)

    def unblock_bot(self) -> None:
        """Take the block back."""
        change_bot_status(self._state, self.private_chat().chat, "member", by=self.user)

    def delete_account(self) -> None:
        """Deactivate the account."""
        self.user.deactivated = True

    def _send(self, chat: ChatHandle | None, as_chat: ChatHandle | None, **content: Any) -> Message:
        target = (chat or self.private_chat()).chat
        if target.blocked:
            raise ValueError("a user who blocked the bot cannot write to it")
        restricted = target.user is None and target.members.get(self.id) == "restricted"
        if restricted and "can_send_messages" not in permissions_of(target, self.id):
            raise ValueError("a restricted member cannot write")
        if content.get("thread_id") is None and content.get("reply_to") is not None:
            content["thread_id"] = content["reply_to"].thread_id
        with self._state.changed:
            target.started = True
            identity = self._identity(target, as_chat.chat if as_chat else None)
            message = self._state.add_message(target, **identity, **content)
            deliver(self._state, message)
            publish(self._state, message)
            return message

    def _identity(self, target: Chat, as_chat: Chat | None) -> Json:
        """Return who Telegram says wrote a message in a chat."""
        if target.kind == "channel":
            signature = self.user.full_name if target.signs_posts else ""
            return {"sender": self.user, "author": self.user, "author_signature": signature}
        if as_chat is None and target.user is None and self.id in target.anonymous:
            as_chat = target
        if as_chat is None:
            return {"sender": self.user}
        if as_chat is not target:
            return {"sender": CHANNEL_BOT, "author": self.user, "sender_chat": as_chat}
        if target.members.get(self.id) not in ADMINISTRATORS:
            raise ValueError("only administrators write as the group")
        return {
            "sender": GROUP_ANONYMOUS_BOT,
            "author": self.user,
            "sender_chat": target,
            "author_signature": target.custom_titles.get(self.id, ""),
        }


def _quoted(reply_to: Message | None, quote: str) -> Json | None:
    if not quote:
        return None
    text = "" if reply_to is None else reply_to.text or reply_to.caption
    if quote not in text:
        raise ValueError("a quote is a part of the message replied to")
    position = utf16_length(text[: text.index(quote)])
    return {"text": quote, "position": position, "is_manual": True}


def _origin(message: Message) -> Json:
    """Return the ``MessageOrigin`` a first forward of a message gets."""
    chat, sender = message.sender_chat, message.sender
    signature = {"author_signature": message.author_signature} if message.author_signature else {}
    if message.chat.kind == "channel":
        posted = {"chat": message.chat.json(), "message_id": message.message_id}
        return {"type": "channel", "date": message.date} | posted | signature
    if chat is not None:
        origin: Json = {"type": "chat", "date": message.date, "sender_chat": chat.json()}
        return origin | signature
    if sender is None or sender.hides_forwards:
        name = "" if sender is None else sender.full_name
        return {"type": "hidden_user", "date": message.date, "sender_user_name": name}
    return {"type": "user", "date": message.date, "sender_user": sender.json()}
