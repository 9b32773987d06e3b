"""One thread, one job at a time, in order; full is refused, cancelled is told at once."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from bot.worker import QueueFullError, ShouldStop, Worker
from knowledge.errors import GenerationCancelledError
from tests.waiting import PATIENCE, until


@pytest.fixture
def worker() -> Iterator[Worker]:
    running = Worker(capacity=3, full="trop", stopping="fin")
    yield running
    assert running.close(timeout=PATIENCE)


def test_jobs_run_one_by_one_in_order_in_a_thread_of_their_own(worker: Worker) -> None:
    seen: list[tuple[int, str]] = []

    def job(number: int) -> int:
        seen.append((number, threading.current_thread().name))
        return number

    def numbered(number: int) -> Callable[[ShouldStop], int]:
        return lambda _: job(number)

    async def submit_all() -> list[int]:
        return await asyncio.gather(*(worker.run(numbered(number)) for number in range(3)))

    assert asyncio.run(submit_all()) == [0, 1, 2]
    assert seen == [(number, "sourcier-worker") for number in range(3)]


def test_an_error_belongs_to_whoever_asked_and_the_thread_goes_on(worker: Worker) -> None:
    def fails(_: ShouldStop) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(worker.run(fails))
    assert asyncio.run(worker.run(lambda _: 7)) == 7


def test_a_job_too_many_is_refused(worker: Worker) -> None:
    async def scenario() -> list[int | BaseException]:
        started, release = threading.Event(), threading.Event()

        def waits(_: ShouldStop) -> int:
            started.set()
            release.wait(PATIENCE)
            return 0

        running = asyncio.create_task(worker.run(waits))
        await asyncio.to_thread(started.wait, PATIENCE)
        waiting = [asyncio.create_task(worker.run(lambda _: 1)) for _ in range(4)]
        await until(lambda: worker.waiting == 3)
        release.set()
        return await asyncio.gather(running, *waiting, return_exceptions=True)

    *results, refused = asyncio.run(scenario())
    assert results == [0, 1, 1, 1]
    assert isinstance(refused, QueueFullError)
    assert refused.message == "trop"


def test_giving_up_tells_everyone_at_once_even_if_a_job_does_not_listen() -> None:
    worker = Worker(capacity=3, full="trop", stopping="fin")
    started, release = threading.Event(), threading.Event()
    done: list[str] = []

    def deaf(should_stop: ShouldStop) -> str:
        started.set()
        release.wait(PATIENCE)
        done.append(f"told: {should_stop()}")
        return "too late"

    async def scenario() -> list[BaseException | str]:
        tasks = [asyncio.create_task(worker.run(job)) for job in (deaf, lambda _: "never")]
        await asyncio.to_thread(started.wait, PATIENCE)
        worker.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        with pytest.raises(GenerationCancelledError):
            await worker.run(lambda _: "refused")
        return results

    results = asyncio.run(scenario())
    assert [type(result) for result in results] == [GenerationCancelledError] * 2
    assert [str(result) for result in results] == ["fin"] * 2
    assert not worker.close(timeout=0.01)
    release.set()
    assert worker.close(timeout=PATIENCE)
    assert done == ["told: True"]


def test_a_cancelled_caller_takes_its_job_back(worker: Worker) -> None:
    async def scenario() -> list[bool]:
        started, stopped = threading.Event(), threading.Event()
        ran: list[int] = []

        def listens(should_stop: ShouldStop) -> None:
            started.set()
            while not should_stop():
                stopped.wait(0.01)
            stopped.set()

        running = asyncio.create_task(worker.run(listens))
        await asyncio.to_thread(started.wait, PATIENCE)
        waiting = asyncio.create_task(worker.run(lambda _: ran.append(1)))
        await until(lambda: worker.waiting == 1)
        waiting.cancel()
        await until(lambda: worker.waiting == 0)
        running.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)
        told = await asyncio.to_thread(stopped.wait, PATIENCE)
        return [told, await worker.run(lambda _: ran == [])]

    assert asyncio.run(scenario()) == [True, True]


def test_each_job_is_told_its_place_and_whenever_it_moves(worker: Worker) -> None:
    async def scenario() -> list[list[int]]:
        started, release = threading.Event(), threading.Event()

        def waits(_: ShouldStop) -> None:
            started.set()
            release.wait(PATIENCE)

        places: list[list[int]] = [[], [], []]
        running = asyncio.create_task(worker.run(waits, on_place=places[0].append))
        await asyncio.to_thread(started.wait, PATIENCE)
        leaving = asyncio.create_task(worker.run(lambda _: None, on_place=places[1].append))
        staying = asyncio.create_task(worker.run(lambda _: None, on_place=places[2].append))
        await until(lambda: worker.waiting == 2)
        leaving.cancel()
        await until(lambda: worker.waiting == 1)
        release.set()
        await asyncio.gather(running, staying)
        await until(lambda: places[2][-1:] == [1])
        return places

    assert asyncio.run(scenario()) == [[1, 1], [2], [3, 2, 1]]
