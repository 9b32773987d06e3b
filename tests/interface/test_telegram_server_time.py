"""The clock of the local Bot API server, what it counts by it, and faults drawn by chance."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    button,
    fixture_bot_client,  # noqa: F401 - fixture
    keyboard,
    received,
)
from tests.telegram_server import Leniency, Limit, ManualClock, SimulatedClock, TelegramServer

T0 = 1_790_000_000.0


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(T0)


@pytest.fixture
def server(clock: ManualClock) -> Iterator[TelegramServer]:
    with TelegramServer(clock=clock) as running:
        yield running


def send(bot: BotApiClient, chat_id: int) -> int:
    """Return 0, or the seconds to wait that a refusal asks for."""
    body = bot.call("sendMessage", chat_id=chat_id, text="Bonjour")
    waiting: int = 0 if body["ok"] else body["parameters"]["retry_after"]
    return waiting


def test_dates_lives_and_limits_follow_the_clock(
    server: TelegramServer, bot: BotApiClient, clock: ManualClock
) -> None:
    alice = server.user()
    assert alice.start().date == T0
    markup = keyboard(button("Suite", callback_data="2"))
    bot.result("sendMessage", chat_id=alice.id, text="Un", reply_markup=markup)
    [message] = alice.private_chat().bot_messages
    query = alice.press(message, "Suite")
    bot.result("sendMessageDraft", chat_id=alice.id, draft_id=7, text="La")
    clock.advance(14.9)
    bot.result("sendMessageDraft", chat_id=alice.id, draft_id=7, text="La maire")
    chat = alice.private_chat()
    assert [each.text for each in chat.visible_drafts] == ["La maire"]
    assert bot.result("answerCallbackQuery", callback_query_id=query.id) is True
    late = alice.press(message, "Suite")
    clock.advance(29.9)
    assert [each.text for each in chat.visible_drafts] == ["La maire"]
    clock.advance(0.2)
    assert chat.visible_drafts == []
    assert "query is too old" in bot.refusal("answerCallbackQuery", callback_query_id=late.id)
    edited = bot.result(
        "editMessageText", chat_id=alice.id, message_id=message.message_id, text="Deux"
    )
    assert edited["edit_date"] == int(T0 + 45)
    clock.advance(48 * 3600)
    assert bot.refusal("deleteMessage", chat_id=alice.id, message_id=message.message_id) == (
        "Bad Request: message can't be deleted"
    )
    alice.block_bot()
    assert received(bot)[-1]["my_chat_member"]["date"] == int(T0 + 48 * 3600 + 45)


def test_the_server_counts_what_it_took_and_what_came_too_fast(
    server: TelegramServer, bot: BotApiClient, clock: ManualClock
) -> None:
    alice, bruno = server.user("Alice"), server.user("Bruno")
    alice.start()
    bruno.start()
    group = server.group(kind="group")
    group.set_bot_status("member", by=alice)
    assert [send(bot, alice.id) for _ in range(6)] == [0] * 5 + [1]
    assert [send(bot, group.id) for _ in range(20)] == [0] * 20
    tally = server.flood.tally
    assert (tally.most_in_a_second, tally.most_in_a_second_of(alice.id)) == (25, 5)
    assert (tally.most_in_a_minute_of_a_group, tally.most_in_a_second_of_a_chat) == (20, 20)
    assert (tally.most_in_a_second_of(bruno.id), tally.accepted[alice.id]) == (0, 5)
    assert [(each.limit, each.chat_id, each.at) for each in server.flood.violations] == [
        ("message", alice.id, T0)
    ]
    clock.advance(3)
    assert send(bot, group.id) == 0
    clock.advance(56.9)
    assert [send(bot, group.id) for _ in range(3)] == [0, 0, 0]
    assert tally.most_in_a_minute_of_a_group == 24
    clock.advance(0.2)
    assert send(bot, group.id) == 0
    assert tally.most_in_a_minute_of_a_group == 24
    with pytest.raises(ValueError, match="does not go back"):
        clock.advance(-1)


def test_edits_count_with_sends_and_answers_to_buttons_do_not(
    server: TelegramServer, bot: BotApiClient
) -> None:
    server.limits.private = Limit(rate=0.01, burst=3, retry_after=40)
    server.limits.draft = Limit(rate=0.01, burst=1, retry_after=9)
    alice = server.user()
    alice.start()
    markup = keyboard(button("Suite", callback_data="2"))
    sent = bot.result("sendMessage", chat_id=alice.id, text="Un", reply_markup=markup)
    target = {"chat_id": alice.id, "message_id": sent["message_id"]}
    bot.result("editMessageText", **target, text="Deux", reply_markup=markup)
    bot.result("editMessageReplyMarkup", **target)
    assert send(bot, alice.id) == 40
    draft = {"chat_id": alice.id, "draft_id": 1, "text": "x"}
    assert [bot.call("sendMessageDraft", **draft)["ok"] for _ in range(2)] == [True, False]
    bot.result("deleteMessage", **target)
    assert server.flood.tally.accepted[alice.id] == 3


def test_a_method_may_have_a_limit_of_its_own(
    server: TelegramServer, bot: BotApiClient, clock: ManualClock
) -> None:
    server.limits.add("editMessageText", Limit(rate=0.1, burst=1))
    alice = server.user()
    alice.start()
    sent = bot.result("sendMessage", chat_id=alice.id, text="Un")["message_id"]
    target = {"chat_id": alice.id, "message_id": sent}
    assert bot.call("editMessageText", **target, text="Deux")["ok"]
    assert bot.refusal("editMessageText", **target, text="Trois") == (
        "Too Many Requests: retry after 10"
    )
    assert send(bot, alice.id) == 0
    clock.advance(10)
    assert bot.call("editMessageText", **target, text="Trois")["ok"]


def test_simulated_time_runs_faster_and_the_same_in_another_process() -> None:
    here = SimulatedClock(T0, speed=1000.0)
    there = SimulatedClock(T0, speed=1000.0, origin=here.origin)
    before = here.time()
    time.sleep(0.05)
    assert here.time() - before >= 50
    assert abs(here.time() - there.time()) < 50
    with (
        TelegramServer(clock=SimulatedClock(T0, speed=1000.0)) as server,
        BotApiClient(server) as bot,
    ):
        server.limits.private = Limit(rate=1 / 60, burst=1)
        alice = server.user()
        alice.start()
        assert send(bot, alice.id) == 0
        assert 0 < send(bot, alice.id) <= 60
        time.sleep(0.07)
        assert send(bot, alice.id) == 0
    with pytest.raises(ValueError, match="goes forward"):
        SimulatedClock(T0, speed=0)


def test_faults_strike_by_chance_and_the_same_way_for_the_same_seed() -> None:
    def outcomes(seed: int) -> list[Any]:
        with TelegramServer(lenient=[Leniency.FLOOD]) as server, BotApiClient(server) as bot:
            alice, bruno = server.user("Alice"), server.user("Bruno")
            alice.start()
            bruno.start()
            server.faults.seed(seed)
            rule = server.faults.add(
                method="sendMessage", chat=alice, retry_after=(3, 9), probability=0.3, times=None
            )
            assert [send(bot, bruno.id) for _ in range(10)] == [0] * 10
            found = [send(bot, alice.id) for _ in range(60)]
            assert rule.struck == sum(map(bool, found))
            return found

    first = outcomes(1)
    assert first == outcomes(1)
    assert first != outcomes(2)
    struck = [each for each in first if each]
    assert 8 <= len(struck) <= 30
    assert set(struck) <= set(range(3, 10))
    assert len(set(struck)) > 2
    with TelegramServer() as server, pytest.raises(ValueError, match=r"lies in 0\.\.1"):
        server.faults.add(probability=1.5)
