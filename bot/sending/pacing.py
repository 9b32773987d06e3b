"""How fast Telegram lets a bot write, kept before Telegram has to say so. Pure: time is given.

Published (core.telegram.org/bots/faq): about one message a second in a chat with short bursts,
20 a minute in a group, about 30 a second overall; edits count as messages do, answers to button
presses do not. What Telegram then asks of one chat (``retry_after``) holds for that chat alone.

Answers go before digests without stopping them: digests take what is left of 25 a second, and no
more than three a second while an answer waits.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import Enum, auto

_LOOKED_AT = 2  # remembered chats examined at each request, so that the idle ones are forgotten


class Traffic(Enum):
    """What is sent: an answer somebody waits for, or one of many digests."""

    ANSWER = auto()
    BULK = auto()


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits, a little below what is published: a request's journey takes longer or less.

    A chat takes `chat_burst` messages at once, then one in `chat_seconds`; a group besides
    `group_messages` in any `group_seconds`. In any `overall_seconds`, `overall` requests go out,
    of which `answers` may be answers; digests go while fewer than `bulk` went, or, where an answer
    was told to wait, fewer than ``overall - answers`` of them. What may be dropped needs `spare`
    fewer requests than answers do.
    """

    chat_burst: int = 3
    chat_seconds: float = 1.0
    group_messages: int = 20
    group_seconds: float = 61.0
    overall: int = 30
    overall_seconds: float = 1.05
    answers: int = 27
    bulk: int = 25
    spare: int = 5
    draft_seconds: float = 0.6

    def __post_init__(self) -> None:
        if not 0 < self.bulk <= self.overall or not 0 < self.answers < self.overall:
            raise ValueError("answers and digests each have a share of the whole")
        if min(self.chat_burst, self.group_messages) < 1 or self.chat_seconds <= 0:
            raise ValueError("a chat takes at least one message")


@dataclass(slots=True)
class _Chat:
    """`full_at` is when the burst is whole again (GCRA's theoretical arrival time)."""

    full_at: float = 0.0
    held_until: float = 0.0
    drafted_at: float = float("-inf")
    latest: deque[float] = field(default_factory=deque)  # of a group


class Pacing:
    """Says when a request may go out. Every `now` is in seconds and never goes back."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._chats: OrderedDict[int, _Chat] = OrderedDict()
        self._answers: deque[float] = deque()
        self._bulk: deque[float] = deque()
        self._answers_first_until = float("-inf")

    def __len__(self) -> int:
        return len(self._chats)

    def chat_wait(self, chat_id: int, now: float) -> float:
        """Return the seconds until the chat takes another message, 0 if it does now."""
        chat = self._chats.get(chat_id)
        return 0.0 if chat is None else max(0.0, self._chat_ready_at(chat_id, chat) - now)

    def grant(self, chat_id: int, now: float, traffic: Traffic = Traffic.ANSWER) -> float:
        """Return 0 and count the message, or the seconds after which to ask again."""
        wait = max(self.chat_wait(chat_id, now), self._overall_wait(now, traffic))
        if wait > 0:
            return wait
        self._count(chat_id, now)
        (self._bulk if traffic is Traffic.BULK else self._answers).append(now)
        return 0.0

    def grant_passing(self, chat_id: int, now: float) -> bool:
        """Count an edit that the next one replaces, or return False where it had better not go.

        It leaves the chat's messages their burst, and a group half of its minute.
        """
        chat = self._chat(chat_id, now)
        limits = self._limits
        half = 2 * len(chat.latest) >= limits.group_messages and chat_id < 0
        bursting = chat.full_at > now
        if half or bursting or self.chat_wait(chat_id, now) > 0 or not self._has_spare(now):
            return False
        self._count(chat_id, now)
        self._answers.append(now)
        return True

    def grant_draft(self, chat_id: int, now: float) -> bool:
        """Count a draft, or return False: too early, or Telegram asked this chat to wait."""
        chat = self._chat(chat_id, now)
        if now < chat.drafted_at + self._limits.draft_seconds or not self.grant_action(
            chat_id, now
        ):
            return False
        chat.drafted_at = now
        return True

    def grant_action(self, chat_id: int, now: float) -> bool:
        """Count a «écrit…», or return False: too much goes on, or this chat must wait."""
        held = chat_id in self._chats and now < self._chats[chat_id].held_until
        if held or not self._has_spare(now):
            return False
        self._answers.append(now)
        return True

    def retry_after(self, chat_id: int, seconds: float, now: float) -> None:
        """Hold the chat's messages for what Telegram asked, from `now`."""
        chat = self._chat(chat_id, now)
        chat.held_until = max(chat.held_until, now + seconds)

    def _count(self, chat_id: int, now: float) -> None:
        chat = self._chat(chat_id, now)
        chat.full_at = max(chat.full_at, now) + self._limits.chat_seconds
        if chat_id < 0:
            chat.latest.append(now)

    def _chat_ready_at(self, chat_id: int, chat: _Chat) -> float:
        limits = self._limits
        ready = max(chat.held_until, chat.full_at - (limits.chat_burst - 1) * limits.chat_seconds)
        if chat_id < 0 and len(chat.latest) >= limits.group_messages:
            ready = max(ready, chat.latest[-limits.group_messages] + limits.group_seconds)
        return ready

    def _overall_wait(self, now: float, traffic: Traffic) -> float:
        """Return the seconds until one more of `traffic` fits into the window."""
        limits = self._limits
        self._forget_sent(now)
        answers, bulk = len(self._answers), len(self._bulk)
        if traffic is Traffic.ANSWER:
            room = answers < limits.answers and answers + bulk < limits.overall
        elif bulk < limits.overall - limits.answers:
            room = answers + bulk < limits.overall
        else:
            room = answers + bulk < limits.bulk and now >= self._answers_first_until
        if room:
            return 0.0
        if traffic is Traffic.ANSWER:
            self._answers_first_until = now + 2 * limits.overall_seconds  # it asks again within one
        oldest = min(sent[0] for sent in (self._answers, self._bulk) if sent)
        return oldest + limits.overall_seconds - now

    def _has_spare(self, now: float) -> bool:
        self._forget_sent(now)
        limits = self._limits
        answers, bulk = len(self._answers), len(self._bulk)
        return (
            answers < limits.answers - limits.spare
            and answers + bulk < limits.overall - limits.spare
        )

    def _forget_sent(self, now: float) -> None:
        for sent in (self._answers, self._bulk):
            while sent and now >= sent[0] + self._limits.overall_seconds:
                sent.popleft()

    def _chat(self, chat_id: int, now: float) -> _Chat:
        """Return what is remembered of a chat, and forget some that have nothing to remember."""
        chat = self._chats.setdefault(chat_id, _Chat(full_at=now))
        self._chats.move_to_end(chat_id)
        while chat.latest and now >= chat.latest[0] + self._limits.group_seconds:
            chat.latest.popleft()
        for _ in range(min(_LOOKED_AT, len(self._chats) - 1)):
            oldest = next(iter(self._chats))
            if self._is_idle(self._chats[oldest], now):
                del self._chats[oldest]
            else:
                self._chats.move_to_end(oldest)
        return self._chats[chat_id]

    def _is_idle(self, chat: _Chat, now: float) -> bool:
        limits = self._limits
        return max(
            chat.full_at, chat.held_until, chat.drafted_at + limits.draft_seconds
        ) <= now and (not chat.latest or chat.latest[-1] + limits.group_seconds <= now)
