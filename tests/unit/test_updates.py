"""Lanes: in order within one, none waits for another, whoever floods is told twice."""

import asyncio
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from bot.receiving.turns import Lane, Turn
from bot.receiving.updates import SHARES_PER_CHAT, ChatOrder


class Replies:
    def __init__(self) -> None:
        self.refused: list[int] = []
        self.readmitted: list[tuple[int, int]] = []

    async def refuse(self, update: Update) -> None:
        self.refused.append(update.update_id)

    async def readmit(self, update: Update, left_out: int) -> None:
        self.readmitted.append((update.update_id, left_out))


class Bench:
    """An order of updates whose processing a test lets go on, one at a time."""

    def __init__(self, turns: dict[int, Turn | None]) -> None:
        self.replies = Replies()
        self.done: list[int] = []
        self.started: list[int] = []
        self.order = ChatOrder(
            turn_of=lambda update: turns[update.update_id],
            overflow=self.replies,
            done=lambda update: self.done.append(update.update_id),
        )
        self._gates: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def give(self, *ids: int) -> None:
        for update_id in ids:
            coroutine = self._work(update_id)
            work = self.order.process_update(Update(update_id), coroutine)
            self._tasks[update_id] = asyncio.create_task(work)
        await self.settle()

    async def release(self, *ids: int) -> None:
        for update_id in ids:
            self._gates[update_id].set()
            await self.settle()

    async def release_all(self) -> None:
        while any(not task.done() for task in self._tasks.values()):
            await self.release(*list(self._tasks))

    @staticmethod
    async def settle() -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    async def _work(self, update_id: int) -> None:
        self.started.append(update_id)
        await self._gates[update_id].wait()


def of_chat(chat: int, person: int = 1, *, places: int = 2) -> Turn:
    return Turn(chat, Lane.MESSAGES, person, places, expects_answer=True)


def test_one_chat_is_in_order_and_holds_no_other_back() -> None:
    async def scenario() -> list[int]:
        bench = Bench({1: of_chat(10), 2: of_chat(10), 3: of_chat(20), 4: None})
        await bench.give(1, 2, 3, 4)
        assert bench.started == [1, 3, 4]
        await bench.release(1, 2, 3, 4)
        return bench.started

    assert asyncio.run(scenario()) == [1, 3, 4, 2]


def test_what_is_urgent_does_not_wait_for_the_answer_in_progress() -> None:
    async def scenario() -> list[int]:
        urgent = Turn(10, Lane.URGENT, 1, 5)
        bench = Bench({1: of_chat(10), 2: Turn(10, Lane.BUTTONS, 1, 5), 3: urgent})
        await bench.give(1, 2, 3)
        await bench.release_all()
        return bench.started

    assert asyncio.run(scenario()) == [1, 2, 3]


def test_who_floods_is_told_at_once_and_once_when_all_that_waited_is_done() -> None:
    async def scenario() -> Bench:
        bench = Bench({number: of_chat(10) for number in range(1, 12)})
        await bench.give(*range(1, 10))
        assert bench.replies.refused == [4]
        assert bench.done == [5, 6, 7, 8, 9]  # the first is kept until it is told of
        await bench.release(1)
        await bench.give(10)  # not before the others are answered
        await bench.release(2, 3)
        assert bench.replies.readmitted == [(4, 7)]
        assert bench.done[-1] == 4
        await bench.give(11)
        await bench.release(11)
        return bench

    bench = asyncio.run(scenario())
    assert bench.started == [1, 2, 3, 11]
    assert sorted(bench.done) == list(range(1, 12))


def test_one_person_s_flood_leaves_the_others_of_a_group_their_places() -> None:
    async def scenario() -> Bench:
        turns: dict[int, Turn | None] = {number: of_chat(10, 1) for number in range(1, 7)}
        bench = Bench({**turns, 7: of_chat(10, 2), 8: of_chat(10, 3)})
        await bench.give(*range(1, 9))
        await bench.release_all()
        return bench

    bench = asyncio.run(scenario())
    assert bench.started == [1, 2, 3, 7, 8]
    assert bench.replies.refused == [4]
    assert bench.replies.readmitted == [(4, 3)]


def test_a_crowd_in_one_group_is_refused_together() -> None:
    async def scenario() -> Bench:
        crowd = range(1, 31)
        bench = Bench({number: of_chat(10, number) for number in crowd})
        await bench.give(*crowd)
        await bench.release_all()
        return bench

    bench = asyncio.run(scenario())
    taken = 2 * SHARES_PER_CHAT + 1
    assert bench.started == list(range(1, taken + 1))
    assert bench.replies.refused == [taken + 1]
    assert bench.replies.readmitted == [(taken + 1, 30 - taken)]


def test_what_is_cancelled_is_not_done() -> None:
    async def scenario() -> list[int]:
        bench = Bench({1: of_chat(10), 2: of_chat(10)})
        await bench.give(1, 2)
        bench.order.cancel()
        await bench.settle()
        return bench.done

    assert asyncio.run(scenario()) == []


@pytest.mark.filterwarnings("error")
@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), max_size=40), st.data())
def test_each_update_is_processed_or_left_out_and_counted(
    whose: list[tuple[int, int]], data: st.DataObject
) -> None:
    async def scenario() -> Bench:
        ids = range(1, len(whose) + 1)
        bench = Bench({number: of_chat(*whose[number - 1]) for number in ids})
        for number in ids:
            await bench.give(number)
            if data.draw(st.booleans()) and bench.started:
                await bench.release(data.draw(st.sampled_from(bench.started)))
        await bench.release_all()
        return bench

    bench = asyncio.run(scenario())
    assert sorted(bench.done) == list(range(1, len(whose) + 1))
    left_out = sum(count for _, count in bench.replies.readmitted)
    assert len(bench.started) + left_out == len(whose)
    for chat in (1, 2, 3):
        of_this = [number for number in bench.started if whose[number - 1][0] == chat]
        assert of_this == sorted(of_this)
