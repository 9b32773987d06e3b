"""Sends messages: retried while Telegram cannot have them, never sent twice for lack of news.

A request that surely did not reach Telegram (no connection, 429, a gateway's 5xx) is made again
with growing pauses. A message that may have (the answer to it was lost) is not: better a note that
asks the reader to look above than the same answer twice. An edit is: the second changes nothing.

Everything goes at the pace that Telegram allows (:mod:`bot.sending.pacing`). A group that became a
supergroup is followed to its new id.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from telegram import LinkPreviewOptions
from telegram.error import ChatMigrated, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot import texts
from bot.conversations import Place
from bot.sending.gate import Gate
from bot.sending.pacing import Traffic
from bot.sending.refusals import Delivery, meaning, retry_seconds, wait_before_retry
from bot.sending.wire import Migrations, OnMigrated, entities_of, markup_of, reply_of
from bot.views.messages import Message

__all__ = ["PATIENCE_SECONDS", "Delivery", "Sender", "Sent", "retry_seconds"]

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 900.0  # how long a message is retried before it is given up
_CALLBACK_SECONDS = 10.0  # a button shows that it waits for about so long
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_MIGRATIONS = 3  # followed within one request


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of messages: the worst of them, and their ids in order, as far as they went.

    An id is None where Telegram may have the message. `place` is where they went: elsewhere than
    asked for if the group has migrated. `wait` is how many seconds the chat must still be left
    alone, which is why it was given up; 0 if for another reason.
    """

    delivery: Delivery
    message_ids: tuple[int | None, ...] = ()
    place: Place | None = None
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class _Effort:
    traffic: Traffic = Traffic.ANSWER
    patience: float = PATIENCE_SECONDS
    repeatable: bool = False


