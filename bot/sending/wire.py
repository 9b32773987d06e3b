"""Our messages in the library's types, and the ids of groups that changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, ReplyParameters

from bot.conversations import Place
from bot.last_kept import LastKept
from bot.views.messages import Keyboard, Message

_REMEMBERED = 10_000

OnMigrated = Callable[[int, int], Awaitable[None]]


class Migrations:
    """Which group became which supergroup, as far as this run has seen, and who wants to know."""

    def __init__(self) -> None:
        self._moved = LastKept[int, int](_REMEMBERED)
        self.hooks: list[OnMigrated] = []

    async def note(self, old: int, new: int) -> None:
        """Remember it and await the hooks, once."""
        if old == new or self._moved.get(old) == new:
            return
        self._moved[old] = new
        for hook in self.hooks:
            await hook(old, new)

    def current(self, place: Place) -> Place:
        """Return the place, or what its group became."""
        new = self._moved.get(place.chat_id)
        return place if new is None else Place(new, place.thread_id)


def entities_of(message: Message) -> list[MessageEntity]:
    """Return the message's entities."""
    return [
        MessageEntity(entity.type.value, entity.offset, entity.length, url=entity.url)
        for entity in message.entities
    ]


def markup_of(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Return the keyboard, None for none."""
    if not keyboard:
        return None
    rows = [
        [
            InlineKeyboardButton(button.text, callback_data=button.data, url=button.url)
            for button in row
        ]
        for row in keyboard
    ]
    return InlineKeyboardMarkup(rows)


def reply_of(message_id: int | None) -> ReplyParameters | None:
    """Return the reply to a message, which may be gone by then."""
    if message_id is None:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)
