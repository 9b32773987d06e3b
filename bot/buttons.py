"""The buttons under an answer: what they send, and what a press may mean. Pure.

What comes back is a client's to choose: :func:`read_press` takes only what these buttons send,
and what it names is looked up in what that message was recorded to show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.texts import buttons as texts
from bot.views.messages import Button, Keyboard
from knowledge.chunks import chunks

CONTEXT, VOTE = "ctx", "vote"
USEFUL, USELESS = 1, -1
PATTERN = rf"^(?:{CONTEXT}|{VOTE}):"

_IN_ROW = 4
_PRESS = re.compile(rf"{CONTEXT}:(?P<number>[1-9][0-9]{{0,2}})|{VOTE}:(?P<sign>[+-])", re.ASCII)


@dataclass(frozen=True, slots=True)
class ContextPress:
    """Somebody wants to see what stands around the quotation of this number."""

    number: int


@dataclass(frozen=True, slots=True)
class VotePress:
    """Somebody finds the answer useful (1) or not (-1)."""

    vote: int


Press = ContextPress | VotePress


def answer_keyboard(numbers: Sequence[int], *, alone: bool, votes: bool) -> Keyboard:
    """Return the buttons of a message that shows these quotations of an answer.

    `alone`: the answer has one quotation, which needs no number. With `votes`, this is the last
    message of the answer.
    """
    contexts = [
        Button(
            texts.CONTEXT if alone else texts.CONTEXT_OF.format(number=number),
            f"{CONTEXT}:{number}",
        )
        for number in numbers
    ]
    ballot = (
        (Button(texts.USEFUL, f"{VOTE}:+"), Button(texts.USELESS, f"{VOTE}:-")) if votes else ()
    )
    if len(contexts) == 1:
        return ((contexts[0], *ballot),)
    rows = [tuple(row) for row in chunks(contexts, _IN_ROW)]
    return tuple(row for row in (*rows, ballot) if row)


def read_press(data: object) -> Press | None:
    """Return what a press means, None if no button of ours sends such data."""
    match = _PRESS.fullmatch(data) if isinstance(data, str) else None
    if match is None:
        return None
    if match["number"]:
        return ContextPress(int(match["number"]))
    return VotePress(USEFUL if match["sign"] == "+" else USELESS)
