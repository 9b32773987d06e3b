"""The server as a test starts it."""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from tests.telegram_server.clock import Clock
from tests.telegram_server.dispatch import Call, Dispatcher
from tests.telegram_server.faults import Faults
from tests.telegram_server.flood import FloodControl, FloodLimits
from tests.telegram_server.handles import (
    DEFAULT_TIMEOUT,
    ChatHandle,
    GroupHandle,
    UserHandle,
    wait_for,
)
from tests.telegram_server.leniency import Leniency
from tests.telegram_server.methods.commands import commands_shown
from tests.telegram_server.model import CallbackQuery, Chat, ChatKind, Message
from tests.telegram_server.network import HOST, Network
from tests.telegram_server.state import State
from tests.telegram_server.webhooks import WebhookSender

TOKEN = "123456789:TEST_token-of-the-local-server_00000"


class EmulatorDefectError(AssertionError):
    """The emulator itself failed while it served a call."""


class TelegramServer:
    """A Bot API server for one bot, on a port of the loopback interface, any free one by default.

    A context manager: it listens from the beginning of the ``with`` to its end.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "sourcier_test_bot",
        lenient: Iterable[Leniency] = (),
        clock: Clock | None = None,
        port: int = 0,
    ) -> None:
        self.token = token
        self.state = State(token, username=username, lenient=lenient, clock=clock)
        if Leniency.FLOOD in self.state.lenient:
            self.state.flood.enabled = False
        self.faults = Faults()
        self._dispatcher = Dispatcher(self.state, self.faults)
        self._network = Network(self.state, self._dispatcher, port)
        self._webhooks = WebhookSender(self.state, self._dispatcher)
        self._handles: dict[int, ChatHandle] = {}
        self._polls_known = 0

    def __enter__(self) -> Self:
        self._network.up()
        self._webhooks.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._webhooks.close()
        self._network.close()
        if self._dispatcher.internal_errors and error is None:
            raise EmulatorDefectError("\n".join(self._dispatcher.internal_errors))

    @property
    def url(self) -> str:
        """Return the address to put before ``/bot<token>/<method>``."""
        return f"http://{HOST}:{self._network.port}"

    @property
    def base_url(self) -> str:
        """Return what python-telegram-bot takes as ``base_url``."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """Return what python-telegram-bot takes as ``base_file_url``."""
        return f"{self.url}/file/bot"

    @property
    def limits(self) -> FloodLimits:
        """Return the flood limits in force; assign to its fields to change them."""
        return self.state.flood.limits

    @property
    def flood(self) -> FloodControl:
        """Return flood control: its ``tally`` of what was accepted, its ``violations``."""
        return self.state.flood

    @property
    def webhooks(self) -> WebhookSender:
        """Return the sender of webhooks; its ``timing`` may be changed."""
        return self._webhooks

    @property
    def calls(self) -> list[Call]:
        """Return every call received so far, in order."""
        with self.state.changed:
            return list(self._dispatcher.calls)

    @property
    def refusals(self) -> list[str]:
        """Return the descriptions of every error answered so far, in order."""
        return [
            call.response["description"]
            for call in self.calls
            if call.response is not None and call.refused
        ]

    def calls_of(self, method: str) -> list[Call]:
        """Return the calls of a method, in order."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def wait_for_calls(
        self, method: str, count: int = 1, timeout: float = DEFAULT_TIMEOUT
    ) -> list[Call]:
        """Return the calls of a method once there are ``count`` of them, answered or not.

        What they do may be still to come: ``wait_for_answers`` waits for that.
        """
        wait_for(
            self.state,
            lambda: self._dispatcher.counts[method.lower()] >= count,
            timeout=timeout,
            what=f"{count} calls of {method}",
        )
        return self.calls_of(method)

    def wait_for_answers(
        self, method: str, count: int = 1, timeout: float = DEFAULT_TIMEOUT
    ) -> list[Call]:
        """Return the answered calls of a method once there are ``count``, refusals among them."""

        def answered() -> list[Call]:
            return [call for call in self.calls_of(method) if call.answered_at is not None]

        wait_for(
            self.state,
            lambda: len(answered()) >= count,
            timeout=timeout,
            what=f"{count} answers to {method}",
        )
        return answered()

    def wait_for_poll(self) -> None:
        """Wait until a poll waits for an update, or one has waited since the last call."""
        known, updates = self._polls_known, self.state.updates
        wait_for(
            self.state,
            lambda: updates.polled > known,
            timeout=DEFAULT_TIMEOUT,
            what="a poll that waits",
        )
        self._polls_known = updates.polled

    def wait_until_confirmed(self, timeout: float = DEFAULT_TIMEOUT) -> None:
        """Wait until the bot has confirmed every update."""
        wait_for(
            self.state,
            lambda: len(self.state.updates) == 0,
            timeout=timeout,
            what="the confirmation of all updates",
        )

    def commands_shown(
        self, user: UserHandle, chat: ChatHandle | None = None
    ) -> list[dict[str, str]]:
        """Return the commands a client shows somebody, in the private chat by default."""
        with self.state.changed:
            return commands_shown(self.state, user.user, (chat or user.private_chat()).chat)

    def redeliver(self, happened: Message | CallbackQuery | int) -> None:
        """Give an update out once more, confirmed or not, by polling or webhook.

        It is named by the message or button press it tells of, or by its ``update_id``. Raises
        ``ValueError`` for what brought no update.
        """
        update_id = happened if isinstance(happened, int) else happened.update_id
        if update_id is None:
            raise ValueError("nothing was delivered to the bot")
        self.state.updates.redeliver(update_id)

    def user(
        self,
        first_name: str = "Alice",
        *,
        last_name: str = "",
        username: str = "",
        language_code: str = "fr",
        hides_forwards: bool = False,
        started: bool = False,
    ) -> UserHandle:
        """Return a new person; forwards of one who hides them name no account.

        With ``started`` the private chat is open already, without an update.
        """
        user = self.state.add_user(
            first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
            hides_forwards=hides_forwards,
        )
        if started:
            self.state.private_chat(user).started = True
        return UserHandle(self.state, user, self._handle_of)

    def group(
        self,
        title: str = "Un groupe",
        *,
        kind: ChatKind = "supergroup",
        username: str = "",
    ) -> GroupHandle:
        """Return a new group, supergroup or channel; the bot is not in it yet."""
        chat = self.state.add_group(kind, title, username=username)
        handle = GroupHandle(self.state, chat)
        self._handles[chat.id] = handle
        return handle

    def drop_connections(self) -> None:
        """Break every open connection; new ones are accepted."""
        self._network.drop_connections()

    def refuse_connections(self, seconds: float | None = None) -> None:
        """Go off the network, for so many seconds or until ``accept_connections``."""
        self._network.down(seconds)

    def accept_connections(self) -> None:
        """Come back on the same port."""
        self._network.up()

    def _handle_of(self, chat: Chat) -> ChatHandle:
        with self.state.changed:
            return self._handles.setdefault(chat.id, ChatHandle(self.state, chat))
