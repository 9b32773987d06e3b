"""Chats under watch: what a test waits for and finds there."""

from collections.abc import Callable

from tests.telegram_server.model import Action, Chat, Draft, Message, Revision
from tests.telegram_server.state import State
from tests.waiting import PATIENCE

DEFAULT_TIMEOUT = PATIENCE  # seconds


class WaitTimeoutError(AssertionError):
    """What a test waited for did not happen in time."""


def wait_for(state: State, happened: Callable[[], bool], *, timeout: float, what: str) -> None:
    """Wait until ``happened()`` holds, looking again after every change of the state.

    Raises ``WaitTimeoutError`` naming ``what`` after ``timeout`` seconds.
    """
    with state.changed:
        if not state.changed.wait_for(happened, timeout):
            raise WaitTimeoutError(f"waited {timeout} s for {what}")


class ChatHandle:
    """A chat under watch. Each bot message is returned by one ``wait_for_messages`` only."""

    def __init__(self, state: State, chat: Chat) -> None:
        self._state = state
        self.chat = chat
        self._last_returned = 0

    @property
    def id(self) -> int:
        """Return the chat's id."""
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        """Return the messages not deleted, oldest first."""
        with self._state.changed:
            return [message for message in self.chat.messages.values() if not message.deleted]

    @property
    def bot_messages(self) -> list[Message]:
        """Return the bot's messages not deleted, oldest first."""
        return [message for message in self.messages if message.sender is self._state.bot]

    @property
    def actions(self) -> list[Action]:
        """Return the chat actions shown so far."""
        with self._state.changed:
            return list(self.chat.actions)

    @property
    def drafts(self) -> list[Draft]:
        """Return the drafts shown so far."""
        with self._state.changed:
            return list(self.chat.drafts)

    @property
    def visible_drafts(self) -> list[Draft]:
        """Return the drafts a reader sees now: the last of each id, until it fades."""
        now = self._state.clock.monotonic()
        last = {draft.draft_id: draft for draft in self.drafts}
        return [draft for draft in last.values() if draft.visible_until > now]

    def wait_for_messages(
        self, count: int = 1, timeout: float = DEFAULT_TIMEOUT, quiet: float = 0.0
    ) -> list[Message]:
        """Return the bot's messages since the last call, once there are ``count`` of them.

        With ``quiet``, further ones are awaited until so many seconds bring none.
        """
        wait_for(
            self._state,
            lambda: len(self._unreturned()) >= count,
            timeout=timeout,
            what=f"{count} bot messages in chat {self.id}",
        )
        while quiet and self._another(quiet):
            pass
        found = self._unreturned()
        self._last_returned = max([self._last_returned, *(each.message_id for each in found)])
        return found

    def stays_silent(self, seconds: float) -> bool:
        """Say whether the bot writes nothing for so many seconds."""
        return not self._another(seconds)

    def wait_for_action(
        self, name: str = "typing", timeout: float = DEFAULT_TIMEOUT, after: float = 0.0
    ) -> Action:
        """Return the first action of a name shown after a moment (monotonic seconds)."""

        def matching() -> list[Action]:
            return [each for each in self.actions if each.name == name and each.sent_at >= after]

        wait_for(self._state, lambda: bool(matching()), timeout=timeout, what=f"the action {name}")
        return matching()[0]

    def wait_for_edit(
        self, message: Message, count: int = 1, timeout: float = DEFAULT_TIMEOUT
    ) -> list[Revision]:
        """Return what a message showed before its edits, once there were ``count`` of them."""
        wait_for(
            self._state,
            lambda: len(message.revisions) >= count,
            timeout=timeout,
            what=f"{count} edits of message {message.message_id}",
        )
        return message.revisions

    def _unreturned(self) -> list[Message]:
        return [each for each in self.bot_messages if each.message_id > self._last_returned]

    def _another(self, seconds: float) -> bool:
        known = len(self.bot_messages)
        with self._state.changed:
            return self._state.changed.wait_for(lambda: len(self.bot_messages) > known, seconds)
