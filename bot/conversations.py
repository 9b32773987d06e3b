"""What was just said in each chat, so that a follow-up question is understood.

In memory only, and not for long: nothing here is ever written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.last_kept import LastKept
from knowledge.types import Answer, Exchange

MAX_EXCHANGES = 3
LIFETIME = timedelta(minutes=30)
MAX_CONVERSATIONS = 1000
MAX_ANSWERS = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation takes place: a chat, or one topic of it."""

    chat_id: int
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one person says to the bot in one place; in a group others talk to it beside.

    `person` is None in a private chat, where there is only one. Whoever writes as a group or a
    channel is that group or channel.
    """

    place: Place
    person: int | None = None


@dataclass(frozen=True, slots=True)
class _Remembered:
    conversation: Conversation
    exchanges: tuple[Exchange, ...]
    at: datetime


class Conversations:
    """The last exchanges of the conversations heard from last. For use in one thread.

    What is carried from one question to the next never leaves its place. A reply to one of the
    bot's answers, whoever it was for, continues from that answer; anything else from what the same
    person asked there before.
    """

    def __init__(
        self,
        *,
        max_exchanges: int = MAX_EXCHANGES,
        lifetime: timedelta = LIFETIME,
        max_conversations: int = MAX_CONVERSATIONS,
        max_answers: int = MAX_ANSWERS,
    ) -> None:
        self._max_exchanges = max_exchanges
        self._last = _Memory[Conversation](lifetime, max_conversations)
        self._answers = _Memory[tuple[Place, int]](lifetime, max_answers)

    def __len__(self) -> int:
        return len(self._last)

    def history(
        self, conversation: Conversation, *, now: datetime, replied: int | None = None
    ) -> tuple[Exchange, ...]:
        """Return the exchanges before a question, oldest first; none if they are too old.

        `replied` is the id of the message that the question replies to, if to one of the bot's.
        """
        if replied is not None:
            continued = self._answers.recall((conversation.place, replied), now)
            if continued:
                return continued
        return self._last.recall(conversation, now)

    def remember(
        self,
        conversation: Conversation,
        answer: Answer,
        *,
        now: datetime,
        after: tuple[Exchange, ...] = (),
        message_ids: Iterable[int | None] = (),
    ) -> None:
        """Add an answered question to the exchanges `after` which it came, and keep the last.

        `after` is what :meth:`history` gave for it; the messages of those ids hold the answer.
        """
        kept = _Remembered(conversation, extended(after, answer, limit=self._max_exchanges), now)
        self._last.keep(conversation, kept)
        for message_id in message_ids:
            if message_id is not None:
                self._answers.keep((conversation.place, message_id), kept)

    def forget(self, conversation: Conversation) -> None:
        """Forget what was said in the conversation."""
        self._last.forget(conversation)
        self._answers.forget(conversation)


Key = TypeVar("Key")


class _Memory(Generic[Key]):
    """Exchanges by key, at most `most` of them and for `lifetime`, in the order last kept."""

    def __init__(self, lifetime: timedelta, most: int) -> None:
        self._lifetime = lifetime
        self._kept = LastKept[Key, _Remembered](most)

    def __len__(self) -> int:
        return len(self._kept)

    def recall(self, key: Key, now: datetime) -> tuple[Exchange, ...]:
        self._forget_old(now)
        remembered = self._kept.get(key)
        return remembered.exchanges if remembered else ()

    def keep(self, key: Key, remembered: _Remembered) -> None:
        self._forget_old(remembered.at)
        self._kept[key] = remembered

    def forget(self, conversation: Conversation) -> None:
        for key in [key for key, kept in self._kept.items() if kept.conversation == conversation]:
            del self._kept[key]

    def _forget_old(self, now: datetime) -> None:
        while self._kept:
            key, remembered = next(iter(self._kept.items()))
            if now - remembered.at < self._lifetime:
                return
            del self._kept[key]


def extended(
    history: tuple[Exchange, ...], answer: Answer, *, limit: int = MAX_EXCHANGES
) -> tuple[Exchange, ...]:
    """Return `history` with the answered question, without what is then one too many."""
    return (*history, Exchange.of(answer))[-limit:]
