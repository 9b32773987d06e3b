"""Turns due subscriptions into parcels: what is due, built once for all that share it, put out.

The parcels of a digest and the subscription's next due time are written in one transaction, so a
digest is either still due or in the outbox, wherever the process is killed.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.digests.clock import Clock, sleep_unless
from bot.digests.parcels import DigestPart, digest_parcels
from bot.digests.subscriptions import (
    CLOCK_WAS_WRONG,
    DueDigest,
    Subscription,
    due_digest,
    mended,
    skipped_due_at,
)
from bot.logs import describe_error
from bot.store.outbox import OutboxStore
from bot.store.subscriptions import Planned, SubscriptionStore
from knowledge.chunks import chunks
from knowledge.digest.types import DigestRequest, DigestStyle
from knowledge.errors import GenerationCancelledError, SourcierError, StoreError

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 500  # subscriptions of one round
KEPT = timedelta(days=14)  # settled parcels
_WRITTEN_AT_ONCE = 100  # subscriptions of one transaction: readers wait for it
_LONGEST_SLEEP = 30.0
_SHORTEST_SLEEP = 1.0
_FAILURE_SECONDS = 60.0
_PRUNING_SECONDS = 3600.0
_PUT_OFF = timedelta(minutes=10)  # of a digest that cannot be built


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides a digest's messages: equal ones share them."""

    request: DigestRequest
    zone: ZoneInfo
    say_when_empty: bool = False

    @classmethod
    def by(cls, due: DueDigest) -> Asked:
        """Return what a due subscription asks for."""
        preferences = due.subscription.preferences
        return cls(due.request, preferences.zone, preferences.say_when_empty)


@dataclass(frozen=True, slots=True)
class BuiltDigest:
    """A digest as it is sent: its messages, never none, and how it was made."""

    parts: tuple[DigestPart, ...]
    mode: str = "extract"

    def __post_init__(self) -> None:
        if not self.parts:
            raise ValueError("a digest has a message; nothing new is None")


_Due = tuple[Subscription, DueDigest | None]


class DigestBuilder(Protocol):
    """Builds and renders digests. Used by one thread at a time."""

    def build(
        self, asked: Sequence[Asked], *, should_stop: Callable[[], bool]
    ) -> Sequence[BuiltDigest | None]:
        """Return one digest for each, in order; None where there is nothing to say.

        Every quotation was checked against the store, which keeps every version of every article,
        so they are not checked again when they leave. Raises SourcierError, which it does at
        latest soon after `should_stop` returned True.
        """
        ...


