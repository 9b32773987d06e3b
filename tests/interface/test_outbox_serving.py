"""What the served outbox makes of a parcel: silent or not, in time or too late to be news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.conversations import Place
from bot.digests.outbox import TOO_OLD
from bot.digests.parcels import Parcel
from bot.digests.subscriptions import Preferences
from bot.store.outbox import OutboxStore
from bot.store.subscriptions import SubscriptionStore
from bot.views.messages import Message
from knowledge.store import open_database
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import TelegramServer

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def test_a_parcel_is_silent_if_wanted_and_one_of_last_week_is_not_sent(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    group = server.group("La rédaction")
    group.seat_bot()
    database = open_database(tmp_path / "sourcier.sqlite3")
    subscriptions, outbox = SubscriptionStore(database), OutboxStore(database)
    made = subscriptions.create(Place(group.id), Preferences(), created_by=None, now=NOW)
    silent = Parcel(
        "1",
        Place(group.id),
        Message("Du neuf"),
        silent=True,
        subscription_id=made.id,
        window_end=NOW - timedelta(days=6),
    )
    stale = replace(
        silent, key="2", message=Message("Du vieux"), window_end=NOW - TOO_OLD - timedelta(hours=1)
    )
    loud = Parcel("3", Place(group.id), Message("Sonnerie"))
    outbox.put([silent, stale, loud], now=NOW)
    with RunningBot(server, knowledge, tmp_path, now=lambda: NOW):
        group.wait_for_messages(2)
    sent = [(each.text, each.disable_notification) for each in group.bot_messages]
    assert sent == [("Du neuf", True), ("Sonnerie", False)]
    assert outbox.open_count() == 0
    database.close()
