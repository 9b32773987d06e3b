"""Keeps subscriptions to those who may use the bot.

One whose chat is turned away is suspended, with what it still had to receive, and resumes when the
chat is let in again: an access that is taken back ends what comes by itself too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping

from bot.access import AccessMode, AccessRules, AccessState, Verdict, Visitor
from bot.digests.clock import Clock, sleep_unless
from bot.digests.subscriptions import Suspension
from bot.store.admissions import AdmissionStore, Subscriber
from bot.store.subscriptions import SubscriptionStore
from knowledge.errors import SourcierError

logger = logging.getLogger(__name__)

_SECONDS = 30.0  # between looks


class Admissions:
    """Suspends and resumes by `rules`; `changed` is told when something resumed."""

    def __init__(
        self,
        rules: AccessRules,
        *,
        store: AdmissionStore,
        subscriptions: SubscriptionStore,
        changed: Callable[[], None],
        clock: Clock | None = None,
    ) -> None:
        self._rules = rules
        self._store = store
        self._subscriptions = subscriptions
        self._changed = changed
        self._clock = clock or Clock()

    async def run(self, stop: asyncio.Event) -> None:
        """Review until `stop` is set; once alone where everybody may use the bot."""
        while not stop.is_set():
            if await self.look() and self._rules.mode is AccessMode.OPEN:
                await stop.wait()
            await sleep_unless(stop, self._clock, _SECONDS)

    async def look(self) -> bool:
        """Review now, and tell whether that could be done."""
        try:
            resumed = await asyncio.to_thread(self.review)
        except SourcierError as error:
            logger.warning("Accès des abonnements non vérifiés : %s", error.message)
            return False
        if resumed:
            self._changed()
        return True

    def review(self) -> int:
        """Suspend what may no longer be sent; return how many subscriptions resumed.

        Raises:
            StoreError: the database refuses.
        """
        states = self._store.states() if self._rules.asks_store else {}
        now, resumed = self._clock.now(), 0
        for each in self._store.subscribers():
            admitted = is_admitted(each, self._rules, states)
            if admitted and each.suspended:
                resumed += self._subscriptions.resume(each.subscription_id, now=now)
            elif not admitted and not each.suspended:
                self._subscriptions.suspend(each.subscription_id, Suspension.ACCESS, now=now)
                logger.info("Un abonnement est suspendu : sa conversation n’est plus admise.")
        return resumed


def is_admitted(
    subscriber: Subscriber, rules: AccessRules, states: Mapping[int, AccessState]
) -> bool:
    """Return whether the chat of a subscription may use the bot.

    A channel may if it is let in itself, or who subscribed it or added the bot to it is.
    """
    return any(
        rules.verdict(visitor, states.get(visitor.subject)) is Verdict.ADMITTED
        for visitor in _visitors(subscriber)
    )


def _visitors(subscriber: Subscriber) -> Iterator[Visitor]:
    if subscriber.chat_id > 0:
        yield Visitor(subscriber.chat_id, subscriber.chat_id)
        return
    yield Visitor(subscriber.created_by, subscriber.chat_id)
    if subscriber.kind == "channel":
        for person in {subscriber.created_by, subscriber.added_by} - {None}:
            if person is not None:
                yield Visitor(person, person)
