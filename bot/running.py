"""The answers being prepared, so that they can be stopped. For use in one event loop.

Whoever asked may stop: the answer that runs, and what they asked before and still waits for its
turn. Questions wait in the order in which they were written, so that a message id tells them from
those written after the stop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.conversations import Conversation, Place
from bot.last_kept import LastKept

Result = TypeVar("Result")

_MOST_STOPS = 1000


class AnswerStoppedError(Exception):
    """Somebody stopped the answer; not an error of the bot's."""


@dataclass(slots=True, eq=False)
class _Answering:
    conversation: Conversation
    task: asyncio.Task[Any]
    stopped: bool = False


class RunningAnswers:
    """Runs the preparation of answers, and stops it."""

    def __init__(self) -> None:
        self._running: list[_Answering] = []
        # Up to which message what was asked there is stopped; None stands for everybody.
        self._stops = LastKept[tuple[Place, int | None], int](_MOST_STOPS)

    def __len__(self) -> int:
        return len(self._running)

    async def run(
        self, conversation: Conversation, message_id: int, work: Coroutine[Any, Any, Result]
    ) -> Result:
        """Return what `work`, the answer to a message of the conversation, returns.

        Raises:
            AnswerStoppedError: it was stopped, perhaps before it began.
        """
        if self._is_stopped(conversation, message_id):
            work.close()
            raise AnswerStoppedError
        answering = _Answering(conversation, asyncio.create_task(work))
        self._running.append(answering)
        try:
            result: Result = await answering.task
        except asyncio.CancelledError:
            if answering.stopped:
                raise AnswerStoppedError from None
            raise
        else:
            return result
        finally:
            self._running.remove(answering)

    def stop(self, conversation: Conversation, message_id: int, *, everybody: bool = False) -> int:
        """Stop what the conversation's person, or `everybody`, asked there before a message.

        Return how many answers were running; those that wait end when their turn comes.
        """
        place = conversation.place
        who = None if everybody else conversation.person
        self._note((place, who), message_id)
        stopped = 0
        for answering in self._running:
            mine = answering.conversation == conversation
            if mine or (everybody and answering.conversation.place == place):
                answering.stopped = True
                answering.task.cancel()
                stopped += 1
        return stopped

    def _note(self, who: tuple[Place, int | None], message_id: int) -> None:
        self._stops[who] = max(message_id, self._stops.get(who, message_id))

    def _is_stopped(self, conversation: Conversation, message_id: int) -> bool:
        place = conversation.place
        return any(
            message_id < self._stops.get((place, who), message_id)
            for who in (conversation.person, None)
        )
