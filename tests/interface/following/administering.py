"""A bot that follows sources, and what its administrator says to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from knowledge.feeds.types import Feed, FeedKind, FeedState, feed_id
from tests.interface.running_bot import RunningBot
from tests.telegram_server import Message, UserHandle

NOW = datetime.now(UTC).replace(microsecond=0)


class Start(Protocol):
    """Makes a bot that `chief` and `others` administer, with these settings."""

    def __call__(self, *others: UserHandle, **values: Any) -> RunningBot: ...


def told(user: UserHandle, text: str) -> Message:
    said = user.say(text)
    [answer] = user.private_chat().wait_for_messages()
    assert answer.reply_to == said
    return answer


def press(user: UserHandle, message: Message, button: str) -> None:
    edits = len(message.revisions)
    user.press(message, button)
    user.private_chat().wait_for_edit(message, edits + 1)


def followed(number: int, **values: object) -> Feed:
    url = f"https://flux.test/{number}"
    return replace(
        Feed(
            id=feed_id(url),
            url=url,
            kind=FeedKind.FEED,
            state=FeedState.ACTIVE,
            added_at=NOW,
            next_visit_at=NOW + timedelta(minutes=12),
            title=f"Flux {number}",
        ),
        **values,  # type: ignore[arg-type]  # fields by name
    )
