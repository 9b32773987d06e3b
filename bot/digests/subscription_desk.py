"""Subscriptions as the handlers work with them: stored, changed and shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.conversations import Place
from bot.digests.subscription_changes import Verb
from bot.digests.subscriptions import Preferences, Subscription
from bot.store.chats import Chat, ChatStore
from bot.store.subscriptions import SubscriptionStore
from bot.texts import subscriptions as texts
from bot.views.messages import Message
from bot.views.place_words import where_to
from bot.views.schedule_reading import BadPreferenceError
from bot.views.schedule_words import written_days, written_hours, written_moment
from bot.views.subscription_list import subscription_list
from bot.views.subscription_pages import Surroundings
from bot.views.subscription_view import panel
from knowledge.store.feeds import SqlFeedStore

if TYPE_CHECKING:
    from bot.context import Services

MOST_HERE = 10  # subscriptions of a chat, its topics included


class SubscriptionDesk:
    """The subscriptions of one database; `changed` tells the schedule that due times did."""

    def __init__(self, services: Services, *, changed: Callable[[], None]) -> None:
        self._services = services
        self._changed = changed
        self.store = SubscriptionStore(services.database)
        self.chats = ChatStore(services.database)
        self._feeds = SqlFeedStore(services.database)

    async def create(
        self, place: Place, preferences: Preferences, *, created_by: int | None
    ) -> Subscription:
        """Store a new subscription.

        Raises:
            BadPreferenceError: the chat has ten already.
        """
        if len(await self.of_chat(place.chat_id)) >= MOST_HERE:
            raise BadPreferenceError(texts.TOO_MANY.format(most=MOST_HERE))
        made = await asyncio.to_thread(
            self.store.create,
            place,
            preferences,
            created_by=created_by,
            now=self._services.now(),
        )
        self._changed()
        return made

    async def change(self, subscription_id: int, preferences: Preferences) -> Subscription | None:
        """Store new preferences; None if the subscription is gone."""
        changed = await asyncio.to_thread(
            self.store.change, subscription_id, preferences, now=self._services.now()
        )
        self._changed()
        return changed

    async def cancel(self, subscription_id: int) -> bool:
        """Cancel a subscription; False if it was gone."""
        return await asyncio.to_thread(self.store.cancel, subscription_id, now=self._services.now())

    async def get(self, subscription_id: int) -> Subscription | None:
        """Return a subscription, None if there is none."""
        return await asyncio.to_thread(self.store.get, subscription_id)

    async def of_chat(self, chat_id: int) -> tuple[Subscription, ...]:
        """Return the subscriptions of a chat and its topics."""
        return await asyncio.to_thread(self.store.of_chat, chat_id)

    async def choices(self) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Return the outlets of the base, and the feeds as pairs of id and title."""
        return await asyncio.to_thread(self._choices)

    async def page(
        self, subscription: Subscription, page: Verb, *, seen_from: Place, notice: str = ""
    ) -> Message:
        """Return a page of the panel as shown in `seen_from`, after a `notice` if there is one."""
        outlets, feeds = await self.choices()
        around = Surroundings(
            where=await self.where(subscription.place, seen_from),
            now=self._services.now(),
            has_model=self._services.settings.model is not None,
            outlets=outlets,
            feeds=feeds,
        )
        return panel(subscription, page, around, notice=notice)

    async def listing(
        self,
        subscriptions: Sequence[Subscription],
        *,
        seen_from: Place,
        page: Verb | None,
        closing: str | None = None,
    ) -> tuple[Message, ...]:
        """Return a list of subscriptions; see :func:`subscription_list`."""
        places = [await self.where(each.place, seen_from) for each in subscriptions]
        listed = zip(subscriptions, places, strict=True)
        return subscription_list(tuple(listed), page, closing=closing)

    async def where(self, place: Place, seen_from: Place) -> str:
        """Return a place in words, as told in `seen_from`."""
        chat = await asyncio.to_thread(self.chats.get, place.chat_id)
        known = chat or Chat(place.chat_id, "private" if place.chat_id > 0 else "group", "")
        return where_to(known.kind, known.title, place, seen_from=seen_from)

    def confirmation(self, subscription: Subscription) -> str:
        """Return the sentence that says when the digests come; the settings say the next one."""
        chosen = subscription.preferences
        days, hours = written_days(chosen.days), written_hours(chosen.hours)
        return texts.SUBSCRIBED.format(days=days, hours=hours)

    def channel_confirmation(self, subscription: Subscription) -> str:
        """Return what a channel is told, which is not shown the settings."""
        chosen = subscription.preferences
        said = texts.SUBSCRIBED_CHANNEL.format(
            days=written_days(chosen.days),
            hours=written_hours(chosen.hours),
            next=self.next_moment(subscription),
        )
        return f"{said} {texts.CHANNEL_HELP}"

    def next_moment(self, subscription: Subscription) -> str:
        """Return when the next digest leaves, in the subscription's own time."""
        zone = subscription.preferences.zone
        return written_moment(subscription.due_at, zone, now=self._services.now())

    def _choices(self) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        feeds = tuple(
            (feed.id, feed.outlet or feed.title or feed.url) for feed in self._feeds.feeds()
        )
        return self._services.knowledge.summary().outlets, feeds
