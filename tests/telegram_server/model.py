"""What the server remembers: users, chats, topics, members, messages, files, callback queries.

Plain mutable records with the JSON form the Bot API gives them. They hold no rules: who may write
where is in ``access`` and ``members``, what may be written in ``formatted`` and ``keyboards``.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from tests.telegram_server.entities import Entity
from tests.telegram_server.text import utf16_slice

ChatKind = Literal["private", "group", "supergroup", "channel"]
MemberStatus = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
Json = dict[str, Any]

PRESENT: frozenset[MemberStatus] = frozenset({"creator", "administrator", "member", "restricted"})
ADMINISTRATORS: frozenset[MemberStatus] = frozenset({"creator", "administrator"})
ALL_PERMISSIONS = frozenset(
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos "
    "can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages "
    "can_add_web_page_previews can_change_info can_invite_users can_pin_messages "
    "can_manage_topics can_edit_tag can_react_to_messages".split()
)


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    deactivated: bool = False
    hides_forwards: bool = False

    @property
    def full_name(self) -> str:
        """Return first and last name."""
        return f"{self.first_name} {self.last_name}".rstrip()

    def json(self) -> Json:
        """Return the ``User`` object."""
        optional = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        return {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
        } | {name: value for name, value in optional.items() if value}


# Telegram's own accounts, which stand for senders that are not people.
SERVICE_ACCOUNT = User(777000, "Telegram")
GROUP_ANONYMOUS_BOT = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
CHANNEL_BOT = User(136817688, "Channel", username="Channel_Bot", is_bot=True)


@dataclass(slots=True, eq=False)
class StoredFile:
    """A file users or the bot sent; ``path`` is what getFile gives for the download."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes
    size: int

    def json(self) -> Json:
        """Return the ``Document`` object."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_name": self.name,
            "mime_type": self.mime_type,
            "file_size": self.size,
        }


@dataclass(frozen=True, slots=True)
class Revision:
    """What a message showed before an edit, and until when (monotonic seconds)."""

    text: str
    entities: tuple[Entity, ...]
    reply_markup: Json | None
    until: float


@dataclass(slots=True, eq=False)
class Message:
    """A message of a chat; ``sent_at`` is monotonic seconds, ``date`` Unix seconds.

    ``sender`` is who Telegram names as such; ``author`` wrote it, if that is somebody else.
    ``thread_id`` is a topic; ``reply_thread_id`` the first message of a chain of replies.
    """

    chat: "Chat"
    message_id: int
    sender: User | None
    date: int
    sent_at: float
    text: str = ""
    entities: tuple[Entity, ...] = ()
    reply_to: "Message | None" = None
    reply_markup: Json | None = None
    link_preview_options: Json | None = None
    document: StoredFile | None = None
    media: Json = field(default_factory=dict)
    caption: str = ""
    forward_origin: Json | None = None
    thread_id: int | None = None
    service: Json = field(default_factory=dict)
    edit_date: int | None = None
    disable_notification: bool = False
    protect_content: bool = False
    revisions: list[Revision] = field(default_factory=list)
    deleted: bool = False
    update_id: int | None = None
    sender_chat: "Chat | None" = None
    author: User | None = None
    author_signature: str = ""
    is_automatic_forward: bool = False
    quote: Json | None = None
    reply_thread_id: int | None = None

    def covered(self, entity: Entity) -> str:
        """Return the text an entity covers."""
        return utf16_slice(self.text or self.caption, entity["offset"], entity["length"])

    def entity_texts(self, kind: str) -> list[str]:
        """Return the texts covered by the entities of a type, in order."""
        return [self.covered(entity) for entity in self.entities if entity["type"] == kind]

    def buttons(self) -> list[Json]:
        """Return the buttons of the inline keyboard, row by row."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def json(self, *, with_reply: bool = True) -> Json:
        """Return the ``Message`` object; a replied message comes without its own reply."""
        result: Json = {
            "message_id": self.message_id,
            "chat": self.chat.json(),
            "date": self.date,
        }
        if self.chat.kind == "channel":
            result["sender_chat"] = self.chat.json()
        elif self.sender is not None:
            result["from"] = self.sender.json()
            if self.sender_chat is not None:
                result["sender_chat"] = self.sender_chat.json()
        captioned = bool(self.document or self.media)
        optional: Json = {
            "caption" if captioned else "text": self.caption if captioned else self.text,
            "caption_entities" if captioned else "entities": list(self.entities),
            "document": self.document.json() if self.document else None,
            "forward_origin": self.forward_origin,
            "author_signature": self.author_signature,
            "is_automatic_forward": self.is_automatic_forward,
            "quote": self.quote,
            "message_thread_id": self.thread_id or self.reply_thread_id,
            "is_topic_message": self.thread_id is not None,
            "edit_date": self.edit_date,
            "link_preview_options": self.link_preview_options,
            "has_protected_content": self.protect_content,
        }
        result |= {name: value for name, value in optional.items() if value}
        # Only an inline keyboard belongs to a message; the other markups are for the client.
        if self.reply_markup and "inline_keyboard" in self.reply_markup:
            result["reply_markup"] = self.reply_markup
        replied = self.shown_reply()
        if with_reply and replied is not None and not replied.deleted:
            result["reply_to_message"] = replied.json(with_reply=False)
        return result | self.media | self.service

    def shown_reply(self) -> "Message | None":
        """Return the message replied to; in a topic, at least the one that opened it."""
        if self.reply_to is not None or self.thread_id is None:
            return self.reply_to
        opening = self.chat.messages.get(self.thread_id)
        return None if opening is self else opening


