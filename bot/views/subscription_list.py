"""Subscriptions in a list, with a button for each, in as many messages as they need. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.digests.subscription_changes import Press, Verb
from bot.digests.subscriptions import Subscription
from bot.texts import subscriptions as texts
from bot.views.messages import MAX_BUTTONS, Block, Button, Message
from bot.views.schedule_words import written_days, written_hours
from bot.views.subscription_view import in_words
from knowledge.chunks import chunks

_IN_A_ROW = 4
_LONGEST_SUBJECTS = 120  # characters of the words of one subscription


def subscription_list(
    listed: Sequence[tuple[Subscription, str]], page: Verb | None, *, closing: str | None = None
) -> tuple[Message, ...]:
    """Return a line for each subscription, with its place in words, and `closing` after them.

    A button opens the `page` of each, under the message that has its line; None gives no buttons.
    """
    messages: list[Message] = []
    block = Block(texts.CHOOSE_CANCEL if page is Verb.CANCEL_PAGE else texts.LIST_HEADING)
    buttons: list[Button] = []
    for line, button in _lines(listed, page, closing):
        longer = block.then(Block(line), "\n")
        if not longer.fits() or len(buttons) == MAX_BUTTONS:
            messages.append(_message(block, buttons))
            longer, buttons = Block(line), []
        block = longer
        if button is not None:
            buttons.append(button)
    return (*messages, _message(block, buttons))


def _lines(
    listed: Sequence[tuple[Subscription, str]], page: Verb | None, closing: str | None
) -> Iterator[tuple[str, Button | None]]:
    for subscription, where in listed:
        name, line = texts.LIST_BUTTON.format(subscription.id), _line(subscription, where)
        yield f"• {line}", Button(name, str(Press(subscription.id, page))) if page else None
    if closing is not None:
        yield closing, None


def _message(block: Block, buttons: Sequence[Button]) -> Message:
    return Message(block.text, keyboard=tuple(map(tuple, chunks(buttons, _IN_A_ROW))))


def _line(subscription: Subscription, where: str) -> str:
    chosen = subscription.preferences
    words = in_words(chosen.subjects.words, limit=_LONGEST_SUBJECTS)
    line = texts.LIST_LINE.format(
        id=subscription.id,
        where=where,
        days=written_days(chosen.days),
        hours=written_hours(chosen.hours),
        subjects=texts.LIST_SUBJECTS.format(words) if chosen.subjects.words else "",
    )
    return line + (texts.LIST_SUSPENDED if subscription.reason else "")
