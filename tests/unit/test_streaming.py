"""States of an answer: the latest is shown, at a pace, none after the end, prose before quotes."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
from telegram.error import TelegramError

from bot import texts
from bot.streaming import LiveText, ProgressView, in_loop, reading_text
from knowledge.progress import Reading
from knowledge.types import Claim
from tests.answers import POOL_COST, POOL_OPENS, POOL_PROMISE, article, cite
from tests.waiting import until

POOL = article()


class FakeScreen:
    """Notes what it is given and when; drops or refuses what a test tells it to."""

    def __init__(
        self, *, after: float = 0.0, pause: float = 0.05, repeated: float | None = None
    ) -> None:
        self.after, self.pause, self.repeated = after, pause, repeated
        self.again = 0.05
        self.ends: float | None = None
        self.seen: list[tuple[str, float]] = []
        self.outcomes: list[bool | Exception] = []
        self.takes = 0.0
        self.asked: list[str] = []
        self.message_id: int | None = None

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.seen]

    async def show(self, text: str) -> bool:
        self.asked.append(text)
        await asyncio.sleep(self.takes)
        self.seen.append((text, time.monotonic()))
        outcome = self.outcomes.pop(0) if self.outcomes else True
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def live(screen: FakeScreen, scenario: Callable[[LiveText], Awaitable[None]]) -> None:
    async def run() -> None:
        async with LiveText(screen) as shown:
            await scenario(shown)

    asyncio.run(run())


def test_the_latest_text_is_shown_and_the_pace_kept() -> None:
    screen = FakeScreen(pause=0.1)

    async def scenario(shown: LiveText) -> None:
        for text in ("a", "b", "b"):
            shown.show(text)
        await until(lambda: screen.texts == ["b"])
        shown.show("c")
        shown.show("d")
        await until(lambda: screen.texts[1:])

    live(screen, scenario)
    assert screen.texts == ["b", "d"]
    (_, first), (_, second) = screen.seen
    assert second - first >= 0.1


def test_what_ends_soon_shows_nothing() -> None:
    screen = FakeScreen(after=60.0)

    async def scenario(shown: LiveText) -> None:
        shown.show("a")
        await asyncio.sleep(0.02)
        assert await shown.end() is None

    live(screen, scenario)
    assert screen.seen == []


def test_what_was_dropped_is_shown_later_unless_something_newer_is() -> None:
    screen = FakeScreen()
    screen.again = 1.0
    screen.outcomes = [False, False]

    async def scenario(shown: LiveText) -> None:
        shown.show("a")
        await until(lambda: screen.texts == ["a", "a"])
        shown.show("b")
        await until(lambda: screen.texts[2:])

    live(screen, scenario)
    assert screen.texts == ["a", "a", "b"]


def test_a_state_that_fades_is_shown_again() -> None:
    screen = FakeScreen(pause=0.0, repeated=0.1)

    async def scenario(shown: LiveText) -> None:
        shown.show("a")
        await until(lambda: len(screen.seen) == 3)

    live(screen, scenario)
    assert set(screen.texts) == {"a"}
    moments = [moment for _, moment in screen.seen]
    assert all(after - before >= 0.1 for before, after in pairwise(moments))


def test_an_error_of_telegrams_costs_one_state() -> None:
    screen = FakeScreen()
    screen.outcomes = [TelegramError("non")]

    async def scenario(shown: LiveText) -> None:
        shown.show("a")
        await until(lambda: screen.texts == ["a"])
        shown.show("b")
        await until(lambda: screen.texts[1:])

    live(screen, scenario)
    assert screen.texts == ["a", "b"]


def test_the_end_waits_for_what_is_on_its_way_and_nothing_follows() -> None:
    screen = FakeScreen()
    screen.takes = 1.0

    async def scenario(shown: LiveText) -> None:
        shown.show("a")
        await until(lambda: screen.asked)
        assert screen.texts == []
        shown.show("b")
        screen.message_id = 7
        assert await shown.end() == 7
        assert screen.texts == ["a"]
        shown.show("c")
        await asyncio.sleep(0.1)

    live(screen, scenario)
    assert screen.texts == ["a"]


def test_a_block_left_by_an_error_waits_for_nothing() -> None:
    screen = FakeScreen()
    screen.takes = 60.0

    async def scenario(shown: LiveText) -> None:
        shown.show("a")
        await until(lambda: screen.asked)
        raise ZeroDivisionError

    started = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        live(screen, scenario)
    assert time.monotonic() - started < 20


def test_progress_is_told_in_french_and_prose_only_of_claims_that_have_some() -> None:
    told: list[str] = []
    view = ProgressView("Quand ?", told.append)
    opens, promise, cost = (cite(POOL, each) for each in (POOL_OPENS, POOL_PROMISE, POOL_COST))
    for place in (3, 2, 1):
        view.on_place(place)
    for progress in (
        Reading(6, 4),
        Claim("", (promise,)),
        Claim("Elle rouvre en mars.", (opens,)),
        Claim("Elle coûte cher <b>.", (cost, promise)),
    ):
        view.on_progress(progress)
    assert told == [
        "Vous êtes 3ᵉ dans la file…",
        "Vous êtes 2ᵉ dans la file…",
        "Je cherche dans mes articles…",
        "Je lis 6 passages de 4 articles…",
        "Elle rouvre en mars.\u00a0[2]\n\n…",
        "Elle rouvre en mars.\u00a0[2]\n\nElle coûte cher <b>.\u00a0[1]\u00a0[3]\n\n…",
    ]


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (Reading(1, 1), "Je lis un passage d’un article…"),
        (Reading(3, 1), "Je lis 3 passages d’un article…"),
        (Reading(3, 2), "Je lis 3 passages de 2 articles…"),
    ],
)
def test_what_is_read_is_counted_in_french(reading: Reading, text: str) -> None:
    assert reading_text(reading) == text


@pytest.mark.parametrize(("passages", "articles"), [(0, 0), (1, 2), (2, 0)])
def test_what_is_read_is_something(passages: int, articles: int) -> None:
    with pytest.raises(ValueError, match="passages"):
        Reading(passages, articles)


def test_the_bridge_calls_in_the_loop_in_order_and_outlives_it() -> None:
    threads: list[tuple[object, str]] = []

    async def scenario() -> Callable[[Reading | Claim], None]:
        tell = in_loop(lambda each: threads.append((each, threading.current_thread().name)))
        await asyncio.to_thread(lambda: [tell(Reading(2, 1)), tell(Reading(3, 1))])
        await asyncio.sleep(0)
        return tell

    tell = asyncio.run(scenario())
    tell(Reading(4, 1))  # the loop is closed
    assert threads == [(Reading(2, 1), "MainThread"), (Reading(3, 1), "MainThread")]


def test_each_state_fits_a_draft() -> None:
    assert all(0 < len(text) < 200 for text in (texts.SEARCHING, texts.READING, texts.QUEUE_PLACE))
