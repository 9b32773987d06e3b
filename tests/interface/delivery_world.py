"""Thousands of chats with subscriptions on the strict server, a bot process, and what became of it.

What a test does to the chats is drawn from a seed. Times are those of the simulated clock.
"""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.conversations import Place
from bot.digests.subscriptions import Preferences, Subscription, due_digest
from bot.store.chats import ChatStore
from bot.store.outbox import OutboxStore
from bot.store.subscriptions import SubscriptionStore
from knowledge.digest.types import Subjects
from knowledge.store import open_database
from tests.interface.digest_process import ScriptedDigests
from tests.telegram_server import GroupHandle, SimulatedClock, TelegramServer, UserHandle
from tests.telegram_server.model import Chat, Message, Topic

REPOSITORY = Path(__file__).parents[2]
DUE = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # 08:00 in Paris
PARTS = ("un", "un", "un", "deux", "deux", "trois")  # most digests are one message


@dataclass(slots=True)
class Addressee:
    """A chat, its topics if it has any, what it subscribed to, and what happens to it."""

    kind: str
    chats: list[Chat]  # the second is what the first became
    handle: UserHandle | GroupHandle
    topics: list[Topic] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    fate: str = "alive"
    closed: Topic | None = None

    def received(self, bot_id: int) -> list[Message]:
        """Return the bot's messages in order, notices apart."""
        return [
            message
            for chat in self.chats
            for message in chat.messages.values()
            if message.sender is not None
            and message.sender.id == bot_id
            and message.text.startswith("Résumé")
        ]

    def expected(self) -> list[tuple[int | None, str]]:
        """Return topic and text of every part, in the order in which they must arrive."""
        parts = []
        for subscription in self.subscriptions:
            due = due_digest(subscription, now=DUE + timedelta(seconds=1))
            assert due is not None
            texts = ScriptedDigests.texts(due.request)
            parts += [(subscription.place.thread_id, text) for text in texts]
        return parts


