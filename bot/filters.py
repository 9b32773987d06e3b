"""What a handler takes, by what the message says to this bot (see :mod:`bot.addressing`).

Of updates of the kind ``message`` alone: edited messages and posts of channels match nothing.
"""

from __future__ import annotations

from telegram import Message, Update
from telegram.ext.filters import UpdateFilter

from bot.addressing import Addressed, Kind, addressed


def addressed_in(update: Update) -> tuple[Message, Addressed] | None:
    """Return the message that speaks to the bot and what it says, or None if there is none.

    The bot must be initialised, so that its name is known.
    """
    message = update.message
    if message is None:
        return None
    said = addressed(message, message.get_bot().bot)
    return None if said is None else (message, said)


class _Said(UpdateFilter):
    """Updates that speak to the bot in one way."""

    def __init__(self, kind: Kind, names: frozenset[str] = frozenset()) -> None:
        super().__init__(name=f"addressed({kind.name}, {sorted(names)})")
        self._kind = kind
        self._names = names

    def filter(self, update: Update) -> bool:
        """Return whether the update speaks to the bot in that way."""
        found = addressed_in(update)
        if found is None or found[1].kind is not self._kind:
            return False
        return not self._names or found[1].command in self._names


def command(*names: str) -> UpdateFilter:
    """Return the filter of the commands of those names, without aliases, in any chat."""
    return _Said(Kind.COMMAND, frozenset(names))


ANY_COMMAND = _Said(Kind.COMMAND)
QUESTION = _Said(Kind.QUESTION)
