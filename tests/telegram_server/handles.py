"""What a test holds: users that act, chats that are watched."""

import time
from collections.abc import Callable, Sequence

from tests.telegram_server.delivery import change_bot_status, deliver, detect_entities
from tests.telegram_server.entities import Entity
from tests.telegram_server.model import (
    Action,
    CallbackQuery,
    Chat,
    Draft,
    Json,
    MemberStatus,
    Message,
    Revision,
    StoredFile,
    Topic,
    User,
)
from tests.telegram_server.state import State
from tests.telegram_server.text import MAX_TEXT_LENGTH

DEFAULT_TIMEOUT = 10.0  # seconds


class WaitTimeoutError(AssertionError):
    """What a test waited for did not happen in time."""


def wait_for(state: State, happened: Callable[[], bool], *, timeout: float, what: str) -> None:
    """Wait until ``happened()`` holds, looking again after every change of the state.

    Raises ``WaitTimeoutError`` naming ``what`` after ``timeout`` seconds.
    """
    with state.changed:
        if not state.changed.wait_for(happened, timeout):
            raise WaitTimeoutError(f"waited {timeout} s for {what}")


class ChatHandle:
    """A chat under watch. Each bot message is returned by one ``wait_for_messages`` only."""

    def __init__(self, state: State, chat: Chat) -> None:
        self._state = state
        self.chat = chat
        self._last_returned = 0

    @property
    def id(self) -> int:
        """Return the chat's id."""
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        """Return the messages not deleted, oldest first."""
        with self._state.changed:
            return [message for message in self.chat.messages.values() if not message.deleted]

    @property
    def bot_messages(self) -> list[Message]:
        """Return the bot's messages not deleted, oldest first."""
        return [message for message in self.messages if message.sender is self._state.bot]

    @property
    def actions(self) -> list[Action]:
        """Return the chat actions shown so far."""
        with self._state.changed:
            return list(self.chat.actions)

    @property
    def drafts(self) -> list[Draft]:
        """Return the drafts shown so far."""
        with self._state.changed:
            return list(self.chat.drafts)

    def wait_for_messages(
        self, count: int = 1, timeout: float = DEFAULT_TIMEOUT, quiet: float = 0.0
    ) -> list[Message]:
        """Return the bot's messages since the last call, once there are ``count`` of them.

        With ``quiet``, further ones are awaited until so many seconds bring none.
        """
        wait_for(
            self._state,
            lambda: len(self._unreturned()) >= count,
            timeout=timeout,
            what=f"{count} bot messages in chat {self.id}",
        )
        while quiet and self._another(quiet):
            pass
        found = self._unreturned()
        self._last_returned = max([self._last_returned, *(each.message_id for each in found)])
        return found

    def stays_silent(self, seconds: float) -> bool:
        """Say whether the bot writes nothing for so many seconds."""
        return not self._another(seconds)

    def wait_for_action(
        self, name: str = "typing", timeout: float = DEFAULT_TIMEOUT, after: float = 0.0
    ) -> Action:
        """Return the first action of a name shown after a moment (monotonic seconds)."""

        def matching() -> list[Action]:
            return [each for each in self.actions if each.name == name and each.sent_at >= after]

        wait_for(self._state, lambda: bool(matching()), timeout=timeout, what=f"the action {name}")
        return matching()[0]

    def wait_for_edit(
        self, message: Message, count: int = 1, timeout: float = DEFAULT_TIMEOUT
    ) -> list[Revision]:
        """Return what a message showed before its edits, once there were ``count`` of them."""
        wait_for(
            self._state,
            lambda: len(message.revisions) >= count,
            timeout=timeout,
            what=f"{count} edits of message {message.message_id}",
        )
        return message.revisions

    def _unreturned(self) -> list[Message]:
        return [each for each in self.bot_messages if each.message_id > self._last_returned]

    def _another(self, seconds: float) -> bool:
        known = len(self.bot_messages)
        with self._state.changed:
            return self._state.changed.wait_for(lambda: len(self.bot_messages) > known, seconds)


