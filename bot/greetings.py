"""Which groups were just greeted: a link that adds the bot brings two updates, and one greeting."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

JUST_NOW = timedelta(minutes=1)
_MOST = 1000


class Greetings:
    """The groups greeted within the last minute. For use in one thread; in memory only."""

    def __init__(self) -> None:
        self._at: OrderedDict[int, datetime] = OrderedDict()

    def claim(self, chat_id: int, *, now: datetime) -> bool:
        """Return whether a chat is to be greeted; until a minute has passed, once."""
        before = self._at.get(chat_id)
        if before is not None and abs(now - before) < JUST_NOW:
            return False
        self._at[chat_id] = now
        self._at.move_to_end(chat_id)
        while len(self._at) > _MOST:
            self._at.popitem(last=False)
        return True
