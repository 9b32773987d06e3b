"""Who stops what: one's own answers, running or waiting, and for an administrator anybody's."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from bot.conversations import Conversation, Place
from bot.running import AnswerStoppedError, RunningAnswers
from tests.waiting import until

GROUP = Place(-100, 7)
ALICE, BOB = Conversation(GROUP, 1), Conversation(GROUP, 2)
ELSEWHERE = Conversation(Place(-100, 8), 1)


async def forever() -> str:
    await asyncio.Event().wait()
    return "jamais"


async def at_once() -> str:
    return "fait"


def outcomes(
    *asked: tuple[Conversation, int], stopper: Conversation, at: int, everybody: bool = False
) -> list[object]:
    """Return how answers that run fare when somebody stops, those that go on cancelled by us."""

    async def scenario() -> list[object]:
        running = RunningAnswers()
        tasks = [
            asyncio.create_task(running.run(conversation, message_id, forever()))
            for conversation, message_id in asked
        ]
        await asyncio.sleep(0)
        stopped = running.stop(stopper, at, everybody=everybody)
        await until(lambda: len(running) == len(asked) - stopped)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert len(running) == 0
        return [type(each) for each in ended]

    return asyncio.run(scenario())


STOPPED, WENT_ON = AnswerStoppedError, asyncio.CancelledError


def test_a_person_stops_their_own_answer_in_that_place_and_nobody_elses() -> None:
    asked = (ALICE, 1), (BOB, 2), (ELSEWHERE, 3)
    assert outcomes(*asked, stopper=ALICE, at=9) == [STOPPED, WENT_ON, WENT_ON]


def test_an_administrator_stops_everybodys_in_that_place() -> None:
    asked = (ALICE, 1), (BOB, 2), (ELSEWHERE, 3)
    ended = outcomes(*asked, stopper=Conversation(GROUP, 9), at=9, everybody=True)
    assert ended == [STOPPED, STOPPED, WENT_ON]


def later(running: RunningAnswers, conversation: Conversation, message_id: int) -> str:
    work: Coroutine[Any, Any, str] = at_once()
    return asyncio.run(running.run(conversation, message_id, work))


def test_what_waited_for_its_turn_is_stopped_and_what_came_after_is_not() -> None:
    running = RunningAnswers()
    assert running.stop(ALICE, 5) == 0
    with pytest.raises(AnswerStoppedError):
        later(running, ALICE, 4)
    assert later(running, ALICE, 6) == "fait"
    assert later(running, BOB, 4) == "fait"
    running.stop(BOB, 7, everybody=True)
    with pytest.raises(AnswerStoppedError):
        later(running, ALICE, 6)


def test_an_error_of_the_work_is_the_callers() -> None:
    async def fails() -> str:
        raise ZeroDivisionError

    running = RunningAnswers()
    with pytest.raises(ZeroDivisionError):
        asyncio.run(running.run(ALICE, 1, fails()))
    assert len(running) == 0