class World:
    """The server's chats, the bot's database, and the faults that are to come."""

    def __init__(self, server: TelegramServer, folder: Path, *, seed: int) -> None:
        self.server = server
        self.path = folder / "base.sqlite3"
        self.random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.database = open_database(self.path, busy_seconds=60)
        self.subscriptions = SubscriptionStore(self.database)
        self.outbox = OutboxStore(self.database)
        self.chats = ChatStore(self.database)
        self.addressees: list[Addressee] = []
        self.injected: list[Any] = []
        self._serial = itertools.count(1)
        self._somebody = server.user("Fondatrice")

    @property
    def subscription_count(self) -> int:
        return sum(len(each.subscriptions) for each in self.addressees)

    def people(self, count: int) -> None:
        for _ in range(count):
            user = self.server.user("Lectrice")
            chat = user.private_chat().chat
            chat.started = True
            self._subscribe(Addressee("private", [chat], user), [None])

    def groups(self, count: int, kind: str, *, subscriptions: int = 1) -> None:
        for _ in range(count):
            handle = self._group(kind)
            self._subscribe(Addressee(kind, [handle.chat], handle), [None] * subscriptions)

    def forums(self, count: int, *, topics: int) -> None:
        for _ in range(count):
            handle = self._group("supergroup")
            made = [handle.add_topic(f"Sujet {number}") for number in range(topics)]
            addressee = Addressee("forum", [handle.chat], handle, made)
            self._subscribe(addressee, [topic.thread_id for topic in made])

    def _group(self, kind: Any) -> GroupHandle:
        handle = self.server.group("Un lieu", kind=kind)
        status = "administrator" if kind == "channel" else "member"
        handle.chat.members[self.server.state.bot.id] = status  # type: ignore[assignment] # both are
        return handle

    def _subscribe(self, addressee: Addressee, threads: list[int | None]) -> None:
        for thread in threads:
            words = (self.random.choice(PARTS), f"thème {next(self._serial) % 200}")
            preferences = Preferences(subjects=Subjects(words=words), silent=bool(thread))
            place = Place(addressee.chats[0].id, thread)
            now = DUE - timedelta(hours=20)
            addressee.subscriptions.append(
                self.subscriptions.create(place, preferences, created_by=None, now=now)
            )
        self.addressees.append(addressee)

    # What happens to them.

    def trouble(self, share: float, *, lost_answers: float = 0.0) -> None:
        """Let a share of the chats meet a fault or two; and lose answers to some."""
        for addressee in self.addressees:
            chat = addressee.chats[0]
            for _ in range(2):
                if self.random.random() < share / 2:
                    self._fault(chat.id)
            if self.random.random() < lost_answers:
                addressee.fate = "answer lost"
                self.injected.append(
                    self.server.faults.add(method="sendMessage", chat=chat.id, drop="after")
                )

    def _fault(self, chat_id: int) -> None:
        add = self.server.faults.add
        about: dict[str, Any] = {
            "method": "sendMessage",
            "chat": chat_id,
            "skip": self.random.choice((0, 0, 1)),
        }
        match self.random.randrange(5):
            case 0:
                fault = add(**about, retry_after=self.random.randint(1, 25))
            case 1:
                fault = add(**about, error=500)
            case 2:
                fault = add(**about, error=502, times=2)
            case 3:
                fault = add(**about, drop="before")
            case _:  # the request waits, and is never read: a timeout
                fault = add(**about, drop="before", delay=self.random.uniform(0.2, 0.6))
        self.injected.append(fault)

    def strike(self) -> str:
        """Do something grave to a chat that was well until now; return what."""
        well = [each for each in self.addressees if each.fate == "alive"]
        addressee = self.random.choice(well)
        handle = addressee.handle
        if isinstance(handle, UserHandle):
            addressee.fate = self.random.choice(("blocked", "deactivated"))
            (handle.block_bot if addressee.fate == "blocked" else handle.delete_account)()
        elif addressee.kind == "group" and self.random.random() < 0.7:
            addressee.fate = "migrated"
            addressee.chats.append(handle.migrate().chat)
        elif addressee.kind == "forum" and self.random.random() < 0.7:
            addressee.closed = self.random.choice(addressee.topics)
            addressee.fate = "topic closed"
            if self.random.random() < 0.5:
                addressee.closed.closed = True
            else:
                handle.delete_topic(addressee.closed)
        elif self.random.random() < 0.3:
            addressee.fate = "muted"
            handle.restrict_bot(by=self._somebody)
            if addressee.kind == "channel":
                handle.set_bot_status("administrator", by=self._somebody, rights=())
        else:
            addressee.fate = "kicked"
            handle.set_bot_status(self.random.choice(("kicked", "left")), by=self._somebody)
        return addressee.fate

    # What became of it.

    def is_done(self) -> bool:
        now = datetime.fromtimestamp(self.server.state.clock.time(), UTC)
        due = self.subscriptions.next_due_at()
        return now > DUE and (due is None or due > now) and self.outbox.open_count() == 0

    def audit(self, *, kills: int) -> dict[str, Any]:
        """Return the counts of what arrived; a broken promise is an AssertionError."""
        bot_id = self.server.state.bot.id
        found: Counter[str] = Counter()
        for each in self.addressees:
            received = each.received(bot_id)
            arrived = [(message.thread_id, message.text) for message in received]
            collapsed = [part for part, _ in itertools.groupby(arrived)]
            expected = each.expected()
            duplicates = len(arrived) - len(collapsed)
            found["messages"] += len(arrived)
            found["duplicates"] += duplicates
            found[f"fate: {each.fate}"] += 1
            allowed = kills + (each.fate == "answer lost")
            assert duplicates <= allowed, (each.fate, arrived)
            if each.fate in ("alive", "migrated", "answer lost"):
                assert collapsed == expected, (each.fate, collapsed, expected)
                found["digests of living chats"] += len(each.subscriptions)
            elif each.fate == "topic closed" and each.closed is not None:
                lasting = [part for part in expected if part[0] != each.closed.thread_id]
                assert [
                    part for part in collapsed if part[0] != each.closed.thread_id
                ] == lasting, (collapsed, expected)
                self._audit_notice(each)
            else:
                assert collapsed == expected[: len(collapsed)], (each.fate, collapsed)
        return dict(found)

    def _audit_notice(self, addressee: Addressee) -> None:
        said = [
            message.text
            for message in addressee.chats[0].messages.values()
            if message.sender is self.server.state.bot and not message.text.startswith("Résumé")
        ]
        assert len(said) <= 1, said

    def busiest_second(self) -> int:
        """Return the most messages of any second of the simulated clock."""
        moments = sorted(
            message.sent_at
            for each in self.addressees
            for message in each.received(self.server.state.bot.id)
        )
        return max(
            (index - _first_within(moments, index, 1.0) + 1 for index in range(len(moments))),
            default=0,
        )


def _first_within(moments: list[float], index: int, seconds: float) -> int:
    first = index
    while first > 0 and moments[index] - moments[first - 1] < seconds:
        first -= 1
    return first


class BotProcess:
    """The process of :mod:`tests.interface.digest_process`."""

    def __init__(self, world: World, clock: SimulatedClock, *, quote: Any = None) -> None:
        arguments = {
            "database": str(world.path),
            "base_url": world.server.base_url,
            "token": world.server.token,
            "clock": [clock.start, clock.speed, clock.origin],
            "quote": quote,
        }
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "tests.interface.digest_process", json.dumps(arguments)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, what: str) -> dict[str, Any]:
        """Return the answer to ``start``, ``kill`` or ``stop``."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline() or "{}")
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


@contextmanager
def running(world: World, clock: SimulatedClock, *, quote: Any = None) -> Iterator[BotProcess]:
    """The process, its child ended and the database closed when the block is left."""
    process = BotProcess(world, clock, quote=quote)
    try:
        yield process
        process.order("stop")
    except BaseException:
        process.order("kill")
        raise
    finally:
        process.close()
        world.database.close()


def wait_until_done(world: World, *, timeout: float) -> None:
    """Wait until nothing is due and nothing is left to send."""
    give_up_at = time.monotonic() + timeout
    while not world.is_done():
        assert time.monotonic() < give_up_at, f"{world.outbox.open_count()} parcels are left"
        time.sleep(0.2)
