"""Faults a test asks for: a list of rules, consulted before each method runs."""

import heapq
import random
import threading
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Literal, Protocol

from tests.telegram_server.errors import (
    ApiError,
    default_description,
    too_many_requests,
)

Drop = Literal["before", "after"]


class HasId(Protocol):
    """A chat as a test holds it."""

    @property
    def id(self) -> int:
        """Return the chat's id."""


@dataclass(slots=True)
class Fault:
    """One rule. It strikes calls of ``method`` (any if None) for ``chat_id`` (any if None).

    After ``skip`` matching calls it strikes ``times`` ones (without end if None): it waits
    ``delay`` seconds, then answers ``error``, or ends the connection before the method runs or
    ``after`` it (the message is there, its answer is lost), or sends ``body`` with status 200.
    A rule with a delay alone only slows the method down. With ``probability`` below 1 it strikes
    that share of the matching calls, drawn from the generator that ``Faults.seed`` sets; then
    ``retry_after`` may be a range to draw from.
    """

    method: str | None = None
    chat_id: int | None = None
    error: ApiError | None = None
    drop: Drop | None = None
    body: bytes | None = None
    delay: float = 0.0
    skip: int = 0
    times: int | None = 1
    probability: float = 1.0
    retry_after: tuple[int, int] | None = None
    struck: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise ValueError(f"a probability lies in 0..1, got {self.probability}")

    def matches(self, method: str, chat_id: str) -> bool:
        """Say whether the rule is about a call."""
        return (self.method is None or self.method.lower() == method.lower()) and (
            self.chat_id is None or str(self.chat_id) == chat_id
        )


class Faults:
    """The rules in force; the first that matches and is not used up strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # By the chat they are about, so that thousands of chats may each have their own.
        self._rules: dict[str | None, list[tuple[int, Fault]]] = {}
        self._count = 0
        self._random = random.Random(0)  # noqa: S311 - draws of a test

    def seed(self, seed: int) -> None:
        """Begin a new series of draws."""
        with self._lock:
            self._random = random.Random(seed)  # noqa: S311 - draws of a test

    def add(
        self,
        *,
        method: str | None = None,
        chat: int | HasId | None = None,
        error: int | None = None,
        description: str | None = None,
        retry_after: int | tuple[int, int] | None = None,
        migrate_to_chat_id: int | None = None,
        drop: Drop | None = None,
        body: bytes | None = None,
        delay: float = 0.0,
        skip: int = 0,
        times: int | None = 1,
        probability: float = 1.0,
    ) -> Fault:
        """Add a rule and return it; see ``Fault`` for what each argument does.

        ``error`` is a status, worded by ``description`` or as Telegram usually does;
        ``retry_after`` is a number of seconds, or the least and the most of them. The fault's
        ``struck`` counts how often it did.
        """
        refusal = None
        drawn = retry_after if isinstance(retry_after, tuple) else None
        if isinstance(retry_after, int):
            refusal = too_many_requests(retry_after)
        elif error is not None:
            extra = {"migrate_to_chat_id": migrate_to_chat_id} if migrate_to_chat_id else None
            refusal = ApiError(error, description or default_description(error), extra)
        chat_id = chat if chat is None or isinstance(chat, int) else chat.id
        fault = Fault(method, chat_id, refusal, drop, body, delay, skip, times, probability, drawn)
        with self._lock:
            about = None if chat_id is None else str(chat_id)
            self._count += 1
            self._rules.setdefault(about, []).append((self._count, fault))
        return fault

    def clear(self) -> None:
        """Remove every rule."""
        with self._lock:
            self._rules.clear()

    def strike(self, method: str, chat_id: str) -> Fault | None:
        """Return the rule that strikes a call, and count it."""
        with self._lock:
            general, own = self._rules.get(None, []), self._rules.get(chat_id, [])
            for _, fault in heapq.merge(general, own, key=itemgetter(0)):
                if fault.times == 0 or not fault.matches(method, chat_id):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                if fault.probability < 1 and self._random.random() >= fault.probability:
                    continue
                return self._used(fault)
        return None

    def _used(self, fault: Fault) -> Fault:
        if fault.times is not None:
            fault.times -= 1
        fault.struck += 1
        if fault.retry_after is None:
            return fault
        seconds = self._random.randint(*fault.retry_after)
        return replace(fault, error=too_many_requests(seconds))
