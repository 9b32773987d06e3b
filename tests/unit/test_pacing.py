"""The pace of requests: Telegram's limits hold in every window, and nobody waits for ever."""

import heapq
import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sending.pacing import Limits, Pacing, Traffic

LIMITS = Limits()
SLACK = 1e-6
PRIVATE, OTHER, GROUP = 7, 8, -100


@dataclass(frozen=True, slots=True)
class Request:
    at: float
    chat_id: int
    kind: str  # answer, bulk, passing, draft, action


@dataclass(frozen=True, slots=True)
class Granted:
    at: float
    chat_id: int
    kind: str
    asked_at: float


def served(requests: Iterable[Request], pacing: Pacing) -> list[Granted]:
    """Return what went out, each request asking again when it was told to."""
    order = itertools.count()
    waiting = [(request.at, next(order), request) for request in requests]
    heapq.heapify(waiting)
    went = []
    while waiting:
        now, _, request = heapq.heappop(waiting)
        wait = ask(pacing, request, now)
        if wait == 0:
            went.append(Granted(now, request.chat_id, request.kind, request.at))
        elif wait is not None:
            assert wait > 0
            heapq.heappush(waiting, (now + wait, next(order), request))
    return went


def ask(pacing: Pacing, request: Request, now: float) -> float | None:
    """Return the seconds to wait, 0 if granted, None if dropped."""
    chat_id = request.chat_id
    if request.kind == "answer":
        return pacing.grant(chat_id, now)
    if request.kind == "bulk":
        return pacing.grant(chat_id, now, Traffic.BULK)
    granted = {
        "passing": pacing.grant_passing,
        "draft": pacing.grant_draft,
        "action": pacing.grant_action,
    }[request.kind](chat_id, now)
    return 0.0 if granted else None


def assert_within(times: list[float], count: int, seconds: float) -> None:
    """At most `count` of the times lie in any `seconds`."""
    for earlier, later in zip(times, times[count:], strict=False):
        assert later - earlier >= seconds - SLACK


def assert_paced(times: list[float], burst: int, seconds: float) -> None:
    """In any stretch there are at most `burst` and one for each `seconds`."""
    for first, last in itertools.combinations(range(len(times)), 2):
        assert last - first + 1 <= burst + (times[last] - times[first]) / seconds + SLACK


requests = st.lists(
    st.builds(
        Request,
        st.floats(0, 20) | st.sampled_from([0.0, 1.0, 5.0]),
        st.sampled_from([PRIVATE, OTHER, GROUP, -200, *range(20, 60)]),
        st.sampled_from(["answer", "bulk", "answer", "bulk", "passing", "draft", "action"]),
    ),
    max_size=200,
)


@settings(max_examples=60, deadline=None)
@given(requests)
def test_no_window_ever_holds_more_than_telegram_allows(asked: list[Request]) -> None:
    went = served(asked, Pacing(LIMITS))
    assert_within([each.at for each in went], LIMITS.overall, LIMITS.overall_seconds)
    for chat_id in {each.chat_id for each in went}:
        counted = [
            each.at
            for each in went
            if each.chat_id == chat_id and each.kind in {"answer", "bulk", "passing"}
        ]
        assert_paced(counted, LIMITS.chat_burst, LIMITS.chat_seconds)
        if chat_id < 0:
            assert_within(counted, LIMITS.group_messages, LIMITS.group_seconds)
        drafts = [each.at for each in went if each.chat_id == chat_id and each.kind == "draft"]
        assert_within(drafts, 1, LIMITS.draft_seconds)


@settings(max_examples=60, deadline=None)
@given(requests)
def test_every_message_goes_and_only_passing_things_are_dropped(asked: list[Request]) -> None:
    went = served(asked, Pacing(LIMITS))
    for kind in ("answer", "bulk"):
        wanted = sum(request.kind == kind for request in asked)
        assert sum(each.kind == kind for each in went) == wanted


@settings(max_examples=60, deadline=None)
@given(requests, st.floats(0, 20), st.floats(0.1, 500))
def test_a_chat_that_was_asked_to_wait_does_and_the_others_do_not(
    asked: list[Request], at: float, seconds: float
) -> None:
    before = [request for request in asked if request.at < at]
    after = [Request(at, r.chat_id, r.kind) for r in asked if r.at >= at]
    pacing = Pacing(LIMITS)
    end = max([at, *(each.at for each in served(before, pacing))])
    pacing.retry_after(PRIVATE, seconds, end)
    late = [Request(end, request.chat_id, request.kind) for request in after]
    went = served(late, pacing)
    for each in went:
        if each.chat_id == PRIVATE:
            assert each.at >= end + seconds - SLACK
    # 200 requests of one private chat at worst, at one a second.
    others = [each for each in went if each.chat_id not in {PRIVATE, GROUP, -200}]
    assert all(each.at <= end + 220 for each in others)


