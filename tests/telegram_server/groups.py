"""Groups, supergroups and channels as a test holds them: members, rights, topics, their end."""

from collections.abc import Iterable
from typing import Protocol

from tests.telegram_server.delivery import change_bot_status, change_status, deliver, place
from tests.telegram_server.model import (
    ALL_PERMISSIONS,
    SERVICE_ACCOUNT,
    Json,
    MemberStatus,
    Message,
    Topic,
    User,
)
from tests.telegram_server.watching import ChatHandle


class Person(Protocol):
    """Somebody as a test holds them."""

    @property
    def user(self) -> User:
        """Return the account."""


class GroupHandle(ChatHandle):
    """A group, supergroup or channel: who is in it, its topics, its end."""

    def add(
        self,
        *users: Person,
        status: MemberStatus = "member",
        rights: Iterable[str] | None = None,
        anonymous: bool = False,
        custom_title: str = "",
    ) -> None:
        """Bring people in, without updates; ``rights`` of administrators, None for the usual.

        Anonymous administrators write as the group itself unless they say otherwise.
        """
        with self._state.changed:
            for person in users:
                user_id = person.user.id
                self.chat.members[user_id] = status
                place(self.chat, user_id, rights=None if rights is None else frozenset(rights))
                (self.chat.anonymous.add if anonymous else self.chat.anonymous.discard)(user_id)
                if custom_title:
                    self.chat.custom_titles[user_id] = custom_title

    def admit_bot(
        self, status: MemberStatus = "member", *, rights: Iterable[str] | None = None
    ) -> None:
        """Give the bot its place without an update, as before the test began."""
        with self._state.changed:
            self.chat.members[self._state.bot.id] = status
            granted = None if rights is None else frozenset(rights)
            place(self.chat, self._state.bot.id, rights=granted)

    def set_status(self, person: Person, status: MemberStatus, *, by: Person) -> None:
        """Change somebody's place; the bot gets ``chat_member`` if it administrates and asked."""
        with self._state.changed:
            place(self.chat, person.user.id)
            change_status(self._state, self.chat, person.user, status, by=by.user)

    def restrict(self, person: Person, *, left: Iterable[str] = ()) -> None:
        """Restrict a member, without updates, to the permissions ``left``."""
        with self._state.changed:
            self.chat.members[person.user.id] = "restricted"
            place(self.chat, person.user.id, permissions=frozenset(left))

    def set_permissions(self, left: Iterable[str]) -> None:
        """Set what members who are not administrators may do."""
        self.chat.permissions = frozenset(left)

    def set_bot_status(
        self, status: MemberStatus, *, by: Person, rights: Iterable[str] | None = None
    ) -> None:
        """Add, promote, demote, remove or ban the bot; it gets ``my_chat_member``.

        ``rights`` are those of an administrator, None for the usual ones.
        """
        with self._state.changed:
            change_bot_status(
                self._state,
                self.chat,
                status,
                by=by.user,
                rights=None if rights is None else frozenset(rights),
            )

    def seat_bot(
        self, status: MemberStatus = "member", *, rights: Iterable[str] | None = None
    ) -> None:
        """Have the bot in the group since long ago: no update tells of it."""
        with self._state.changed:
            self.chat.members[self._state.bot.id] = status
            granted = None if rights is None else frozenset(rights)
            place(self.chat, self._state.bot.id, rights=granted)

    def restrict_bot(self, *, by: Person, refused: Iterable[str] = ("can_send_messages",)) -> None:
        """Take permissions from the bot; it gets ``my_chat_member``."""
        with self._state.changed:
            change_bot_status(
                self._state,
                self.chat,
                "restricted",
                by=by.user,
                permissions=ALL_PERMISSIONS - frozenset(refused),
            )

    def link(self, channel: "GroupHandle") -> None:
        """Make this supergroup the discussion group of a channel: posts are forwarded here."""
        with self._state.changed:
            self.chat.linked, channel.chat.linked = channel.chat, self.chat

    def make_forum(self) -> None:
        """Turn topics on; General is there from the start."""
        self.chat.is_forum = True

    def add_topic(self, name: str, *, by: Person | None = None) -> Topic:
        """Open a topic of a forum; the bot gets the service message."""
        with self._state.changed:
            self.chat.is_forum = True
            topic = Topic(self.chat.next_message_id, name)
            self.chat.topics[topic.thread_id] = topic
            created = {"name": name, "icon_color": 0x6FB9F0}
            self._serve({"forum_topic_created": created}, by, topic.thread_id)
            return topic

    def close_topic(self, topic: Topic | None = None, *, by: Person | None = None) -> None:
        """Close a topic, General if None."""
        self._set_closed(topic, True, by)

    def reopen_topic(self, topic: Topic | None = None, *, by: Person | None = None) -> None:
        """Open a closed topic again, General if None."""
        self._set_closed(topic, False, by)

    def delete_topic(self, topic: Topic) -> None:
        """Delete a topic with its messages; Telegram tells the bot nothing."""
        with self._state.changed:
            topic.deleted = True
            for message in self.chat.messages.values():
                message.deleted = message.deleted or message.thread_id == topic.thread_id
            self._state.changed.notify_all()

    def delete(self) -> None:
        """Delete the group."""
        self.chat.deleted = True

    def migrate(self) -> "GroupHandle":
        """Upgrade the group to a supergroup; both sides get their service message."""
        state, old = self._state, self.chat
        with state.changed:
            new = state.add_group("supergroup", old.title, members=dict(old.members))
            new.rights, new.restrictions = dict(old.rights), dict(old.restrictions)
            new.anonymous, new.permissions = set(old.anonymous), old.permissions
            old.migrated_to = new.id
            for chat, service in (
                (old, {"migrate_to_chat_id": new.id}),
                (new, {"migrate_from_chat_id": old.id}),
            ):
                deliver(state, state.add_message(chat, None, service=service))
        return GroupHandle(state, new)

    def _set_closed(self, topic: Topic | None, closed: bool, by: Person | None) -> None:
        kind = "closed" if closed else "reopened"
        with self._state.changed:
            self.chat.is_forum = True
            if topic is None:
                self.chat.general_closed = closed
            else:
                topic.closed = closed
            self._serve({f"forum_topic_{kind}": {}}, by, topic.thread_id if topic else None)

    def _serve(self, service: Json, by: Person | None, thread_id: int | None) -> Message:
        sender = SERVICE_ACCOUNT if by is None else by.user
        message = self._state.add_message(self.chat, sender, service=service, thread_id=thread_id)
        deliver(self._state, message)
        return message
