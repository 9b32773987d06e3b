"""The queue of updates and its long poll, as the official server's ``do_get_updates``.

``offset`` confirms every update below it; a negative one keeps only so many from the end. A
request that has to wait terminates the one that was waiting. Two delays of the official server are
left out: the 3 s it holds a conflict back, and the 3 s it adds to a repeated request that would not
wait.
"""

import threading
import time
from collections import deque
from typing import Any

from tests.telegram_server.errors import ConnectionLostError, conflict

ALL_UPDATE_TYPES = frozenset(
    "message edited_message channel_post edited_channel_post inline_query chosen_inline_result "
    "callback_query shipping_query pre_checkout_query poll poll_answer my_chat_member chat_member "
    "chat_join_request chat_boost removed_chat_boost message_reaction message_reaction_count "
    "business_connection business_message edited_business_message deleted_business_messages "
    "purchased_paid_media managed_bot guest_message".split()
)
DEFAULT_UPDATE_TYPES = ALL_UPDATE_TYPES - {
    "chat_member",
    "message_reaction",
    "message_reaction_count",
}
FIRST_UPDATE_ID = 700_000_001
TERMINATED = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


Update = dict[str, Any]


class UpdateQueue:
    """Updates not yet confirmed. ``changed`` is the condition of the state that owns the queue.

    An update that is to come again stands apart: it is given out once, whatever the ``offset``, as
    after a bot died before it confirmed it.
    """

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._pending: deque[Update] = deque()
        self._again: deque[Update] = deque()
        self._known: dict[int, Update] = {}
        self._next_id = FIRST_UPDATE_ID
        self._poll = 0
        self.polled = 0  # requests that had to wait for an update, so far
        self._abort_error: Exception = ConnectionLostError()
        self.allowed = DEFAULT_UPDATE_TYPES

    def __len__(self) -> int:
        return len(self._pending) + len(self._again)

    def add(self, kind: str, content: dict[str, Any]) -> int | None:
        """Queue an update; return its id, or None if the bot did not ask for its type."""
        with self._changed:
            if kind not in self.allowed:
                return None
            update_id = self._next_id
            self._next_id += 1
            self._known[update_id] = {"update_id": update_id, kind: content}
            self._pending.append(self._known[update_id])
            self._changed.notify_all()
            return update_id

    def redeliver(self, update_id: int) -> None:
        """Give an update out once more. Raises ``KeyError`` for one that never was."""
        with self._changed:
            self._again.append(dict(self._known[update_id]))
            self._changed.notify_all()

    def waiting(self) -> list[Update]:
        """Return what a webhook still has to get, oldest first, repetitions before the rest."""
        return [*self._again, *self._pending]

    def remove(self, update: Update) -> None:
        """Forget an update that a webhook took."""
        with self._changed:
            for queue in (self._again, self._pending):
                for index, each in enumerate(queue):
                    if each is update:
                        del queue[index]
                        break
            self._changed.notify_all()

    def confirmed(self, update_id: int) -> bool:
        """Say whether a later ``offset`` has confirmed an update."""
        with self._changed:
            return all(update["update_id"] != update_id for update in self._pending)

    def drop_pending(self) -> None:
        """Forget every update not yet confirmed."""
        with self._changed:
            self._pending.clear()
            self._again.clear()

    def abort_poll(self, error: Exception) -> None:
        """End the waiting request, if any, with an error."""
        with self._changed:
            self._poll += 1
            self._abort_error = error
            self._changed.notify_all()

    def fetch(self, *, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """Return up to ``limit`` updates from ``offset`` on, waiting ``timeout`` s for the first.

        Raises ``ApiError`` 409 when another request takes the place of this one.
        """
        with self._changed:
            self._confirm(offset)
            self._changed.notify_all()
            if not len(self) and timeout > 0:
                self._wait(timeout)
            repeated = [self._again.popleft() for _ in range(min(limit, len(self._again)))]
            rest = min(limit - len(repeated), len(self._pending))
            return repeated + [self._pending[index] for index in range(rest)]

    def _confirm(self, offset: int) -> None:
        while offset < 0 and len(self._pending) > -offset:
            self._pending.popleft()
        while offset > 0 and self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()

    def _wait(self, timeout: float) -> None:
        self.abort_poll(conflict(TERMINATED))
        mine = self._poll
        self.polled += 1
        self._changed.notify_all()
        deadline = time.monotonic() + timeout
        while not len(self):
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return
            self._changed.wait(remaining)
            if self._poll != mine:
                raise self._abort_error
