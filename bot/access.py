"""Who may use the bot: the decision alone, without what was stored or is sent. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

# Without what is taken for another sign when read aloud or copied: 0 O Q, 1 I L, 2 Z, 5 S, 8 B.
CODE_ALPHABET = "34679ACDEFGHJKMNPRTUVWXY"
CODE_LENGTH = 8  # 24**8: a thousand guesses a second find one of twenty codes in two months
CODE_LIFETIME = timedelta(hours=24)
MOST_PENDING = 20


class AccessMode(StrEnum):
    """How somebody new is let in."""

    OPEN = "ouvert"
    LIST = "liste"
    PAIRING = "jumelage"


class AccessState(StrEnum):
    """What became of a request to be let in."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class Verdict(Enum):
    """What the gate does with an update."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    TO_PAIR = "to pair"  # to be shown a code


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who speaks to the bot, and in which chat.

    `user` is None for an anonymous administrator and for a channel that writes in a group:
    Telegram does not say which person that is.
    """

    user: int | None
    chat: int

    @property
    def in_group(self) -> bool:
        """Whether the chat is one of several people: Telegram's ids are then negative."""
        return self.chat < 0

    @property
    def subject(self) -> int:
        """Who is let in by an approval: a group as a whole, in a private chat the person."""
        return self.chat

    @property
    def counted(self) -> int:
        """Whose limits count: the person's, or the group's where the person is not known."""
        return self.chat if self.user is None else self.user


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """Who asked to be let in, and what was decided; `code` while that is pending."""

    subject: int
    state: AccessState
    name: str
    asked_at: datetime
    code: str | None = None
    decided_at: datetime | None = None
    decided_by: int | None = None

    def __post_init__(self) -> None:
        if (self.code is not None) != (self.state is AccessState.PENDING):
            raise ValueError("a request has a code while it is pending, and no longer")

    def expired(self, now: datetime) -> bool:
        """Whether its code is too old to be given."""
        return self.state is AccessState.PENDING and now - self.asked_at >= CODE_LIFETIME


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The settings of access; administrators are always let in."""

    mode: AccessMode = AccessMode.OPEN
    administrators: frozenset[int] = frozenset()
    allowed: frozenset[int] = frozenset()

    @property
    def asks_store(self) -> bool:
        """Whether a verdict may depend on what administrators approved."""
        return self.mode is AccessMode.PAIRING

    def is_administrator(self, user: int | None) -> bool:
        """Whether a person may change what the bot knows and who may use it."""
        return user is not None and user in self.administrators

    def verdict(self, visitor: Visitor, state: AccessState | None = None) -> Verdict:
        """Return what to do with `visitor`; `state` is that of the visitor's subject.

        With a list, the group or the person must be on it. By pairing, a group is approved as a
        whole: a person approved in private does not bring the bot into a group.
        """
        if self.mode is AccessMode.OPEN or self.is_administrator(visitor.user):
            return Verdict.ADMITTED
        if visitor.chat in self.allowed or visitor.user in self.allowed:
            return Verdict.ADMITTED
        if self.mode is AccessMode.LIST or state is AccessState.REFUSED:
            return Verdict.REFUSED
        return Verdict.ADMITTED if state is AccessState.APPROVED else Verdict.TO_PAIR


def new_code(choose: Callable[[Sequence[str]], str]) -> str:
    """Return a code to pair with; `choose` picks a sign (``secrets.choice``)."""
    return "".join(choose(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def read_code(text: str) -> str | None:
    """Return the code in what somebody typed: in small letters, with blanks or dashes; or None."""
    code = "".join(char for char in text.upper() if char not in " -\u00a0\u2011\u2013")
    if len(code) != CODE_LENGTH or any(char not in CODE_ALPHABET for char in code):
        return None
    return code