def test_a_lone_answer_does_not_wait() -> None:
    pacing = Pacing()
    assert [pacing.grant(PRIVATE, 100.0) for _ in range(4)] == [0, 0, 0, 1.0]
    assert pacing.grant(OTHER, 100.0) == 0


def in_order(count: int, first: int) -> Iterator[int]:
    return iter(range(first, first + count))


def rivals(seconds: float, answers_waiting: int, bulk_waiting: int) -> tuple[int, int]:
    """Return how many answers and digests go in so long when so many of each always wait."""
    pacing, now, went = Pacing(), 0.0, {Traffic.ANSWER: 0, Traffic.BULK: 0}
    queues = {
        Traffic.BULK: deque(in_order(bulk_waiting * 1000, 10_000)),
        Traffic.ANSWER: deque(in_order(answers_waiting * 1000, 1_000_000)),
    }
    while now < seconds:
        waits = [seconds]
        for traffic, queue in queues.items():  # digests ask first: the worst order for answers
            while queue and (wait := pacing.grant(queue[0], now, traffic)) == 0:
                queue.popleft()
                went[traffic] += 1
            if queue:
                waits.append(wait)
        now += min(waits)
    return went[Traffic.ANSWER], went[Traffic.BULK]


def test_digests_alone_go_at_25_a_second() -> None:
    assert rivals(10.5, 0, 1) == (0, 250)


def test_answers_alone_go_at_27_a_second() -> None:
    assert rivals(10.5, 1, 0) == (270, 0)


def test_answers_go_before_digests_which_never_stop() -> None:
    answers, digests = rivals(10.5, 1, 1)
    assert answers >= 240
    assert digests >= 25


def test_an_answer_amid_2000_digests_goes_at_once() -> None:
    pacing, now = Pacing(), 0.0
    for chat_id in range(10, 2010):
        while wait := pacing.grant(chat_id, now, Traffic.BULK):
            now += wait
        if chat_id % 100 == 0:
            assert pacing.grant(-chat_id, now) == 0


def test_drafts_stop_while_telegram_asks_to_wait() -> None:
    pacing = Pacing()
    assert pacing.grant_draft(PRIVATE, 10.0)
    assert not pacing.grant_draft(PRIVATE, 10.3)
    pacing.retry_after(PRIVATE, 3.0, 10.7)
    assert not pacing.grant_draft(PRIVATE, 13.0)
    assert not pacing.grant_action(PRIVATE, 13.0)
    assert pacing.grant_draft(OTHER, 13.0)
    assert pacing.grant_draft(PRIVATE, 13.8)


def test_drafts_cost_the_answer_nothing() -> None:
    pacing, now = Pacing(), 0.0
    for _ in range(50):
        now += LIMITS.draft_seconds
        assert pacing.grant_draft(PRIVATE, now)
    assert [pacing.grant(PRIVATE, now) for _ in range(3)] == [0, 0, 0]


def test_passing_edits_leave_a_group_half_of_its_minute() -> None:
    pacing = Pacing()
    edits = sum(pacing.grant_passing(GROUP, now / 2) for now in range(100))
    assert edits == LIMITS.group_messages // 2
    assert pacing.grant(GROUP, 50.0) == 0


def test_a_shorter_wait_does_not_undo_a_longer_one() -> None:
    pacing = Pacing()
    pacing.retry_after(PRIVATE, 60.0, 0.0)
    pacing.retry_after(PRIVATE, 1.0, 1.0)
    assert pacing.chat_wait(PRIVATE, 2.0) == 58.0


def test_idle_chats_are_forgotten() -> None:
    pacing = Pacing()
    now = 0.0
    for number in range(10_000):
        now += 0.05
        assert pacing.grant(-number if number % 2 else number + 1, now) == 0
    # Groups are remembered for a minute, 10 of them a second, and a little longer.
    assert len(pacing) < 1000


def test_chats_asked_to_wait_for_long_do_not_keep_the_others_remembered() -> None:
    pacing = Pacing()
    for chat_id in range(1, 50):
        pacing.retry_after(chat_id, 40_000.0, 0.0)
    for number in range(5000):
        pacing.grant(1000 + number, number / 20)
    assert len(pacing) < 150
    assert pacing.chat_wait(1, 250.0) == 39_750.0


@pytest.mark.parametrize(
    "wrong",
    [{"bulk": 0}, {"bulk": 31}, {"answers": 30}, {"chat_burst": 0}, {"chat_seconds": 0.0}],
)
def test_limits_leave_a_share_to_everybody(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="a"):
        Limits(**wrong)  # type: ignore[arg-type]  # the values are all numbers
