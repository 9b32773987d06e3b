"""Adding articles from the chat, for administrators: a command, a file, a lone link.

The work is done by a worker of its own, so that questions are answered meanwhile.
"""

from __future__ import annotations

import logging

from telegram import Message as TelegramMessage
from telegram import Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import CallbackQueryHandler, MessageHandler
from telegram.ext.filters import UpdateFilter

from bot.context import BotApplication, BotContext, Services, place_of, visitor_of
from bot.feeding import (
    TELEGRAM_FILE_BYTES,
    Link,
    Offered,
    PastedText,
    SentFile,
    asked_for,
    file_document,
    is_link,
    offered_by,
    text_document,
)
from bot.filters import addressed_in, command
from bot.handlers.administration import administrators_only, pressed, reply, toast
from bot.handlers.typing import typing_shown
from bot.last_kept import LastKept
from bot.texts import feeding as texts
from bot.views.feeding_view import (
    OFFER_DATA,
    render_added,
    render_file_too_large,
    render_not_added,
    render_offer,
)
from bot.views.messages import Message
from bot.worker import QueueFullError, ShouldStop
from knowledge.errors import GenerationCancelledError, SourceError, SourcierError
from knowledge.holdings import Added, Origin
from knowledge.types import RawDocument

logger = logging.getLogger(__name__)

_REMEMBERED_PRESSES = 1000
_DOWNLOAD_SECONDS = 60.0


class FileTooLargeError(Exception):
    """A file is larger than Telegram or our settings allow; the size is None if not known."""

    def __init__(self, size: int) -> None:
        super().__init__("file too large")
        self.size = size


def register(application: BotApplication) -> None:
    """Take what administrators add; before the questions, since a lone link is a text."""
    intake = _Intake(application.services)
    application.add_handler(MessageHandler(command("ajouter"), administrators_only(intake.add)))
    application.add_handler(
        MessageHandler(_Offer(application.services), administrators_only(intake.offer))
    )
    application.add_handler(
        CallbackQueryHandler(administrators_only(intake.press), pattern=rf"^{OFFER_DATA}:")
    )


class _Offer(UpdateFilter):
    """An administrator's file or lone link, in private."""

    def __init__(self, services: Services) -> None:
        super().__init__(name="offer")
        self._services = services

    def filter(self, update: Update) -> bool:
        visitor, message = visitor_of(update), update.message
        if visitor is None or message is None or visitor.in_group:
            return False
        if not self._services.access.is_administrator(visitor.user):
            return False
        return message.document is not None or is_link(message.text or "")


class _Intake:
    """Where articles come in."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pressed = LastKept[tuple[int, int], None](_REMEMBERED_PRESSES)

    @property
    def _limit(self) -> int:
        """The largest file taken, in bytes."""
        return min(TELEGRAM_FILE_BYTES, self._services.settings.max_document_bytes)

    async def add(self, update: Update, _context: BotContext) -> None:
        """``/ajouter``: what follows it, or what the message replied to holds."""
        found = addressed_in(update)
        if found is None:
            return
        message, said = found
        replied = message.reply_to_message
        offered: Offered | None
        if said.text and not said.quoted:
            offered = asked_for(said.text)
        elif message.document is not None:
            offered = offered_by(message)
        else:
            offered = offered_by(replied) if replied is not None else None
        if offered is None:
            await reply(update, self._services, Message(texts.USAGE))
            return
        async with typing_shown(self._services.sender, place_of(message)):
            told = await self._outcome(message, offered)
        await reply(update, self._services, told)

    async def offer(self, update: Update, _context: BotContext) -> None:
        """Ask whether a file or a lone link is to be added; a file too large is refused at once."""
        message = update.message
        offered = offered_by(message) if message is not None else None
        if offered is None:
            return
        size = offered.size if isinstance(offered, SentFile) else None
        if size is not None and size > self._limit:
            await reply(update, self._services, render_file_too_large(size, self._limit))
        else:
            await reply(update, self._services, render_offer(offered))

    async def press(self, update: Update, _context: BotContext) -> None:
        """Add what the question was about, or nothing; what it was about is in its message."""
        found = pressed(update)
        if found is None or found[0] not in (f"{OFFER_DATA}:oui", f"{OFFER_DATA}:non"):
            await toast(update, self._services)
            return
        data, place, message = found
        if not self._first_press(message):
            await toast(update, self._services, texts.ALREADY_ANSWERED)
            return
        await toast(update, self._services)
        edit, replied = self._services.sender.edit, message.reply_to_message
        offered = offered_by(replied) if replied is not None else None
        if data == f"{OFFER_DATA}:non":
            await edit(place, message.message_id, Message(texts.NOT_WANTED))
        elif offered is None:
            await edit(place, message.message_id, Message(texts.OFFER_GONE))
        else:
            await edit(place, message.message_id, Message(texts.ADDING))
            told = await self._outcome(message, offered)
            await edit(place, message.message_id, told)

    def _first_press(self, message: TelegramMessage) -> bool:
        key = (message.chat_id, message.message_id)
        if key in self._pressed:
            return False
        self._pressed[key] = None
        return True

    async def _outcome(self, message: TelegramMessage, offered: Offered) -> Message:
        """Add it and return what to tell, failures included."""
        limit = self._limit
        try:
            return render_added(await self._added(message, offered, limit))
        except FileTooLargeError as error:
            return render_file_too_large(error.size, limit)
        except TelegramError as error:
            logger.warning("Fichier non téléchargé : %s", type(error).__name__)
            return render_not_added(texts.DOWNLOAD_FAILED)
        except (SourceError, QueueFullError, GenerationCancelledError) as error:
            return render_not_added(error.message)
        except SourcierError as error:
            logger.warning("Article non ajouté : %s", type(error).__name__)
            return render_not_added(error.message)

    async def _added(self, message: TelegramMessage, offered: Offered, limit: int) -> Added:
        library = self._services.knowledge.library
        origin = Origin()
        data: RawDocument | None = None
        if isinstance(offered, SentFile):
            data = file_document(offered, await _downloaded(message, offered, limit))
        elif isinstance(offered, PastedText):
            data = text_document(offered)
            origin = Origin(offered.title, offered.outlet, offered.published)

        def work(_should_stop: ShouldStop) -> Added:
            document = library.fetch(offered.address) if isinstance(offered, Link) else data
            if document is None:
                raise TypeError("neither a link, nor a text, nor a file")
            return library.add(document, origin)

        return await self._services.feeding.run(work)


async def _downloaded(message: TelegramMessage, sent: SentFile, limit: int) -> bytes:
    """Return the file's bytes.

    Raises:
        FileTooLargeError: as Telegram announces it, or as it arrives.
        TelegramError: Telegram does not give it.
    """
    if sent.size is not None and sent.size > limit:
        raise FileTooLargeError(sent.size)
    try:
        file = await message.get_bot().get_file(sent.file_id)
        data = await file.download_as_bytearray(read_timeout=_DOWNLOAD_SECONDS)
    except BadRequest as error:
        if "too big" in error.message.lower():
            raise FileTooLargeError(sent.size or TELEGRAM_FILE_BYTES + 1) from error
        raise
    if len(data) > limit:
        raise FileTooLargeError(len(data))
    return bytes(data)
