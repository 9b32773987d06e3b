"""The state behind the server: one lock, one condition, everything the methods read and change."""

import itertools
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.telegram_server.clock import Clock, RealClock
from tests.telegram_server.flood import FloodControl
from tests.telegram_server.leniency import Leniency
from tests.telegram_server.model import (
    CHANNEL_BOT,
    GROUP_ANONYMOUS_BOT,
    SERVICE_ACCOUNT,
    CallbackQuery,
    Chat,
    ChatKind,
    Message,
    StoredFile,
    User,
)
from tests.telegram_server.updates import UpdateQueue

# Ids larger than 32 bits, as real ones are; every chat numbers its messages from its own thousand,
# so that an id used in the wrong chat is not found there.
FIRST_USER_ID = 5_000_000_001
FIRST_GROUP_ID = -4_000_000_001
FIRST_SUPERGROUP_ID = -1_002_000_000_001
MESSAGE_IDS_PER_CHAT = 1000
CALLBACK_QUERY_LIFETIME = 15.0  # seconds; an assumption, Telegram publishes none


@dataclass(frozen=True, slots=True)
class Webhook:
    """What setWebhook stored."""

    url: str
    secret_token: str
    max_connections: int
    allowed_updates: tuple[str, ...]


class State:
    """Users, chats, updates and the bot's own profile.

    ``changed`` guards everything; it is notified after every change.
    """

    def __init__(
        self,
        token: str,
        *,
        username: str,
        lenient: Iterable[Leniency],
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or RealClock()
        self.changed = threading.Condition()
        self.token = token
        self.bot = User(
            id=int(token.partition(":")[0]), first_name="Sourcier", username=username, is_bot=True
        )
        self.lenient = set(lenient)
        self.privacy_mode = True
        known = (self.bot, SERVICE_ACCOUNT, GROUP_ANONYMOUS_BOT, CHANNEL_BOT)
        self.users: dict[int, User] = {user.id: user for user in known}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.callback_queries: dict[str, CallbackQuery] = {}
        self.callback_query_lifetime = CALLBACK_QUERY_LIFETIME
        self.commands: dict[tuple[tuple[str, int, int], str], list[dict[str, str]]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.webhook: Webhook | None = None
        self.webhook_wanted = threading.Event()  # set while a webhook is, so that its sender wakes
        self.webhook_error: tuple[int, str] | None = None  # Unix seconds and what went wrong
        self.updates = UpdateQueue(self.changed)
        self.flood = FloodControl(self.clock.monotonic)
        self.started_at = self.clock.monotonic()
        self.logged_out = False
        self._user_ids = itertools.count(FIRST_USER_ID)
        self._group_ids = itertools.count(FIRST_GROUP_ID, -1)
        self._supergroup_ids = itertools.count(FIRST_SUPERGROUP_ID, -1)
        self._serial = itertools.count(1)

    def now(self) -> int:
        """Return the time in Unix seconds, as in the ``date`` of a message."""
        return int(self.clock.time())

    def add_user(self, first_name: str, **details: Any) -> User:
        """Register a person."""
        with self.changed:
            user = User(id=next(self._user_ids), first_name=first_name, **details)
            self.users[user.id] = user
            return user

    def private_chat(self, user: User) -> Chat:
        """Return the user's chat with the bot, opened on the first call."""
        with self.changed:
            known = self.chats.get(user.id)
            return known if known is not None else self._add_chat(user.id, "private", user=user)

    def add_group(self, kind: ChatKind, title: str, **details: Any) -> Chat:
        """Open a group, supergroup or channel without members."""
        with self.changed:
            ids = self._group_ids if kind == "group" else self._supergroup_ids
            return self._add_chat(next(ids), kind, title=title, **details)

    def _add_chat(self, chat_id: int, kind: ChatKind, **details: Any) -> Chat:
        first = MESSAGE_IDS_PER_CHAT * (len(self.chats) + 1) + 1
        chat = Chat(id=chat_id, kind=kind, next_message_id=first, **details)
        self.chats[chat_id] = chat
        return chat

    def add_message(self, chat: Chat, sender: User | None, **content: Any) -> Message:
        """Put a message into a chat, with the next id and the present time."""
        with self.changed:
            message = Message(
                chat=chat,
                message_id=chat.next_message_id,
                sender=sender,
                date=self.now(),
                sent_at=self.clock.monotonic(),
                **content,
            )
            chat.next_message_id += 1
            chat.messages[message.message_id] = message
            if chat.kind == "supergroup" and message.thread_id is None and message.reply_to:
                replied = message.reply_to
                message.reply_thread_id = replied.reply_thread_id or replied.message_id
            self.changed.notify_all()
            return message

    def add_file(
        self, name: str, mime_type: str, content: bytes, *, size: int | None = None
    ) -> StoredFile:
        """Store a file under new identifiers; ``size`` is what it claims to have in bytes."""
        with self.changed:
            serial = next(self._serial)
            stored = StoredFile(
                file_id=f"BQACAgQAAxkBAAM{serial:08d}",
                unique_id=f"AgAD{serial:08d}",
                path=f"documents/file_{serial}{_suffix(name)}",
                name=name,
                mime_type=mime_type,
                content=content,
                size=len(content) if size is None else size,
            )
            self.files[stored.file_id] = stored
            return stored

    def add_callback_query(self, user: User, message: Message, data: str) -> CallbackQuery:
        """Register the press of a button."""
        with self.changed:
            query = CallbackQuery(
                id=str(4_000_000_000_000 + next(self._serial)),
                user=user,
                message=message,
                data=data,
                asked_at=self.clock.monotonic(),
            )
            self.callback_queries[query.id] = query
            return query


def _suffix(name: str) -> str:
    _, dot, suffix = name.rpartition(".")
    return f".{suffix}" if dot and suffix.isalnum() else ""
