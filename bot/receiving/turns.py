"""Whose turn an update waits for, and how many of its like may wait. Pure.

Updates of one chat are processed in the order in which they came; so a group's questions are
answered one after the other, whatever the topic, and whoever asked first is answered first. Lest
one person fill a group's lane, each has a share of its places: whoever floods delays the others by
that many answers, not more.

What must not wait for the running answer has a lane of its own in the chat: buttons, /stop, and
the bot's membership. A message that does not speak to the bot expects nothing and waits for
nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from bot.addressing import addressed

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram import Bot, Message, Update, User

URGENT_COMMANDS = frozenset({"stop"})
BUTTON_PLACES = 20
URGENT_PLACES = 5


class Lane(Enum):
    """What waits for each other within a chat."""

    MESSAGES = auto()
    BUTTONS = auto()
    URGENT = auto()
    MEMBERSHIP = auto()


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn of one update.

    `person` is who takes the place; `places` how many updates of that person may wait beside the
    one in progress, any number if None. `expects_answer`: it must not go without one.
    """

    chat_id: int
    lane: Lane
    person: int | None = None
    places: int | None = None
    expects_answer: bool = False

    def __post_init__(self) -> None:
        if self.places is not None and self.places < 1:
            raise ValueError(f"{self.places} places let nobody wait")


def turn_of(update: Update, me: User, *, places: int) -> Turn | None:
    """Return the turn of `update` for the bot `me`, or None if it waits for nobody.

    `places` is for messages that speak to the bot.
    """
    chat, sender = update.effective_chat, update.effective_sender
    if chat is None:
        return None
    person = sender.id if sender is not None else None
    if update.callback_query is not None:
        return Turn(chat.id, Lane.BUTTONS, person, BUTTON_PLACES)
    if update.my_chat_member is not None:
        return Turn(chat.id, Lane.MEMBERSHIP)
    if update.message is None:
        return None
    if update.message.migrate_to_chat_id or update.message.migrate_from_chat_id:
        # The first questions in the supergroup wait until what the group had has moved there.
        return Turn(update.message.migrate_to_chat_id or chat.id, Lane.MESSAGES)
    if update.message.forum_topic_closed or update.message.forum_topic_reopened:
        return Turn(chat.id, Lane.MESSAGES)
    if not _speaks(update.message, me):
        return None
    said = addressed(update.message, me)
    if said is not None and said.command in URGENT_COMMANDS:
        return Turn(chat.id, Lane.URGENT, person, URGENT_PLACES, expects_answer=True)
    return Turn(chat.id, Lane.MESSAGES, person, places, expects_answer=True)


def _speaks(message: Message, me: User) -> bool:
    """Say whether a message is for the bot: in a private chat, even one without text."""
    if message.chat.type == "private":
        return bool(message.text or message.effective_attachment)
    return addressed(message, me) is not None


def turns_of(bot: Bot, *, places: int) -> Callable[[Update], Turn | None]:
    """Return :func:`turn_of` for a bot, which must be initialised before the first update."""

    def turn(update: Update) -> Turn | None:
        return turn_of(update, bot.bot, places=places)

    return turn
