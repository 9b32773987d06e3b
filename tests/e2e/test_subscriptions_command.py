"""``sourcier subscriptions``: out of one installation, into another."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.conversations import Place
from bot.digests.subscriptions import Preferences
from bot.store.chats import Chat, ChatStore
from bot.store.subscriptions import SubscriptionStore
from knowledge.digest.types import Subjects
from knowledge.store import open_database
from tests.e2e.commands import sourcier

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
BUDGET = Preferences(subjects=Subjects(words=("budget",)), silent=True)


def subscribe(data: Path) -> None:
    data.mkdir(parents=True)
    with closing(open_database(data / "sourcier.sqlite3")) as database:
        store, chats = SubscriptionStore(database), ChatStore(database)
        store.create(Place(7), Preferences(), created_by=7, now=NOW)
        store.create(Place(-100, 9), BUDGET, created_by=None, now=NOW)
        cancelled = store.create(Place(8), Preferences(), created_by=8, now=NOW)
        store.cancel(cancelled.id, now=NOW)
        chats.note(-100, "supergroup", "La rédaction", now=NOW, added_by=7)


def found(data: Path) -> tuple[list[tuple[object, ...]], Chat | None]:
    with closing(open_database(data / "sourcier.sqlite3")) as database:
        every: list[tuple[object, ...]] = [
            (each.place, each.preferences, each.created_at, each.watermark, each.created_by)
            for each in SubscriptionStore(database).all()
        ]
        return every, ChatStore(database).get(-100)


def test_subscriptions_move_house_once_and_lose_nothing(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "maison.json"
    subscribe(old)
    assert sourcier(old, "subscriptions", "export", file).out == f"2 abonnement(s) dans {file}.\n"
    first = sourcier(new, "subscriptions", "import", file)
    assert (first.code, first.out) == (0, "2 abonnement(s) ajouté(s), 0 déjà là.\n")
    assert found(new) == found(old)
    again = sourcier(new, "subscriptions", "import", file)
    assert again.out == "0 abonnement(s) ajouté(s), 2 déjà là.\n"
    assert found(new) == found(old)


def test_without_a_file_the_export_is_printed_and_can_be_read(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "maison.json"
    subscribe(old)
    file.write_text(sourcier(old, "subscriptions", "export").out, encoding="utf-8")
    assert sourcier(new, "subscriptions", "import", file).code == 0
    assert found(new) == found(old)


def test_another_file_changes_nothing_and_says_what_to_give(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "autre.json"
    subscribe(data)
    before = found(data)
    file.write_text('{"articles": []}', encoding="utf-8")
    refused = sourcier(data, "subscriptions", "import", file)
    assert refused.code == 1
    assert refused.err == (
        "Erreur : Ce fichier ne contient pas d’abonnements : donnez celui qu’a écrit « sourcier "
        "subscriptions export ».\n"
    )
    missing = sourcier(data, "subscriptions", "import", tmp_path / "absent.json")
    assert missing.code == 1
    assert "ne peut pas être lu" in missing.err
    assert found(data) == before
