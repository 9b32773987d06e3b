"""What the bot does by itself: digests at their hour, delivered, corrected. Put together here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from bot.digests.admission import Admissions
from bot.digests.clock import Clock
from bot.digests.corrections import Corrections
from bot.digests.outbox import Outbox
from bot.digests.parcels import DigestPart
from bot.digests.schedule import Asked, BuiltDigest, Schedule
from bot.store.admissions import AdmissionStore
from bot.store.chats import ChatStore
from bot.store.corrections import CorrectionStore
from bot.store.outbox import OutboxStore
from bot.store.subscriptions import SubscriptionStore
from bot.views.digest_view import DigestRenderer
from bot.views.window_words import render_nothing_new

if TYPE_CHECKING:
    from bot.context import BotApplication, KnowledgeBase, Services
    from knowledge.digest.types import Digest


class KnowledgeDigests:
    """Digests of a knowledge base, rendered: a `bot.digests.schedule.DigestBuilder`."""

    def __init__(self, knowledge: KnowledgeBase, clock: Clock) -> None:
        self._knowledge = knowledge
        self._clock = clock

    def build(
        self, asked: Sequence[Asked], *, should_stop: Callable[[], bool]
    ) -> list[BuiltDigest | None]:
        """Return one digest for each; the content is built once whatever the time zone."""
        requests = list(dict.fromkeys(each.request for each in asked))
        now = self._clock.now()
        digests = self._knowledge.digests(requests, now=now, should_stop=should_stop)
        found = dict(zip(requests, digests, strict=True))
        renderer = DigestRenderer()
        return [_rendered(each, found[each.request], renderer) for each in asked]


def _rendered(asked: Asked, digest: Digest | None, renderer: DigestRenderer) -> BuiltDigest | None:
    if digest is not None:
        return BuiltDigest(renderer.render(digest, zone=asked.zone), digest.mode.value)
    if not asked.say_when_empty:
        return None
    message = render_nothing_new(asked.request.window, zone=asked.zone)
    return BuiltDigest((DigestPart(message),))


def register(application: BotApplication) -> None:
    """Have the application schedule and deliver beside what it answers."""
    services = application.services
    clock = Clock(now=services.now)
    chats = ChatStore(services.database)
    outbox = _outbox(application, chats, clock)
    schedule = _schedule(services, outbox, clock)
    corrections = _corrections(services, chats, outbox, clock)

    async def moved(old: int, new: int) -> None:
        await asyncio.to_thread(chats.migrated, old, new, now=clock.now())
        outbox.wake()

    services.sender.on_migrated(moved)

    def changed() -> None:
        schedule.changed()
        outbox.wake()

    admissions = _admissions(services, changed, clock)

    async def deliver(stop: asyncio.Event) -> None:
        await admissions.look()  # access may have been taken back since the last run
        await outbox.run(stop)

    async def plan(stop: asyncio.Event) -> None:
        await admissions.look()
        await schedule.run(stop)

    application.wake_schedule = changed
    application.background += map(_kept_running, (deliver, plan, corrections.run, admissions.run))


def _outbox(application: BotApplication, chats: ChatStore, clock: Clock) -> Outbox:
    services = application.services
    return Outbox(
        application.bot,
        store=OutboxStore(services.database),
        chats=chats,
        pacing=services.pacing,
        clock=clock,
        on_migrated=services.sender.migrated,
    )


def _schedule(services: Services, outbox: Outbox, clock: Clock) -> Schedule:
    return Schedule(
        subscriptions=SubscriptionStore(services.database),
        outbox=OutboxStore(services.database),
        builder=KnowledgeDigests(services.knowledge, clock),
        wake=outbox.wake,
        clock=clock,
    )


def _admissions(services: Services, changed: Callable[[], None], clock: Clock) -> Admissions:
    return Admissions(
        services.access,
        store=AdmissionStore(services.database),
        subscriptions=SubscriptionStore(services.database),
        changed=changed,
        clock=clock,
    )


def _corrections(services: Services, chats: ChatStore, outbox: Outbox, clock: Clock) -> Corrections:
    return Corrections(
        store=CorrectionStore(services.database),
        shown=services.shown,
        articles=services.articles,
        subscriptions=SubscriptionStore(services.database),
        chats=chats,
        wake=outbox.wake,
        of_answers=services.settings.corrections,
        clock=clock,
    )


def _kept_running(
    run: Callable[[asyncio.Event], Awaitable[None]],
) -> Callable[[], Coroutine[Any, Any, None]]:
    """Return work that, once cancelled, stops `run` and waits until it has ended."""

    async def work() -> None:
        stop = asyncio.Event()
        running = asyncio.ensure_future(run(stop))
        try:
            await asyncio.shield(running)
        finally:
            stop.set()
            if not running.done():
                await asyncio.wait({running})

    return work
