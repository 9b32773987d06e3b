"""Followed sources listed, added and removed by administrators, in private."""

from __future__ import annotations

import asyncio
import re
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot.context import BotApplication, BotContext, Services, place_of
from bot.conversations import Place
from bot.filters import addressed_in, command
from bot.handlers.administration import administrators_only, pressed, reply, toast
from bot.handlers.typing import typing_shown
from bot.last_kept import LastKept
from bot.links import links_of
from bot.texts import feeds as texts
from bot.views.feeds_view import (
    ASKED,
    CHOSEN_FROM,
    CONFIRMED,
    FEEDS_DATA,
    KEPT,
    LISTED,
    FeedList,
    render_added_feed,
    render_feed_not_added,
    render_feed_question,
    render_feed_refusal,
    render_feed_removed,
    render_feeds,
)
from bot.views.messages import Message
from knowledge.errors import FeedError, SourcierError
from knowledge.feeds.types import Feed, FeedId

_MOST_LISTS = 100  # chats whose last list is remembered
_LONGEST_WANTED = 2000
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_PAGE = re.compile(r"0|[1-9][0-9]{0,5}")
_FEED_ID = re.compile(r"[0-9a-f]{20}")
_PATH = re.compile(r"[/~.\\]|file:|[a-z]:\\", re.IGNORECASE)


def register(application: BotApplication) -> None:
    """Take the commands and their buttons."""
    desk = _Desk(application)
    for name, handle in (
        ("flux", desk.show),
        ("flux_ajouter", desk.add),
        ("flux_retirer", desk.remove),
    ):
        application.add_handler(MessageHandler(command(name), administrators_only(handle)))
    application.add_handler(
        CallbackQueryHandler(administrators_only(desk.press), pattern=rf"^{FEEDS_DATA}:")
    )


class _Desk:
    """The lists that were shown, and the sources taken from them by number."""

    def __init__(self, application: BotApplication) -> None:
        self._application = application
        self._services: Services = application.services
        self._shown = LastKept[Place, tuple[FeedId, ...]](_MOST_LISTS)

    async def show(self, update: Update, _context: BotContext) -> None:
        """``/flux``."""
        found = addressed_in(update)
        if found is not None:
            listed = await self._listed(place_of(found[0]))
            await reply(update, self._services, render_feeds(listed))

    async def add(self, update: Update, _context: BotContext) -> None:
        """``/flux_ajouter`` and an address, or in reply to a message with a link."""
        found = addressed_in(update)
        if found is None:
            return
        message, said = found
        address = said.text
        if said.quoted:
            replied = message.reply_to_message
            address = next(iter(links_of(replied)), "") if replied is not None else ""
        if not address or len(address) > _LONGEST_WANTED or len(address.split()) > 1:
            await reply(update, self._services, Message(texts.ADD_USAGE))
        elif _PATH.match(address):
            await reply(update, self._services, Message(texts.FOLDER_REFUSED))
        else:
            async with typing_shown(self._services.sender, place_of(message)):
                told = await self._added(address)
            await reply(update, self._services, told)

    async def remove(self, update: Update, _context: BotContext) -> None:
        """``/flux_retirer`` and a number of the list, an address or a name: ask before."""
        found = addressed_in(update)
        if found is None:
            return
        message, said = found
        place, wanted = place_of(message), "" if said.quoted else said.text[:_LONGEST_WANTED]
        if wanted:
            await reply(update, self._services, await self._question(place, wanted))
        else:
            listed = await self._listed(place)
            await reply(update, self._services, render_feeds(listed, choosing=True))

    async def press(self, update: Update, _context: BotContext) -> None:
        """Turn a page, ask before a removal, remove, or leave it."""
        found = pressed(update)
        if found is None:
            await toast(update, self._services)
            return
        data, place, message = found
        shown = await self._pressed(data.removeprefix(f"{FEEDS_DATA}:"), place)
        gone = texts.NO_SUCH_SOURCE if shown is None else None
        await toast(update, self._services, gone)
        if shown is not None:
            await self._services.sender.edit(place, message.message_id, shown)

    async def _pressed(self, data: str, place: Place) -> Message | None:
        """Return what the message becomes; None: the source is gone, or there is no such button."""
        kind, _, value = data.partition(":")
        if kind in (LISTED, CHOSEN_FROM) and _PAGE.fullmatch(value):
            listed = await self._listed(place)
            return render_feeds(listed, int(value), choosing=kind == CHOSEN_FROM)
        if kind == KEPT and not value:
            return Message(texts.KEPT)
        if kind not in (ASKED, CONFIRMED) or not _FEED_ID.fullmatch(value):
            return None
        try:
            if kind == CONFIRMED:
                return render_feed_removed(await asyncio.to_thread(self._removed, value))
            return render_feed_question(await asyncio.to_thread(self._of_id, value))
        except FeedError:
            return None

    async def _added(self, address: str) -> Message:
        """Follow it, and return what to tell, failures included."""
        feeds, now = self._services.feeds, self._services.now()
        try:
            added = await self._services.feeding.run(
                lambda _should_stop: feeds.add(address, now=now, folders=False)
            )
        except SourcierError as error:
            return render_feed_not_added(error.message)
        self._application.wake_following()
        return render_added_feed(added, followed=self._services.settings.follow_feeds)

    async def _question(self, place: Place, wanted: str) -> Message:
        try:
            if not _NUMBER.fullmatch(wanted):
                found = await asyncio.to_thread(self._services.feeds.find, wanted)
            elif int(wanted) > len(shown := self._shown.get(place, ())):
                return Message(texts.NO_SUCH_NUMBER)
            else:
                found = await asyncio.to_thread(self._of_id, shown[int(wanted) - 1])
        except FeedError as error:
            return render_feed_refusal(error.message)
        return render_feed_question(found)

    def _of_id(self, identifier: FeedId) -> Feed:
        """Return the source of that very id. Raises FeedError if there is none."""
        for feed in self._services.feeds.all():
            if feed.id == identifier:
                return feed
        raise FeedError(texts.NO_SUCH_SOURCE)

    def _removed(self, identifier: FeedId) -> Feed:
        return self._services.feeds.remove(self._of_id(identifier).id)

    async def _listed(self, place: Place) -> FeedList:
        """Return the list, and remember what its numbers stand for."""
        services = self._services
        feeds, counts = await asyncio.gather(
            asyncio.to_thread(services.feeds.all), asyncio.to_thread(services.feeds.counts)
        )
        self._shown[place] = tuple(feed.id for feed in feeds)
        return FeedList(
            feeds,
            services.now(),
            ZoneInfo(services.settings.timezone),
            {feed: articles for feed, (articles, _) in counts.items()},
            services.settings.follow_feeds,
        )
