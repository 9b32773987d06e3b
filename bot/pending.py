"""Which messages were taken and not yet answered, so that a crash is not silent.

Telegram forgets an update as soon as the next ones are fetched; what was fetched and not answered
when the process is killed would be lost without a word. So the ids of such messages, never their
words, are kept in a file until they are answered, and the next start tells their authors.
The file survives kill -9, not a power cut: it is not synced to the disk.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.conversations import Place
from knowledge.failures import french_reason

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PendingMessage:
    """A message that was taken; ids only."""

    update_id: int
    place: Place
    message_id: int


class PendingMessages:
    """The file of taken messages; a file that cannot be written costs a warning, no answer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: dict[int, PendingMessage] = {}
        self._undelivered: set[int] = set()
        self._warned = False

    def left_by_last_run(self) -> tuple[PendingMessage, ...]:
        """Return what an earlier run took and did not answer, in order, and keep it noted."""
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            lines = []
        for line in lines:
            self._read(line)
        return tuple(self._open.values())

    def taken(self, message: PendingMessage) -> None:
        """Note that a message was taken."""
        self._open[message.update_id] = message
        place = message.place
        self._append([message.update_id, place.chat_id, place.thread_id, message.message_id])

    def undelivered(self, update_id: int) -> None:
        """Keep a message noted, although it is dealt with: its answer could not be sent."""
        self._undelivered.add(update_id)

    def answered(self, update_id: int) -> None:
        """Note that a message was answered, or its author told; unknown ids do no harm."""
        if update_id in self._undelivered:
            self._undelivered.discard(update_id)
            return
        if self._open.pop(update_id, None) is None:
            return
        if self._open:
            self._append([update_id])
        else:
            self._write("", mode="w")

    def _read(self, line: str) -> None:
        try:
            found: Any = json.loads(line)
            update, *message = found
            if message:
                chat, thread, message_id = message
                self._open[update] = PendingMessage(update, Place(chat, thread), message_id)
            else:
                self._open.pop(update, None)
        except (ValueError, TypeError):  # the last line of a run that was killed may be cut
            logger.debug("Ligne illisible dans %s", self._path.name)

    def _append(self, values: list[int | None]) -> None:
        self._write(json.dumps(values) + "\n", mode="a")

    def _write(self, text: str, *, mode: str) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open(mode, encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            if not self._warned:
                self._warned = True
                logger.warning(
                    "%s : écriture impossible (%s).", self._path.name, french_reason(error)
                )
