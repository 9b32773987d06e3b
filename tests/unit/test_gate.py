"""The gate: first come, first served, and no wait that is known to be too long."""

import asyncio
import time

from bot.sending.gate import Gate
from bot.sending.pacing import Limits, Pacing, Traffic

QUICK = Limits(chat_burst=1, chat_seconds=0.05, group_seconds=1.0, overall_seconds=0.1)


def test_those_of_a_chat_go_in_the_order_in_which_they_came() -> None:
    went: list[int] = []

    async def run() -> None:
        gate = Gate(Pacing(QUICK))

        async def one(number: int) -> None:
            assert await gate.passed(7, Traffic.ANSWER, patience=30)
            went.append(number)

        await asyncio.gather(*(one(number) for number in range(6)))

    started = time.monotonic()
    asyncio.run(run())
    assert went == [0, 1, 2, 3, 4, 5]
    assert time.monotonic() - started >= 0.25


def test_chats_go_in_the_order_in_which_they_came_when_there_is_too_much_of_all() -> None:
    went: list[int] = []

    async def run() -> None:
        gate = Gate(Pacing(QUICK))

        async def one(number: int) -> None:
            assert await gate.passed(number, Traffic.BULK, patience=30)
            went.append(number)

        await asyncio.gather(*(one(number) for number in range(1, 80)))

    started = time.monotonic()
    asyncio.run(run())
    assert went == list(range(1, 80))
    assert time.monotonic() - started >= 0.3  # 25 in 0.1 s


def test_a_wait_that_is_too_long_is_not_begun() -> None:
    async def run() -> tuple[bool, bool]:
        gate = Gate()
        gate.retry_after(7, 3600.0)
        held = await gate.passed(7, Traffic.ANSWER, patience=600)
        return held, await gate.passed(8, Traffic.ANSWER, patience=600)

    started = time.monotonic()
    assert asyncio.run(run()) == (False, True)
    assert time.monotonic() - started < 60  # well below its patience


def test_a_chat_held_while_its_message_waits_for_room_waits_on_and_blocks_nobody() -> None:
    went: list[int] = []

    async def run() -> None:
        gate = Gate(Pacing(QUICK))

        async def one(number: int) -> None:
            assert await gate.passed(number, Traffic.BULK, patience=30)
            went.append(number)

        tasks = [asyncio.create_task(one(number)) for number in range(1, 30)]
        await asyncio.sleep(0)
        gate.retry_after(27, 2.0)
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert went[-1] == 27
    assert sorted(went) == list(range(1, 30))


def test_a_waiter_that_is_cancelled_leaves_the_gate_open() -> None:
    async def run() -> None:
        gate = Gate(Pacing(QUICK))
        assert await gate.passed(7, Traffic.ANSWER, patience=1)
        waiting = asyncio.create_task(gate.passed(7, Traffic.ANSWER, patience=1))
        await asyncio.sleep(0)
        assert not gate.draft(7)  # a message waits: what would come before it is dropped
        waiting.cancel()
        await asyncio.wait([waiting])
        assert await gate.passed(7, Traffic.ANSWER, patience=1)
        assert gate.draft(7)

    asyncio.run(run())


def test_a_lone_message_pays_next_to_nothing() -> None:
    async def run() -> float:
        gate = Gate()
        started = time.thread_time()
        for chat_id in range(1, 21):
            assert await gate.passed(chat_id, Traffic.ANSWER, patience=1)
        return (time.thread_time() - started) / 20

    assert asyncio.run(run()) < 0.002