class Schedule:
    """Looks for due subscriptions until it is told to stop; `wake` is told of new parcels."""

    def __init__(
        self,
        *,
        subscriptions: SubscriptionStore,
        outbox: OutboxStore,
        builder: DigestBuilder,
        wake: Callable[[], None],
        clock: Clock | None = None,
    ) -> None:
        self._subscriptions = subscriptions
        self._outbox = outbox
        self._builder = builder
        self._wake_outbox = wake
        self._clock = clock or Clock()
        self._changed = asyncio.Event()
        self._stopped = threading.Event()
        self._pruned_at = float("-inf")
        self._put_off: dict[int, datetime] = {}  # subscriptions whose digest cannot be built

    def changed(self) -> None:
        """Have the due times looked at now: a subscription was made or changed."""
        self._changed.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set; a database or a builder that fails is asked again later."""
        self._stopped.clear()
        stopping = asyncio.create_task(self._wake_when(stop))
        try:
            while not stop.is_set():
                self._changed.clear()
                try:
                    while await self.tick() and not stop.is_set():
                        pass
                    wait = await self._until_next()
                except GenerationCancelledError:
                    wait = 0.0
                except SourcierError as error:
                    logger.warning("Résumés remis à un peu plus tard : %s", error.message)
                    wait = _FAILURE_SECONDS
                await sleep_unless(self._changed, self._clock, wait)
        finally:
            stopping.cancel()

    async def tick(self) -> int:
        """Put out the digests of up to 500 due subscriptions; return how many were due.

        Raises:
            SourcierError: the database refuses, or no digest at all can be built.
        """
        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(
            self._tick, lambda: loop.call_soon_threadsafe(self._wake_outbox)
        )

    def _tick(self, wake: Callable[[], object]) -> int:
        """As :meth:`tick`, in a thread: building may take long."""
        now = self._clock.now()
        self._mend()
        self._put_off = {each: until for each, until in self._put_off.items() if until > now}
        due = [
            each
            for each in self._subscriptions.due(now=now, most=MOST_AT_ONCE + len(self._put_off))
            if each.id not in self._put_off
        ]
        digests = [(each, due_digest(each, now=now)) for each in due]
        # What must be written may take minutes: what need not leaves first.
        written = [each for each in digests if _is_written(each[0])]
        for part in ([each for each in digests if each not in written], written):
            self._plan(part, now)
            wake()
        self._prune()
        return len(due)

    def _plan(
        self, digests: Sequence[tuple[Subscription, DueDigest | None]], now: datetime
    ) -> None:
        built = self._build([digest for _, digest in digests if digest is not None])
        for subscription, digest in digests:
            if digest is not None and Asked.by(digest) not in built:
                self._put_off[subscription.id] = now + _PUT_OFF
        digests = [each for each in digests if each[0].id not in self._put_off]
        for chunk in chunks(digests, _WRITTEN_AT_ONCE):
            planned = [_planned(subscription, digest, built, now) for subscription, digest in chunk]
            self._subscriptions.plan(planned, now=now)

    def _build(self, due: Sequence[DueDigest]) -> dict[Asked, BuiltDigest | None]:
        """Build what is asked for once, however many ask for it.

        Where that fails, each is built by itself, and what then fails is left out: one digest that
        cannot be built must not hold the others back.
        """
        asked = list(dict.fromkeys(map(Asked.by, due)))
        if not asked:
            return {}
        together = self._built(asked)
        if together is not None or len(asked) == 1:
            return together or {}
        found: dict[Asked, BuiltDigest | None] = {}
        for each in asked:
            found.update(self._built([each]) or {})
        return found

    def _built(self, asked: Sequence[Asked]) -> dict[Asked, BuiltDigest | None] | None:
        """Return what was built for each, or None, having logged why, if it cannot be built."""
        try:
            built = self._builder.build(asked, should_stop=self._stopped.is_set)
        except (StoreError, GenerationCancelledError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever an article makes fail
            logger.error("Résumé impossible : %s", describe_error(error))  # noqa: TRY400 - the traceback could hold words
            return None
        return dict(zip(asked, built, strict=True))

    def _mend(self) -> None:
        now = self._clock.now()
        for subscription in self._subscriptions.ahead_of(now):
            better = mended(subscription, now=now)
            if better is not None:
                logger.warning("L’horloge était en avance : un abonnement est remis à l’heure.")
                self._subscriptions.mend(better)
        self._outbox.hasten(beyond=now + CLOCK_WAS_WRONG, now=now)

    def _prune(self) -> None:
        monotonic = self._clock.monotonic()
        if monotonic - self._pruned_at >= _PRUNING_SECONDS:
            self._outbox.prune(before=self._clock.now() - KEPT)
            self._pruned_at = monotonic

    async def _until_next(self) -> float:
        try:
            due_at = await asyncio.to_thread(self._subscriptions.next_due_at)
        except StoreError:
            return _FAILURE_SECONDS
        if due_at is None:
            return _LONGEST_SLEEP
        wait = (due_at - self._clock.now()).total_seconds()
        return min(max(wait, _SHORTEST_SLEEP), _LONGEST_SLEEP)

    async def _wake_when(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._stopped.set()
        self._changed.set()


def _is_written(subscription: Subscription) -> bool:
    return subscription.preferences.style is DigestStyle.SYNTHESIS


def _planned(
    subscription: Subscription,
    due: DueDigest | None,
    built: Mapping[Asked, BuiltDigest | None],
    now: datetime,
) -> Planned:
    if due is None:
        later = skipped_due_at(subscription, now=now)
        return Planned(subscription.id, subscription.due_at, None, later)
    digest = built[Asked.by(due)]
    parcels = () if digest is None else digest_parcels(due, digest.parts, mode=digest.mode)
    return Planned(subscription.id, subscription.due_at, due.window_end, due.next_due_at, parcels)
