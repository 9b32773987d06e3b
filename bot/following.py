"""Sources followed while the bot runs: visited when due, administrators told of lasting failures.

Visits go on in threads of the follower's own, which save a few articles at a time: neither the
loop nor a question waits for them, and what they save is found by the next question.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.context import BotApplication, Services
from bot.conversations import Place
from bot.digests.clock import Clock, sleep_unless
from bot.digests.parcels import Parcel
from bot.store.feed_alerts import FeedAlertStore
from bot.views.feeds_view import render_failing_feeds
from knowledge.errors import SourcierError
from knowledge.feeds.types import Feed, VisitReport, VisitStatus

logger = logging.getLogger(__name__)

LOOK_SECONDS = 15.0  # between looks for sources that are due
_FAILURE_SECONDS = 60.0  # before a database that refused is asked again
_MOST_TOLD = 200  # sources of one notice
_STOPPING = 0.4  # of `stop_seconds`: for visits to end in


def register(application: BotApplication, *, clock: Clock | None = None) -> None:
    """Have the application follow its sources, unless the settings say not to."""
    services = application.services
    if not services.settings.follow_feeds:
        return
    following = Following(services, wake_outbox=lambda: application.wake_schedule(), clock=clock)
    application.wake_following = following.wake
    application.background.append(following.run)


class Following:
    """Looks for due sources until it is cancelled; in one event loop."""

    def __init__(
        self,
        services: Services,
        *,
        wake_outbox: Callable[[], None],
        clock: Clock | None = None,
    ) -> None:
        self._services = services
        self._clock = clock or Clock(now=services.now)
        self._wake_outbox = wake_outbox
        self._alerts = FeedAlertStore(services.database)
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Have the sources looked at now: one was added."""
        self._woken.set()

    async def run(self) -> None:
        """Follow until cancelled; the visits then end after what they are asking for."""
        try:
            while True:
                wait = LOOK_SECONDS
                self._woken.clear()
                try:
                    await self._round()
                except SourcierError as error:
                    logger.warning("Sources visitées un peu plus tard : %s", error.message)
                    wait = _FAILURE_SECONDS
                await sleep_unless(self._woken, self._clock, wait)
        except asyncio.CancelledError:
            seconds = _STOPPING * self._services.settings.stop_seconds
            await asyncio.to_thread(self._services.feeds.stop, timeout_seconds=seconds)
            raise

    async def _round(self) -> None:
        feeds, now = self._services.feeds, self._clock.now()
        # Nothing is waited for: what ends later is in the next round's reports.
        _log(await asyncio.to_thread(feeds.visit_due, now, wait_seconds=0.0))
        if await asyncio.to_thread(self._tell, now):
            self._wake_outbox()

    def _tell(self, now: datetime) -> bool:
        """Tell every administrator, once for a row of failures; return whether there was any."""
        administrators = sorted(self._services.settings.administrators)
        failing = self._services.feeds.failing_feeds_to_tell(now)[:_MOST_TOLD]
        if not (failing and administrators):
            return False
        zone = ZoneInfo(self._services.settings.timezone)
        message = render_failing_feeds(failing, now=now, zone=zone)
        parcels = [
            Parcel(f"feeds:{_name(failing)}:{administrator}", Place(administrator), message)
            for administrator in administrators
        ]
        return self._alerts.tell([feed.id for feed in failing], parcels, now=now)


def _name(failing: Iterable[Feed]) -> str:
    """Return what names a notice: the first of its sources, and since when that one fails."""
    first = min(failing, key=lambda feed: feed.id)
    return f"{first.id}:{first.failing_since:%Y%m%dT%H%M%S%f}"


def _log(reports: Iterable[VisitReport]) -> None:
    """Log what visits found; a source by its id, since an address may hold a password."""
    for report in reports:
        if report.added or report.updated:
            logger.info(
                "Source %s : %d article(s) ajouté(s), %d mis à jour.",
                report.feed.id,
                report.added,
                report.updated,
            )
        elif report.status in (VisitStatus.FAILED, VisitStatus.GONE):
            logger.info("Source %s : la visite a échoué.", report.feed.id)