@dataclass(frozen=True, slots=True)
class Draft:
    """A preview sent by sendMessageDraft; it fades at ``visible_until`` (monotonic seconds)."""

    draft_id: int
    text: str
    entities: tuple[Entity, ...]
    sent_at: float
    visible_until: float


@dataclass(frozen=True, slots=True)
class Action:
    """A chat action such as ``typing``; ``sent_at`` is monotonic seconds."""

    name: str
    sent_at: float
    thread_id: int | None = None


@dataclass(slots=True)
class Topic:
    """A topic of a forum; ``thread_id`` is the id of the message that opened it.

    The topic General is not one of them: its messages carry no thread.
    """

    thread_id: int
    name: str
    closed: bool = False
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Chat:
    """A chat of any kind; ``user`` is set for private ones only."""

    id: int
    kind: ChatKind
    title: str = ""
    username: str = ""
    user: User | None = None
    started: bool = False
    blocked: bool = False
    deleted: bool = False
    migrated_to: int | None = None
    is_forum: bool = False
    next_message_id: int = 1
    general_closed: bool = False
    signs_posts: bool = False
    linked: "Chat | None" = None
    members: dict[int, MemberStatus] = field(default_factory=dict)
    rights: dict[int, frozenset[str]] = field(default_factory=dict)
    anonymous: set[int] = field(default_factory=set)
    custom_titles: dict[int, str] = field(default_factory=dict)
    restrictions: dict[int, frozenset[str]] = field(default_factory=dict)
    permissions: frozenset[str] = ALL_PERMISSIONS
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    def json(self) -> Json:
        """Return the ``Chat`` object."""
        result: Json = {"id": self.id, "type": self.kind}
        if self.user is not None:
            profile = self.user.json()
            names = ("first_name", "last_name", "username")
            return result | {name: profile[name] for name in names if name in profile}
        optional = {"title": self.title, "username": self.username, "is_forum": self.is_forum}
        return result | {name: value for name, value in optional.items() if value}


@dataclass(slots=True, eq=False)
class CallbackQuery:
    """A press of a button, waiting for answerCallbackQuery."""

    id: str
    user: User
    message: Message
    data: str
    asked_at: float
    answer: Json | None = None
    update_id: int | None = None

    def json(self) -> Json:
        """Return the ``CallbackQuery`` object."""
        return {
            "id": self.id,
            "from": self.user.json(),
            "message": self.shown_message(),
            "chat_instance": str(self.message.chat.id * 7919),
            "data": self.data,
        }

    def shown_message(self) -> Json:
        """Return the ``Message`` object, an ``InaccessibleMessage`` once it is deleted."""
        if not self.message.deleted:
            return self.message.json()
        chat = self.message.chat.json()
        return {"chat": chat, "message_id": self.message.message_id, "date": 0}