class GroupHandle(ChatHandle):
    """A group, supergroup or channel: who is in it, its topics, its end."""

    def add(self, *users: "UserHandle", status: MemberStatus = "member") -> None:
        """Bring people in, without updates."""
        with self._state.changed:
            for user in users:
                self.chat.members[user.id] = status

    def set_bot_status(self, status: MemberStatus, *, by: "UserHandle") -> None:
        """Add, promote, remove or ban the bot; it gets ``my_chat_member``."""
        change_bot_status(self._state, self.chat, status, by=by.user)

    def add_topic(self, name: str) -> Topic:
        """Open a topic of a forum."""
        with self._state.changed:
            topic = Topic(self.chat.next_message_id, name)
            self.chat.next_message_id += 1
            self.chat.topics[topic.thread_id] = topic
            self.chat.is_forum = True
            return topic

    def delete(self) -> None:
        """Delete the group."""
        self.chat.deleted = True

    def migrate(self) -> "GroupHandle":
        """Upgrade the group to a supergroup; both sides get their service message."""
        state, old = self._state, self.chat
        with state.changed:
            new = state.add_group("supergroup", old.title, members=dict(old.members))
            old.migrated_to = new.id
            for chat, service in (
                (old, {"migrate_to_chat_id": new.id}),
                (new, {"migrate_from_chat_id": old.id}),
            ):
                deliver(state, state.add_message(chat, None, service=service))
        return GroupHandle(state, new)


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
        entities: Sequence[Entity] = (),
        thread_id: int | None = None,
    ) -> Message:
        """Write a text, in the private chat by default; return the message.

        Raises ``ValueError`` for a text no client would send.
        """
        if not text.strip() or len(text) > MAX_TEXT_LENGTH:
            raise ValueError(f"no client sends {len(text)} characters as one message")
        return self._send(
            chat,
            text=text,
            entities=(*entities, *detect_entities(text)),
            reply_to=reply_to,
            thread_id=thread_id,
        )

    def send_document(
        self, name: str, content: bytes, mime_type: str, caption: str = ""
    ) -> Message:
        """Send a file in the private chat."""
        stored: StoredFile = self._state.add_file(name, mime_type, content)
        return self._send(None, document=stored, caption=caption)

    def forward(self, message: Message, *, chat: ChatHandle | None = None) -> Message:
        """Forward a message, to the private chat by default."""
        origin: Json = {"type": "user", "date": message.date}
        if message.sender is not None:
            origin["sender_user"] = message.sender.json()
        return self._send(
            chat,
            text=message.text,
            entities=message.entities,
            document=message.document,
            caption=message.caption,
            forward_origin=origin,
        )

    def edit(self, message: Message, text: str) -> None:
        """Change an own message. Raises ``ValueError`` for someone else's."""
        if message.sender is not self.user:
            raise ValueError("a user edits only own messages")
        with self._state.changed:
            message.revisions.append(
                Revision(message.text, message.entities, None, time.monotonic())
            )
            message.text, message.entities = text, detect_entities(text)
            message.edit_date = self._state.now()
            deliver(self._state, message, edited=True)

    def press(self, message: Message, button: str) -> CallbackQuery:
        """Press a button of the bot's message, given by its text or its callback data.

        Raises ``ValueError`` if the message has no such button now.
        """
        for each in message.buttons():
            data = each.get("callback_data")
            if data is not None and button in (each["text"], data):
                query = self._state.add_callback_query(self.user, message, data)
                self._state.updates.add("callback_query", query.json())
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

    def _send(self, chat: ChatHandle | None, **content: object) -> Message:
        target = (chat or self.private_chat()).chat
        if target.blocked:
            raise ValueError("a user who blocked the bot cannot write to it")
        with self._state.changed:
            target.started = True
            message = self._state.add_message(target, self.user, **content)
            deliver(self._state, message)
            return message
