"""Delivers what the outbox holds, at the pace Telegram allows, until it is told to stop.

Of each chat one parcel is in flight at a time, in order; chats go side by side. A parcel is
marked in the database before it is sent and settled after, so that what a kill leaves in doubt is
at most the one message in flight of each chat: that message is sent again. The same holds for a
request whose answer the network lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from telegram import LinkPreviewOptions
from telegram.error import ChatMigrated, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.conversations import Place
from bot.digests.clock import Clock, sleep_unless
from bot.digests.outbox_progress import Progress, Result
from bot.digests.parcels import Claimed, Parcel
from bot.sending.pacing import Pacing, Traffic
from bot.sending.refusals import retry_seconds
from bot.sending.verdicts import REFUSAL_PAUSES, Verdict, pause_before, verdict
from bot.sending.wire import entities_of, markup_of, reply_of
from bot.store.chats import ChatStore
from bot.store.outbox import OutboxStore
from bot.store.settling import Deferred, Delivered, Dropped
from bot.texts import deliveries as texts
from bot.views.messages import Message
from knowledge.errors import StoreError

logger = logging.getLogger(__name__)

IN_FLIGHT = 16  # chats that are written to at a time
MOST_REFUSALS = len(REFUSAL_PAUSES) + 1  # in a row, of a group or channel
TOO_OLD = timedelta(days=7)
_PAGE = 100  # parcels known to be ready; their content is read when they are sent
_REMEMBERED = timedelta(seconds=65)  # a little more than the longest of Telegram's limits
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_IDLE_SECONDS = 15.0  # between looks into an outbox that nobody said anything about
_BUSY_SECONDS = 1.0  # between looks while something waits for its time
_STORE_SECONDS = 2.0  # before a database that refused is asked again
_PATIENCE = 3.0  # seconds: a parcel whose chat must be left alone for longer goes back
_MANY_FAILURES = 5  # in a row: Telegram is out of reach, and not one chat alone
_LONGEST_SILENCE = 30.0

OnMigrated = Callable[[int, int], Awaitable[None]]


async def _nobody(old: int, new: int) -> None:
    del old, new


class Outbox:
    """Drains the outbox through one bot, in one event loop; `pacing` is shared with answers."""

    def __init__(
        self,
        bot: ExtBot[None],
        *,
        store: OutboxStore,
        chats: ChatStore,
        pacing: Pacing,
        clock: Clock | None = None,
        on_migrated: OnMigrated = _nobody,
    ) -> None:
        self._bot = bot
        self._store = store
        self._chats = chats
        self._pacing = pacing
        self._clock = clock or Clock()
        self._on_migrated = on_migrated
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Have the outbox looked into now: something was put into it. For the loop's thread."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; what is then in flight is awaited and settled.

        A database that refuses is asked again; nothing is sent before what was sent is written.
        """
        stopping = asyncio.create_task(self._wake_when(stop))
        progress = Progress()
        begun = False
        try:
            while not stop.is_set():
                self._wake.clear()
                try:
                    begun = begun or await self._begin()
                    await self._settle(progress)
                    wait = await self._start(progress)
                except StoreError as error:
                    logger.warning("Envois suspendus un instant : %s", error.message)
                    wait = _STORE_SECONDS
                if not any(task.done() for task in progress.tasks):
                    await sleep_unless(self._wake, self._clock, wait)
                progress.collect()
        finally:
            stopping.cancel()
        if progress.tasks:
            await asyncio.wait(progress.tasks)
        progress.collect()
        await self._settle(progress)

    async def _begin(self) -> bool:
        """Take back what the last run left in flight, and remember how fast it wrote."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        for sent in await asyncio.to_thread(self._store.sent_since, now - _REMEMBERED):
            ago = max(0.0, (now - sent.at).total_seconds())
            self._count(sent.chat_id, monotonic - ago)
        for chat_id in await asyncio.to_thread(self._store.take_back):
            self._count(chat_id, monotonic)
        return True

    def _count(self, chat_id: int, moment: float) -> None:
        wait = self._pacing.grant(chat_id, moment, Traffic.BULK)
        if wait > 0:
            self._pacing.retry_after(chat_id, wait, moment)

    async def _start(self, progress: Progress) -> float:
        """Send what may be sent; return the seconds until it is worth looking again."""
        monotonic = self._clock.monotonic()
        if monotonic < progress.silent_until:
            return progress.silent_until - monotonic
        free = IN_FLIGHT - len(progress.tasks)
        if not free:
            return _IDLE_SECONDS
        for each in await self._claimed(progress, free):
            task = asyncio.create_task(self._deliver(each))
            task.add_done_callback(lambda _: self._wake.set())
            progress.tasks.add(task)
        if len(progress.tasks) == IN_FLIGHT:
            return _IDLE_SECONDS  # until one of them has ended
        if progress.cooling:
            return max(0.01, min(progress.cooling.values()) - monotonic)
        return await asyncio.to_thread(self._until_next)

    async def _claimed(self, progress: Progress, most: int) -> tuple[Claimed, ...]:
        """Take the next parcels; which ones are ready is asked for many at a time."""
        monotonic = self._clock.monotonic()
        for chat_id in [each for each, until in progress.cooling.items() if until <= monotonic]:
            del progress.cooling[chat_id]
        if not progress.ready:
            skip, now = tuple(progress.cooling), self._clock.now()
            ready = self._store.ready
            progress.ready.extend(await asyncio.to_thread(ready, most=_PAGE, skip=skip, now=now))
        numbers: list[int] = []
        while progress.ready and len(numbers) < most:
            candidate = progress.ready.popleft()
            if candidate.chat_id not in progress.cooling:  # else found again once it is not
                numbers.append(candidate.number)
        return await asyncio.to_thread(self._store.claim, numbers) if numbers else ()

    def _until_next(self) -> float:
        due = self._store.next_attempt_at()
        if due is None:
            return _IDLE_SECONDS
        return min(max(_BUSY_SECONDS, (due - self._clock.now()).total_seconds()), _IDLE_SECONDS)

    async def _settle(self, progress: Progress) -> None:
        """Write what became of parcels, then what follows from it, in that order."""
        results = progress.results
        if not results:
            return
        await asyncio.to_thread(self._store.settle, [result.outcome for result in results])
        progress.results = []
        for result in results:
            chat_id = result.outcome.claimed.parcel.place.chat_id
            monotonic = self._clock.monotonic()
            wait = self._pacing.chat_wait(chat_id, monotonic)
            if wait > 0:
                progress.cooling[chat_id] = monotonic + wait
            self._note_failure(progress, failed=result.failed)
            if result.aftermath is not None:
                await asyncio.to_thread(result.aftermath)
            if result.migrated is not None:
                await self._on_migrated(*result.migrated)

    def _note_failure(self, progress: Progress, *, failed: bool) -> None:
        progress.failures = progress.failures + 1 if failed else 0
        beyond = progress.failures - _MANY_FAILURES
        if beyond >= 0:
            silence = min(2.0 ** min(beyond, 10), _LONGEST_SILENCE)
            progress.silent_until = self._clock.monotonic() + silence

    async def _deliver(self, claimed: Claimed) -> Result:
        """Send one parcel, once; return what became of it."""
        parcel, now = claimed.parcel, self._clock.now()
        if parcel.window_end is not None and now - parcel.window_end > TOO_OLD:
            logger.warning("Un résumé de plus d’une semaine n’est plus envoyé.")
            return Result(Dropped(claimed, now))
        wait = await self._pass(parcel.place.chat_id)
        if wait > 0:
            return Result(Deferred(claimed, now + timedelta(seconds=wait)))
        try:
            sent = await self._bot.send_message(
                parcel.place.chat_id,
                parcel.message.text,
                entities=entities_of(parcel.message),
                message_thread_id=parcel.place.thread_id,
                reply_parameters=reply_of(parcel.reply_to),
                reply_markup=markup_of(parcel.message.keyboard),
                disable_notification=parcel.silent or None,
                link_preview_options=_NO_PREVIEW,
            )
        except TelegramError as error:
            return self._after(error, claimed)
        return Result(Delivered(claimed, sent.message_id, self._clock.now()))

    async def _pass(self, chat_id: int) -> float:
        """Wait for room and return 0, or the seconds for which the chat must be left alone."""
        while True:
            monotonic = self._clock.monotonic()
            of_chat = self._pacing.chat_wait(chat_id, monotonic)
            if of_chat > _PATIENCE:
                return of_chat
            wait = self._pacing.grant(chat_id, monotonic, Traffic.BULK)
            if wait == 0:
                return 0.0
            await self._clock.sleep(wait)

    def _after(self, error: TelegramError, claimed: Claimed) -> Result:
        """Return what an error means for the parcel and for its chat."""
        now, chat_id = self._clock.now(), claimed.parcel.place.chat_id
        again = Deferred(claimed, now)
        match verdict(error):
            case Verdict.FLOOD if isinstance(error, RetryAfter):
                seconds = retry_seconds(error)
                self._pacing.retry_after(chat_id, seconds, self._clock.monotonic())
                return Result(Deferred(claimed, now + timedelta(seconds=seconds)))
            case Verdict.MIGRATED if isinstance(error, ChatMigrated):
                new = error.new_chat_id
                move = partial(self._chats.migrated, chat_id, new, now=now)
                return Result(again, move, migrated=(chat_id, new))
            case Verdict.FORBIDDEN:
                return self._refused(claimed, now)
            case Verdict.MUTED:
                return Result(again, partial(self._chats.muted, chat_id, now=now))
            case Verdict.NO_TOPIC if claimed.parcel.place.thread_id is not None:
                thread_id = claimed.parcel.place.thread_id
                notice = topic_notice(claimed.parcel.place)
                close = partial(self._chats.topic_closed, chat_id, thread_id)
                return Result(again, partial(close, now=now, notice=notice))
            case Verdict.REFUSED | Verdict.NO_TOPIC:
                logger.error("Telegram refuse un message : %s", error.message)
                return Result(Dropped(claimed, now))
        logger.info("Envoi à reprendre (%s).", type(error).__name__)
        pause = timedelta(seconds=pause_before(error, claimed.attempts))
        return Result(Deferred(claimed, now + pause), failed=True)

    def _refused(self, claimed: Claimed, now: datetime) -> Result:
        """Take a refusing private chat for blocked at once, another one after several refusals."""
        if claimed.parcel.place.chat_id > 0:
            gone = partial(self._chats.gone, claimed.parcel.place.chat_id, now=now)
            return Result(Deferred(claimed, now), gone)
        pause = REFUSAL_PAUSES[min(claimed.attempts, len(REFUSAL_PAUSES)) - 1]
        later = now + timedelta(seconds=pause)
        return Result(Deferred(claimed, later), partial(self._count_refusal, claimed, now))

    def _count_refusal(self, claimed: Claimed, now: datetime) -> None:
        chat_id = claimed.parcel.place.chat_id
        if self._chats.refused(chat_id, now=now) >= MOST_REFUSALS:
            self._chats.gone(chat_id, now=now)

    async def _wake_when(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._wake.set()


def topic_notice(topic: Place) -> Parcel:
    """Return what tells a group, outside its topics and once, that one of them is closed."""
    key = f"notice:topic:{topic.chat_id}:{topic.thread_id}"
    return Parcel(key, Place(topic.chat_id), Message(texts.TOPIC_CLOSED))
