"""Faults a test asks for: a list of rules, consulted before each method runs."""

import threading
from dataclasses import dataclass
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
    A rule with a delay alone only slows the method down.
    """

    method: str | None = None
    chat_id: int | None = None
    error: ApiError | None = None
    drop: Drop | None = None
    body: bytes | None = None
    delay: float = 0.0
    skip: int = 0
    times: int | None = 1

    def matches(self, method: str, chat_id: str) -> bool:
        """Say whether the rule is about a call."""
        return (self.method is None or self.method.lower() == method.lower()) and (
            self.chat_id is None or str(self.chat_id) == chat_id
        )


class Faults:
    """The rules in force; the first that matches and is not used up strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(
        self,
        *,
        method: str | None = None,
        chat: int | HasId | None = None,
        error: int | None = None,
        description: str | None = None,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
        drop: Drop | None = None,
        body: bytes | None = None,
        delay: float = 0.0,
        skip: int = 0,
        times: int | None = 1,
    ) -> Fault:
        """Add a rule and return it; see ``Fault`` for what each argument does.

        ``error`` is a status, worded by ``description`` or as Telegram usually does.
        """
        refusal = None
        if retry_after is not None:
            refusal = too_many_requests(retry_after)
        elif error is not None:
            extra = {"migrate_to_chat_id": migrate_to_chat_id} if migrate_to_chat_id else None
            refusal = ApiError(error, description or default_description(error), extra)
        chat_id = chat if chat is None or isinstance(chat, int) else chat.id
        fault = Fault(method, chat_id, refusal, drop, body, delay, skip, times)
        with self._lock:
            self._rules.append(fault)
        return fault

    def clear(self) -> None:
        """Remove every rule."""
        with self._lock:
            self._rules.clear()

    def strike(self, method: str, chat_id: str) -> Fault | None:
        """Return the rule that strikes a call, and count it."""
        with self._lock:
            for fault in self._rules:
                if fault.times == 0 or not fault.matches(method, chat_id):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None