class Sender:
    """Sends through one bot, in one event loop; `patience` is in seconds."""

    def __init__(
        self,
        bot: ExtBot[None],
        *,
        patience: float = PATIENCE_SECONDS,
        gate: Gate | None = None,
    ) -> None:
        self._bot = bot
        self._patience = patience
        self._gate = Gate() if gate is None else gate
        self._migrations = Migrations()

    def on_migrated(self, hook: OnMigrated) -> None:
        """Have `hook` awaited with the old and the new id of each group found to have migrated."""
        self._migrations.hooks.append(hook)

    async def migrated(self, old: int, new: int) -> None:
        """Note that a group became a supergroup, and tell the hooks, once."""
        await self._migrations.note(old, new)

    async def send(
        self,
        place: Place,
        messages: Sequence[Message],
        *,
        reply_to: int | None = None,
        silent: bool = False,
        traffic: Traffic = Traffic.ANSWER,
        patience: float | None = None,
        explain_doubt: bool = True,
    ) -> Sent:
        """Send the messages in order, the first as a reply; return how the worst of them fared.

        What follows a message that did not go and will not is not sent. A `silent` message
        rings no bell. After a doubt the reader is told to look whether the answer is there, unless
        `explain_doubt` is False or the traffic is bulk.

        Raises:
            TelegramError: Telegram refuses a message for what it is: a defect of ours.
        """
        effort = _Effort(traffic, self._patience if patience is None else patience)
        ids: tuple[int | None, ...] = ()
        fared, arrived_at = Delivery.DELIVERED, place
        for index, message in enumerate(messages):
            answered = reply_to if index == 0 else None
            part = await self._send_one(place, message, answered, effort, silent=silent)
            ids += part.message_ids
            if part.delivery not in (Delivery.DELIVERED, Delivery.UNCERTAIN):
                return replace(part, message_ids=ids)
            if part.delivery is Delivery.UNCERTAIN:
                fared = part.delivery
            arrived_at = part.place or arrived_at
        if fared is Delivery.UNCERTAIN and explain_doubt and traffic is not Traffic.BULK:
            await self._send_one(place, Message(texts.PERHAPS_LOST), reply_to, effort)
        return Sent(fared, ids, arrived_at)

    async def edit(
        self, place: Place, message_id: int, message: Message, *, passing: bool = False
    ) -> Delivery:
        """Make a message of the bot's show `message`, keyboard included.

        A `passing` edit, which another one will replace, is dropped (`GIVEN_UP`) rather than
        delayed or repeated. A message that shows it already counts as `DELIVERED`; one that is
        gone, too old, or was left behind by a migration is `MISSING`.

        Raises:
            TelegramError: Telegram refuses the edit for what it is: a defect of ours.
        """
        if self._migrations.current(place) != place:
            return Delivery.MISSING
        if passing and not self._gate.passing(place.chat_id):
            return Delivery.GIVEN_UP

        async def request(current: Place) -> Sent:
            if current != place:
                return Sent(Delivery.MISSING)
            await self._bot.edit_message_text(
                message.text,
                chat_id=place.chat_id,
                message_id=message_id,
                entities=entities_of(message),
                reply_markup=markup_of(message.keyboard),
                link_preview_options=_NO_PREVIEW,
            )
            return Sent(Delivery.DELIVERED)

        if passing:
            return (await self._once(place, request)).delivery
        effort = _Effort(patience=self._patience, repeatable=True)
        return (await self._persist(place, request, effort)).delivery

    async def draft(self, place: Place, draft_id: int, text: str) -> bool:
        """Show `text` as what is being written in a private chat; False if it was dropped.

        It is dropped where it comes too early or Telegram asked for a pause; `draft_id` is not 0.
        """
        if place.chat_id < 0 or not self._gate.draft(place.chat_id):
            return False
        try:
            await self._bot.send_message_draft(
                place.chat_id, draft_id, text, message_thread_id=place.thread_id
            )
        except TelegramError as error:
            self._note(place.chat_id, error)
            return False
        return True

    async def answer_callback(
        self, query_id: str, text: str | None = None, *, alert: bool = False
    ) -> bool:
        """End the waiting of a pressed button, with a toast (up to 200 characters) or an alert.

        False where that is no longer possible: too late, or out of reach. Never an error.
        """
        give_up_at = time.monotonic() + _CALLBACK_SECONDS
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._bot.answer_callback_query(query_id, text, show_alert=alert)
            except TelegramError as error:
                wait = wait_before_retry(error, pause, repeatable=True)
                if wait is None or time.monotonic() + wait > give_up_at:
                    logger.debug("Bouton sans réponse : %s", type(error).__name__)
                    return False
                await asyncio.sleep(wait)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                return True

    async def show_typing(self, place: Place) -> bool:
        """Show that an answer is being written; False if that was dropped, never an error."""
        place = self._migrations.current(place)
        if not self._gate.action(place.chat_id):
            return False
        try:
            await self._bot.send_chat_action(
                place.chat_id, "typing", message_thread_id=place.thread_id
            )
        except TelegramError as error:
            logger.debug("«écrit…» non transmis : %s", type(error).__name__)
            return False
        return True

    async def _send_one(
        self,
        place: Place,
        message: Message,
        reply_to: int | None,
        effort: _Effort,
        *,
        silent: bool = False,
    ) -> Sent:
        async def request(current: Place) -> Sent:
            # The ids of a group's messages mean other messages in its supergroup.
            answered = reply_to if current == place else None
            sent = await self._bot.send_message(
                current.chat_id,
                message.text,
                entities=entities_of(message),
                message_thread_id=current.thread_id,
                reply_parameters=reply_of(answered),
                reply_markup=markup_of(message.keyboard),
                disable_notification=silent or None,
                link_preview_options=_NO_PREVIEW,
            )
            return Sent(Delivery.DELIVERED, (sent.message_id,), current)

        sent = await self._persist(place, request, effort)
        return replace(sent, message_ids=(None,)) if sent.delivery is Delivery.UNCERTAIN else sent

    async def _persist(
        self, place: Place, request: Callable[[Place], Awaitable[Sent]], effort: _Effort
    ) -> Sent:
        """Make the request at the pace allowed until it has an outcome or patience is spent."""
        give_up_at = time.monotonic() + effort.patience
        pause, migrations = _FIRST_PAUSE, 0
        while True:
            current = self._migrations.current(place)
            left = max(0.0, give_up_at - time.monotonic())
            if not await self._gate.passed(current.chat_id, effort.traffic, patience=left):
                return self._given_up(current)
            try:
                return await request(current)
            except ChatMigrated as error:
                migrations += 1
                if migrations > _MIGRATIONS:
                    raise
                await self.migrated(current.chat_id, error.new_chat_id)
            except TelegramError as error:
                wait = wait_before_retry(error, pause, repeatable=effort.repeatable)
                if wait is None:
                    return Sent(meaning(error), place=current)
                self._note(current.chat_id, error)
                if time.monotonic() + wait > give_up_at:
                    return self._given_up(current)
                if not isinstance(error, RetryAfter):  # for which the gate stays shut
                    await asyncio.sleep(wait)
                    pause = min(2 * pause, _LONGEST_PAUSE)

    async def _once(self, place: Place, request: Callable[[Place], Awaitable[Sent]]) -> Sent:
        try:
            return await request(place)
        except ChatMigrated as error:
            await self.migrated(place.chat_id, error.new_chat_id)
            return Sent(Delivery.MISSING)
        except TelegramError as error:
            self._note(place.chat_id, error)
            if wait_before_retry(error, 0.0, repeatable=True) is not None:
                return Sent(Delivery.GIVEN_UP)
            return Sent(meaning(error))

    def _given_up(self, place: Place) -> Sent:
        logger.warning("Message abandonné : Telegram injoignable ou saturé.")
        return Sent(Delivery.GIVEN_UP, place=place, wait=self._gate.chat_wait(place.chat_id))

    def _note(self, chat_id: int, error: TelegramError) -> None:
        if isinstance(error, RetryAfter):
            self._gate.retry_after(chat_id, retry_seconds(error))
