"""Which updates were taken and which are dealt with: none lost without a word, none done twice.

Telegram forgets an update as soon as the next ones are fetched, or as the webhook took it; what
was taken and not answered when the process is killed would be lost without a word. So the ids of
messages that expect an answer, never their words, are kept in a file until they are answered, and
the next start tells their authors. The other way round, Telegram gives again what was taken but
not confirmed, and a webhook's update whose answer got lost; so the ids of the last updates that
were dealt with are kept too. A set of them and no highest one: after a week without updates
Telegram goes on counting from anywhere (https://core.telegram.org/bots/api#update).

What is written survives kill -9 at once, and a power cut after :meth:`PendingMessages.sync`, which
is asked for before Telegram may forget. That an update is dealt with is not synced: after a power
cut its author may be told of an interruption that was none.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.conversations import Place
from knowledge.failures import french_reason

logger = logging.getLogger(__name__)

REMEMBERED = 10_000  # updates dealt with, whose ids are kept
_USELESS_LINES = 200  # beyond as many, the file is written anew when nothing is pending
_PRIVATE = 0o600  # chat ids are nobody else's business


@dataclass(frozen=True, slots=True)
class PendingMessage:
    """A message that was taken; ids only."""

    update_id: int
    place: Place
    message_id: int


class PendingMessages:
    """The file of taken updates; a file that cannot be written costs a warning, no answer.

    Lines of JSON: ``[update, chat, topic, message]`` was taken, ``[update]`` is dealt with,
    ``[first, last]`` are. For one thread, but for :meth:`sync`. Call :meth:`left_by_last_run`
    before anything else.
    """

    def __init__(self, path: Path, *, remembered: int = REMEMBERED) -> None:
        self._path = path
        self._remembered = remembered
        self._left: dict[int, PendingMessage] = {}
        self._open: dict[int, PendingMessage | None] = {}
        self._undelivered: set[int] = set()
        self._done: dict[int, None] = {}  # in order, as a set is not
        self._lines = self._useful = 0  # in the file now, and when it was last written anew
        self._warned = False

    def left_by_last_run(self) -> tuple[PendingMessage, ...]:
        """Return what an earlier run took and did not answer, in order, and keep it noted."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            text = ""
        lines = text.splitlines()
        for line in lines:
            self._read(line)
        self._lines = len(lines)
        if not text.endswith("\n"):
            self._write("\n")  # a line cut by a crash must not take the next one with it
        return tuple(self._left.values())

    def is_left(self, update_id: int) -> bool:
        """Say whether an earlier run left it and nothing was done about it since."""
        return update_id in self._left

    def is_new(self, update_id: int) -> bool:
        """Say whether this run has not taken it yet, nor any run dealt with it."""
        return update_id not in self._open and update_id not in self._done

    def begun(self, update_id: int) -> None:
        """Note that an update was taken that nobody expects an answer to, until it is done."""
        self._open[update_id] = None

    def taken(self, message: PendingMessage) -> None:
        """Note that a message was taken, which its author expects an answer to."""
        self._left.pop(message.update_id, None)
        self._open[message.update_id] = message
        self._append(_line_of(message))

    def undelivered(self, update_id: int) -> None:
        """Keep a message noted, although it is dealt with: its answer could not be sent."""
        self._undelivered.add(update_id)

    def answered(self, update_id: int) -> None:
        """Note that an update is dealt with, or its author told; unknown ids do no harm."""
        if update_id in self._undelivered:
            self._undelivered.discard(update_id)
            return
        if update_id not in self._open and update_id not in self._left:
            return
        self._open.pop(update_id, None)
        self._left.pop(update_id, None)
        self._remember(update_id)
        self._append([update_id])

    def sync(self) -> None:
        """Have all that was noted before this call outlive a power cut; any thread may call it."""
        try:
            handle = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return
        except OSError as error:
            self._warn(error)
            return
        try:
            os.fsync(handle)
        except OSError as error:
            self._warn(error)
        finally:
            os.close(handle)

    def _remember(self, update_id: int) -> None:
        self._done.pop(update_id, None)
        self._done[update_id] = None
        while len(self._done) > self._remembered:
            del self._done[next(iter(self._done))]

    def _read(self, line: str) -> None:
        try:
            match json.loads(line):
                case [int() as update]:
                    self._read_done(update, update)
                case [int() as first, int() as last] if last - first < self._remembered:
                    self._read_done(first, last)
                case [int() as update, int() as chat, int() | None as thread, int() as message]:
                    self._done.pop(update, None)
                    self._left[update] = PendingMessage(update, Place(chat, thread), message)
                case _:
                    raise ValueError  # noqa: TRY301 - as unreadable as what json refuses
        except (ValueError, RecursionError):  # the last line of a run that was killed may be cut
            logger.debug("Ligne illisible dans %s", self._path.name)

    def _read_done(self, first: int, last: int) -> None:
        for update in range(first, last + 1):
            self._left.pop(update, None)
            self._remember(update)

    def _append(self, values: list[int | None]) -> None:
        """Add a line; write the file anew instead if most of it is of no more use."""
        self._lines += 1
        useless = self._lines > 2 * self._remembered
        idle = not (self._left or self._open)
        useless |= idle and self._lines > _USELESS_LINES + 2 * self._useful
        if useless:
            self._compact()
        else:
            self._write(json.dumps(values) + "\n")

    def _compact(self) -> None:
        lines = [f"[{first}, {last}]\n" for first, last in _ranges(self._done)]
        waiting = (*self._left.values(), *self._open.values())
        lines += [json.dumps(_line_of(each)) + "\n" for each in waiting if each is not None]
        fresh = self._path.with_suffix(".new")
        try:
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            self._warn(error)
        self._lines = self._useful = len(lines)

    def _write(self, text: str) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _PRIVATE)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            self._warn(error)

    def _warn(self, error: OSError) -> None:
        if not self._warned:
            self._warned = True
            logger.warning("%s : écriture impossible (%s).", self._path.name, french_reason(error))


def _line_of(message: PendingMessage) -> list[int | None]:
    place = message.place
    return [message.update_id, place.chat_id, place.thread_id, message.message_id]


def _ranges(ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of successive ids, from the lowest on, as first and last."""
    ordered = sorted(ids)
    starts = [at for at, each in enumerate(ordered) if at == 0 or each != ordered[at - 1] + 1]
    for start, end in zip(starts, [*starts[1:], len(ordered)], strict=True):
        yield ordered[start], ordered[end - 1]
