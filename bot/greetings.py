"""Which groups were just greeted: a link that adds the bot brings two updates, and one greeting."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.last_kept import LastKept

JUST_NOW = timedelta(minutes=1)
_MOST = 1000


class Greetings:
    """The groups greeted within the last minute. For use in one thread; in memory only."""

    def __init__(self) -> None:
        self._at = LastKept[int, datetime](_MOST)

    def claim(self, chat_id: int, *, now: datetime) -> bool:
        """Return whether a chat is to be greeted; until a minute has passed, once."""
        before = self._at.get(chat_id)
        if before is not None and abs(now - before) < JUST_NOW:
            return False
        self._at[chat_id] = now
        return True
