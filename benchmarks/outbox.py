"""Draining the outbox: ``python -m benchmarks.outbox [--json]``.

10,000 parcels of 2,000 chats wait in SQLite; a process of its own delivers them to the tests' Bot
API server on the loopback interface, which counts without limits, and so does the bot's own
limiter. What is measured is the outbox itself: parcels a second, and the resident memory of the
process at each tenth of the way. The baseline, in the same run and by the same process, is the
same number of requests in a row without an outbox.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import print_figures
from benchmarks.memory import resident_mib
from tests.telegram_server import Leniency, TelegramServer

ROOT = Path(__file__).parents[1]
PARCELS, CHATS = 10_000, 2_000
BASELINE = 500  # requests
FLAT_TARGET = 1.1  # memory at the end over memory after a tenth of the way
_TEXT = "« La piscine rouvrira lundi 4 mai, a annoncé la mairie. »\n" * 20


def _fill(path: Path, chat_ids: list[int], count: int) -> None:
    from bot.conversations import Place
    from bot.digests.parcels import Parcel
    from bot.store.outbox import OutboxStore
    from bot.views.messages import Entity, EntityType, Message
    from knowledge.store import open_database

    database = open_database(path)
    message = Message(_TEXT, (Entity(EntityType.BLOCKQUOTE, 0, 50),))
    now = datetime.now(UTC)
    store = OutboxStore(database)
    for start in range(0, count, 500):
        numbers = range(start, min(start + 500, count))
        store.put(
            [
                Parcel(f"bench:{number}", Place(chat_ids[number % len(chat_ids)]), message)
                for number in numbers
            ],
            now=now,
        )
    database.close()


async def _drain(path: Path, base_url: str, token: str) -> dict[str, Any]:
    """Deliver everything; return seconds and the memory on the way. Runs in its own process."""
    from telegram.ext import ExtBot
    from telegram.request import HTTPXRequest

    from bot.digests.outbox import Outbox
    from bot.sending.pacing import Limits, Pacing
    from bot.store.chats import ChatStore
    from bot.store.outbox import OutboxStore
    from knowledge.store import open_database

    def request() -> HTTPXRequest:
        return HTTPXRequest(connection_pool_size=32, httpx_kwargs={"trust_env": False})

    bot = ExtBot(token, base_url=base_url, request=request(), get_updates_request=request())
    database = open_database(path)
    store = OutboxStore(database)
    unlimited = Limits(
        chat_burst=10**6, chat_seconds=1e-6, overall=10**6, bulk=10**6, answers=1, spare=0
    )
    outbox = Outbox(bot, store=store, chats=ChatStore(database), pacing=Pacing(unlimited))
    stop = asyncio.Event()
    async with bot:
        baseline = await _baseline(bot, database, store)
        total = store.open_count()
        began, samples = time.monotonic(), [resident_mib()]
        draining = asyncio.create_task(outbox.run(stop))
        for tenth in range(1, 11):
            while await asyncio.to_thread(store.open_count) > total * (10 - tenth) // 10:
                await asyncio.sleep(0.02)
            samples.append(resident_mib())
        seconds = time.monotonic() - began
        stop.set()
        await draining
    database.close()
    return {"parcels": total, "seconds": seconds, "resident_mib": samples, "baseline": baseline}


async def _baseline(bot: Any, database: Any, store: Any) -> float:
    """Return how many messages a second leave one after the other, without an outbox."""
    from sqlalchemy import select

    from knowledge.store.delivery_schema import outbox

    del store
    with database.reading() as connection:
        chats = connection.execute(select(outbox.c.chat_id).limit(BASELINE)).scalars().all()
    began = time.monotonic()
    for chat_id in chats:
        await bot.send_message(chat_id, _TEXT.strip())
    return len(chats) / (time.monotonic() - began)


def measure(parcels: int = PARCELS) -> dict[str, Any]:
    """Return parcels a second, the memory of the process on the way in MiB, and ratios."""
    with (
        tempfile.TemporaryDirectory() as name,
        TelegramServer(lenient=(Leniency.FLOOD, Leniency.UNTRIMMED_TEXT)) as server,
    ):
        chat_ids = []
        for _ in range(min(CHATS, parcels)):
            chat = server.user("Lectrice").private_chat().chat
            chat.started = True
            chat_ids.append(chat.id)
        path = Path(name) / "base.sqlite3"
        _fill(path, chat_ids, parcels)
        command = [sys.executable, "-m", "benchmarks.outbox", "--drain", str(path)]
        done = subprocess.run(  # noqa: S603 - ours
            [*command, server.base_url, server.token],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        sent = sum(call.status == 200 for call in server.calls_of("sendMessage"))
        found = json.loads(done.stdout)
    assert sent == found["parcels"] + BASELINE, "some were sent twice, or not at all"  # noqa: S101 - a measurement of something else
    samples = found["resident_mib"]
    rate = found["parcels"] / found["seconds"]
    return {
        "parcels": found["parcels"],
        "chats": len(chat_ids),
        "seconds": round(found["seconds"], 1),
        "parcels_a_second": round(rate, 1),
        "one_by_one_a_second": round(found["baseline"], 1),
        "ratio_to_one_by_one": round(rate / found["baseline"], 2),
        "resident_mib": [round(sample, 1) for sample in samples],
        "growth_after_a_tenth": round(samples[-1] / samples[1], 3),
        "growth_target": FLAT_TARGET,
        "flat": samples[-1] / samples[1] <= FLAT_TARGET,
    }


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--parcels", type=int, default=PARCELS)
    parser.add_argument("--drain", nargs=3, metavar=("PATH", "URL", "TOKEN"))
    arguments = parser.parse_args()
    if arguments.drain:
        path, url, token = arguments.drain
        print(json.dumps(asyncio.run(_drain(Path(path), url, token))))
        return
    print_figures(measure(arguments.parcels), as_json=arguments.json)


if __name__ == "__main__":
    main()
