"""Digests through the strict server: killed, refused, moved, and each part there all the same."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.interface.delivery_world import DUE, World, running, wait_until_done
from tests.telegram_server import SimulatedClock, TelegramServer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes are forked")


def ordeal(
    server: TelegramServer, world: World, clock: SimulatedClock, *, kills: int, strikes: int
) -> dict[str, Any]:
    """Kill the bot at random moments while things happen to the chats; return what became."""
    began, struck = time.monotonic(), 0
    with running(world, clock) as process:
        process.order("start")
        time.sleep(max(0.0, (DUE.timestamp() - clock.time()) / clock.speed))
        for number in range(kills):
            pause = world.random.uniform(0.3, 1.5)
            for _ in range((number + 1) * strikes // kills - struck):
                time.sleep(pause / 8)
                world.strike()
                struck += 1
            time.sleep(pause / 2)
            killed = process.order("kill")
            assert killed["status"] == 9, "the child had ended by itself"
            process.order("start")
        wait_until_done(world, timeout=600)
        stopped = process.order("stop")
        assert stopped["status"] == 0, stopped
        process.order("start")
    assert server.flood.violations == [], "a limit was exceeded by the server's count"
    return {
        **world.audit(kills=kills),
        "busiest second": world.busiest_second(),
        "seconds": round(time.monotonic() - began, 1),
        "simulated": round(clock.time() - DUE.timestamp(), 1),
    }


def test_a_few_hundred_subscriptions_survive_three_kills(tmp_path: Path) -> None:
    clock = SimulatedClock((DUE - timedelta(seconds=40)).timestamp(), speed=12)
    with TelegramServer(clock=clock) as server:
        world = World(server, tmp_path, seed=1)
        world.people(100)
        world.groups(30, "group")
        world.groups(20, "supergroup", subscriptions=2)
        world.forums(8, topics=3)
        world.groups(20, "channel")
        world.trouble(0.3)
        found = ordeal(server, world, clock, kills=3, strikes=10)
        assert found["digests of living chats"] > 180, found


def test_two_thousand_due_in_one_minute_survive_twenty_kills(tmp_path: Path) -> None:
    clock = SimulatedClock((DUE - timedelta(seconds=150)).timestamp(), speed=5)
    with TelegramServer(clock=clock) as server:
        world = World(server, tmp_path, seed=2)
        world.people(1300)
        world.groups(250, "group")
        world.groups(75, "supergroup", subscriptions=2)
        world.forums(60, topics=3)
        world.groups(120, "channel")
        world.trouble(0.2)
        assert world.subscription_count == 2000
        found = ordeal(server, world, clock, kills=20, strikes=80)
        print(found)  # noqa: T201 - the figures of the run, shown with -s
        assert found["digests of living chats"] > 1800, found
