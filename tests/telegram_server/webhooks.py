"""The sender of webhooks: updates go by POST to the address of setWebhook.

After the official server's ``WebhookActor``: the updates of a chat go one after another, those of
different chats side by side up to ``max_connections``; a status outside 2xx, or no answer, brings
the update again, at once the first time, then after delays that double (or the ``Retry-After`` of
the answer); an answer may carry a method to call. Posts go to addresses of the loopback interface
and nowhere else: a webhook elsewhere is stored and never called.
"""

import contextlib
import http.client
import json
import threading
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tests.telegram_server.bodies import read_body
from tests.telegram_server.dispatch import Dispatcher
from tests.telegram_server.errors import ApiError, ConnectionLostError
from tests.telegram_server.state import State, Webhook
from tests.telegram_server.updates import Update
from tests.telegram_server.urls import is_called

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_NOT_BY_ANSWER = ("setwebhook", "deletewebhook", "close", "logout")


@dataclass(slots=True)
class WebhookTiming:
    """Real seconds: the delay that doubles from the second retry on, its end, the time limit."""

    first_delay: float = 0.1
    longest_delay: float = 60.0
    timeout: float = 60.0


@dataclass(slots=True)
class _Attempt:
    """The state of an update that was tried."""

    next_at: float = 0.0
    delay: float = 0.0
    failures: int = 0
    under_way: bool = False


class WebhookError(Exception):
    """A post that brought no 2xx; ``retry_after`` is what the answer asked for, in seconds."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class WebhookSender:
    """Delivers the queue of updates while a webhook is set; one thread decides, others post."""

    def __init__(self, state: State, dispatcher: Dispatcher) -> None:
        self._state = state
        self._dispatcher = dispatcher
        self.timing = WebhookTiming()
        self.most_at_once = 0
        self._attempts: dict[int, _Attempt] = {}
        self._idle: list[tuple[str, http.client.HTTPConnection]] = []
        self._closed = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch the queue."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop for good; posts under way are left to end by themselves."""
        with self._state.changed:
            self._closed = True
            self._state.webhook_wanted.set()
            self._state.changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._closed:
            self._state.webhook_wanted.wait()
            with self._state.changed:
                self._step()

    def _step(self) -> None:
        """Begin one post, or wait for something to change."""
        hook = self._state.webhook
        if self._closed or hook is None:
            return
        update, wake_at = self._next(hook) if is_called(hook.url) else (None, None)
        if update is None:
            self._state.changed.wait(None if wake_at is None else wake_at - time.monotonic())
            return
        self._attempts.setdefault(id(update), _Attempt()).under_way = True
        threading.Thread(target=self._deliver, args=(hook, update), daemon=True).start()

    def _next(self, hook: Webhook) -> tuple[Update | None, float | None]:
        """Return the update to post now, or when to look again (None: after the next change)."""
        at_once = sum(each.under_way for each in self._attempts.values())
        self.most_at_once = max(self.most_at_once, at_once)
        if at_once >= hook.max_connections:
            return None, None
        now, wake_at = time.monotonic(), None
        passed: set[tuple[str, int]] = set()
        for update in self._state.updates.waiting():
            key = _queue_of(update)
            if key in passed:
                continue
            passed.add(key)
            attempt = self._attempts.get(id(update), _Attempt())
            if attempt.under_way:
                continue
            if attempt.next_at <= now:
                return update, None
            wake_at = attempt.next_at if wake_at is None else min(wake_at, attempt.next_at)
        return None, wake_at

    def _deliver(self, hook: Webhook, update: Update) -> None:
        try:
            answer = self._post(hook, update)
        except WebhookError as error:
            self._failed(hook, update, error)
            return
        with self._state.changed:
            self._attempts.pop(id(update), None)
            self._state.updates.remove(update)
        self._obey(answer)

    def _failed(self, hook: Webhook, update: Update, error: WebhookError) -> None:
        with self._state.changed:
            if self._state.webhook is hook:  # neither deleted nor set again meanwhile
                self._state.webhook_error = (self._state.now(), str(error))
            attempt = self._attempts[id(update)]
            delay = error.retry_after
            if not delay and attempt.failures:
                doubled = 2 * attempt.delay or self.timing.first_delay
                delay = attempt.delay = min(doubled, self.timing.longest_delay)
            attempt.failures += 1
            attempt.next_at = time.monotonic() + delay
            attempt.under_way = False
            if all(each is not update for each in self._state.updates.waiting()):
                del self._attempts[id(update)]  # dropped meanwhile
            self._state.changed.notify_all()

    def _post(self, hook: Webhook, update: Update) -> tuple[str, bytes]:
        """Return content type and body of a 2xx answer. Raises ``WebhookError``."""
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}
        if hook.secret_token:
            headers[SECRET_HEADER] = hook.secret_token
        url = urlsplit(hook.url)
        target = url.path or "/"
        connection = self._connection(url)
        try:
            connection.request(
                "POST",
                f"{target}?{url.query}" if url.query else target,
                json.dumps(update).encode(),
                headers,
            )
            response = connection.getresponse()
            body = response.read()
        except TimeoutError as error:
            connection.close()
            raise WebhookError("Read timeout expired") from error
        except ConnectionRefusedError as error:
            raise WebhookError("Connection refused") from error
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise WebhookError("Webhook connection closed") from error
        if response.will_close:
            connection.close()
        else:
            self._idle.append((url.netloc, connection))
        if not 200 <= response.status <= 299:
            wording = f"Wrong response from the webhook: {response.status} {response.reason}"
            raise WebhookError(wording, _seconds(response.getheader("Retry-After", "")))
        return response.getheader("Content-Type", ""), body

    def _connection(self, url: SplitResult) -> http.client.HTTPConnection:
        while self._idle:
            try:
                netloc, connection = self._idle.pop()
            except IndexError:
                break
            if netloc == url.netloc and connection.sock is not None:
                return connection
            connection.close()
        host, port = url.hostname or "", url.port or 80
        return http.client.HTTPConnection(host, port, timeout=self.timing.timeout)

    def _obey(self, answer: tuple[str, bytes]) -> None:
        """Call the method an answer names, as the official server does; its result is lost."""
        try:
            values, files = read_body("", *answer)
        except ApiError:
            return
        name = values.pop("method", "")
        if name and name.lower() not in _NOT_BY_ANSWER and not name.lower().startswith("get"):
            with contextlib.suppress(ConnectionLostError):
                self._dispatcher.answer(name, values, files)


def _queue_of(update: Update) -> tuple[str, int]:
    """Return what an update waits its turn behind: the chat of messages, the user of the rest."""
    kind, content = next((name, each) for name, each in update.items() if name != "update_id")
    if "message_id" in content:
        return "chat", content["chat"]["id"]
    return kind, content["from"]["id"]


def _seconds(value: str) -> float:
    return min(float(value), 3600.0) if value.isascii() and value.isdigit() else 0.0
