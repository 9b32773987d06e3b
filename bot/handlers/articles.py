"""Articles listed and removed by administrators, and what the base holds for everybody."""

from __future__ import annotations

import asyncio
import re

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot.context import BotApplication, BotContext, Services, place_of
from bot.conversations import Place
from bot.feeding import is_link
from bot.filters import addressed_in, command
from bot.handlers.administration import administrators_only, pressed, reply, toast
from bot.last_kept import LastKept
from bot.texts import feeding as texts
from bot.views.feeding_view import (
    LIST_DATA,
    PAGE,
    REMOVE_DATA,
    Page,
    render_page,
    render_remove_question,
    render_removed,
    render_sources,
    searchable,
)
from bot.views.messages import Message
from bot.worker import QueueFullError
from knowledge.errors import GenerationCancelledError
from knowledge.holdings import ArticleEntry
from knowledge.types import ArticleId

_MOST_LISTS = 100  # chats whose last list is remembered
_ARTICLE_ID = re.compile(r"[0-9a-f]{20}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def register(application: BotApplication) -> None:
    """Take the commands and their buttons."""
    shelf = _Shelf(application.services)
    application.add_handler(MessageHandler(command("sources"), _sources))
    for name, handle in (("articles", shelf.show), ("retirer", shelf.remove)):
        application.add_handler(MessageHandler(command(name), administrators_only(handle)))
    for data, handle in ((LIST_DATA, shelf.turn), (REMOVE_DATA, shelf.confirm)):
        application.add_handler(
            CallbackQueryHandler(administrators_only(handle), pattern=rf"^{data}:")
        )


async def _sources(update: Update, context: BotContext) -> None:
    services = context.services
    summary = await asyncio.to_thread(services.knowledge.summary)
    await reply(update, services, render_sources(summary))


class _Shelf:
    """The lists that were shown, and the articles taken from them by number."""

    def __init__(self, services: Services) -> None:
        self._services = services
        # What each number of the last list of a chat stands for: pages seen, one after another.
        self._shown = LastKept[Place, tuple[str, dict[int, ArticleId]]](_MOST_LISTS)

    async def show(self, update: Update, _context: BotContext) -> None:
        """``/articles``, or ``/articles budget``."""
        found = addressed_in(update)
        if found is None:
            return
        message, said = found
        page = await self._page(place_of(message), 0, "" if said.quoted else said.text)
        await reply(update, self._services, render_page(page))

    async def turn(self, update: Update, _context: BotContext) -> None:
        """Show another page in the same message."""
        found = pressed(update)
        await toast(update, self._services)
        if found is None:
            return
        data, place, message = found
        number, _, words = data.removeprefix(f"{LIST_DATA}:").partition(":")
        if number.isascii() and number.isdigit() and len(number) <= 9:
            page = await self._page(place, int(number), words)
            await self._services.sender.edit(place, message.message_id, render_page(page))

    async def remove(self, update: Update, _context: BotContext) -> None:
        """``/retirer`` with a number of the last list, a link, or words: ask before."""
        found = addressed_in(update)
        if found is None:
            return
        message, said = found
        await reply(update, self._services, await self._question(place_of(message), said.text))

    async def confirm(self, update: Update, _context: BotContext) -> None:
        """Remove the article that the question was about, or leave it."""
        found = pressed(update)
        if found is None:
            await toast(update, self._services)
            return
        data, place, message = found
        answer, _, identifier = data.removeprefix(f"{REMOVE_DATA}:").partition(":")
        if answer == "non":
            told: Message | None = Message(texts.KEPT)
        elif answer == "oui" and _ARTICLE_ID.fullmatch(identifier):
            told = await self._removed(identifier)
        else:
            told = None
        await toast(update, self._services, texts.NO_SUCH_ARTICLE if told is None else None)
        if told is not None:
            await self._services.sender.edit(place, message.message_id, told)

    async def _removed(self, identifier: ArticleId) -> Message | None:
        library, now = self._services.knowledge.library, self._services.now()
        try:
            removed = await self._services.feeding.run(
                lambda _should_stop: library.remove(identifier, now=now)
            )
        except (QueueFullError, GenerationCancelledError) as error:
            return Message(error.message)
        return None if removed is None else render_removed(removed)

    async def _question(self, place: Place, wanted: str) -> Message:
        library, wanted = self._services.knowledge.library, wanted.strip()
        article: ArticleEntry | None
        if not wanted:
            return Message(texts.REMOVE_USAGE)
        if _NUMBER.fullmatch(wanted):
            identifier = self._shown.get(place, ("", {}))[1].get(int(wanted))
            if identifier is None:
                return Message(texts.NO_SUCH_NUMBER)
            article = await asyncio.to_thread(library.article, identifier)
        elif is_link(wanted):
            article = await asyncio.to_thread(library.article_at, wanted)
        else:
            page = await self._page(place, 0, wanted)
            if page.listing.total != 1:
                several = page.listing.total > 1
                return render_page(page, note=texts.SEVERAL if several else None)
            article = page.listing.entries[0]
        if article is None:
            return Message(texts.NO_SUCH_ARTICLE)
        return render_remove_question(article)

    async def _page(self, place: Place, number: int, words: str) -> Page:
        """Return the nearest page there is, and remember what its numbers stand for."""
        words, library = searchable(words), self._services.knowledge.library
        while True:
            listing = await asyncio.to_thread(
                library.articles, words=words, limit=PAGE, offset=number * PAGE
            )
            page = Page(listing, number, words)
            if number < page.pages:
                break
            number = page.pages - 1
        self._remember(place, page)
        return page

    def _remember(self, place: Place, page: Page) -> None:
        words, numbers = self._shown.get(place, (page.words, {}))
        if words != page.words:
            numbers = {}
        for number, article in enumerate(page.listing.entries, page.number * PAGE + 1):
            numbers[number] = article.id
        self._shown[place] = (page.words, numbers)
