"""What a reader sees while an answer is being prepared, and where the answer then goes.

In a private chat a draft shows it (core.telegram.org/bots/api#sendmessagedraft), which fades by
itself and gives way to the real message. In a group a message does, edited now and then, that
becomes the first message of the answer. Nothing of it is worth an error or a delay of the answer:
what Telegram does not take is dropped, and the next state is shown instead.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Protocol

from telegram.error import TelegramError

from bot import texts
from bot.conversations import Place
from bot.sending.pacing import Traffic
from bot.sending.sender import Delivery, Sender, Sent
from bot.views.layout import lay_out
from bot.views.messages import Message
from bot.views.wording import ordinal
from knowledge.progress import OnProgress, Reading
from knowledge.types import Answer, AnswerMode, Claim

logger = logging.getLogger(__name__)

# An answer that takes no longer shows nothing before it.
_DRAFT_AFTER, _MESSAGE_AFTER = 0.5, 1.0
_DRAFT_PAUSE, _EDIT_PAUSE = 0.7, 3.0  # seconds between two states
_DRAFT_REPEATED = 20.0  # a draft fades after 30 s
_AGAIN = 1.0  # after what was dropped
_DRAFT_ENDS = 2.0  # how long a draft on its way is awaited: it must not come after the answer
_PATIENCE = 2.0  # of the first message of a group; an edit has none


class Screen(Protocol):
    """Where the states of an answer are shown, one after the other."""

    after: float  # seconds before the first state
    pause: float  # seconds between two
    again: float  # seconds after one that was dropped
    repeated: float | None  # seconds after which the same state is shown again
    ends: float | None  # seconds for which one on its way is awaited at the end; None: for ever

    async def show(self, text: str) -> bool:
        """Show a state; False if it was dropped and may be shown later."""
        ...

    @property
    def message_id(self) -> int | None:
        """The message that shows the state, None if that is none of the chat's."""
        ...


class DraftScreen:
    """A draft in a private chat; the answer is a message of its own."""

    after = _DRAFT_AFTER
    pause = _DRAFT_PAUSE
    again = _AGAIN
    repeated: float | None = _DRAFT_REPEATED
    ends: float | None = _DRAFT_ENDS

    def __init__(self, sender: Sender, place: Place) -> None:
        self._sender, self._place = sender, place
        self._draft_id = 1 + secrets.randbelow(2**31 - 1)

    async def show(self, text: str) -> bool:
        """Show a state; False if it was dropped."""
        return await self._sender.draft(self._place, self._draft_id, text)

    @property
    def message_id(self) -> int | None:
        """None: a draft is no message."""
        return None


class MessageScreen:
    """A message in a group, which becomes the first of the answer."""

    after = _MESSAGE_AFTER
    pause = _EDIT_PAUSE
    again = _AGAIN
    repeated: float | None = None
    ends: float | None = None  # or a message could be left behind whose id is not known

    def __init__(self, sender: Sender, place: Place, reply_to: int) -> None:
        self._sender, self._place, self._reply_to = sender, place, reply_to
        self._message_id: int | None = None
        self._broken = False

    async def show(self, text: str) -> bool:
        """Show a state; False if it was dropped."""
        if self._broken:
            return True
        if self._message_id is None:
            return await self._begin(Message(text))
        fared = await self._sender.edit(self._place, self._message_id, Message(text), passing=True)
        self._broken = fared not in (Delivery.DELIVERED, Delivery.GIVEN_UP)
        return fared is not Delivery.GIVEN_UP

    @property
    def message_id(self) -> int | None:
        """The message that shows the state, once there is one."""
        return self._message_id

    async def _begin(self, message: Message) -> bool:
        sent = await self._sender.send(
            self._place,
            [message],
            reply_to=self._reply_to,
            traffic=Traffic.BULK,
            patience=_PATIENCE,
        )
        if sent.delivery is Delivery.DELIVERED:
            [self._message_id] = sent.message_ids
            self._place = sent.place or self._place
            return True
        self._broken = sent.delivery is not Delivery.GIVEN_UP
        return self._broken


def screen_of(sender: Sender, place: Place, *, reply_to: int) -> Screen:
    """Return where to show the states of an answer to a message of that place."""
    if place.chat_id < 0:
        return MessageScreen(sender, place, reply_to)
    return DraftScreen(sender, place)


async def send_in_place(
    sender: Sender,
    place: Place,
    messages: Sequence[Message],
    *,
    reply_to: int,
    replaces: int | None,
) -> Sent:
    """Make the message `replaces` the first of `messages` and send the rest.

    All of them are sent, the first as a reply, where there is nothing to replace (any more).

    Raises:
        TelegramError: Telegram refuses a message for what it is: a defect of ours.
    """
    if replaces is None:
        return await sender.send(place, messages, reply_to=reply_to)
    first, *rest = messages
    fared = await sender.edit(place, replaces, first)
    if fared is Delivery.MISSING:
        return await sender.send(place, messages, reply_to=reply_to)
    if fared is not Delivery.DELIVERED:
        return Sent(fared, (replaces,), place)
    sent = await sender.send(place, rest)
    return Sent(sent.delivery, (replaces, *sent.message_ids), sent.place, sent.wait)


class LiveText:
    """Shows the latest of the texts it is given, at the pace of its screen, from within a block.

    The first comes after a while, so that an answer that takes no time shows nothing before it.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._wanted: str | None = None
        self._changed = asyncio.Event()
        self._on_its_way = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> LiveText:
        self._task = asyncio.create_task(self._keep_showing())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and self._task is not None:
            self._task.cancel()  # without waiting for Telegram: the bot may be about to end
        await self._end()

    def show(self, text: str) -> None:
        """Show `text` from now on."""
        if text != self._wanted:
            self._wanted = text
            self._changed.set()

    async def end(self) -> int | None:
        """Show nothing more; return the message that shows a state, which the answer replaces."""
        await self._end()
        return self._screen.message_id

    async def _end(self) -> None:
        if self._task is None:
            return
        task, self._task = self._task, None
        if not task.cancelling():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._screen.ends), self._on_its_way:
                    task.cancel()
        task.cancel()
        await asyncio.wait([task])

    async def _keep_showing(self) -> None:
        await asyncio.sleep(self._screen.after)
        while True:
            await self._next()
            text = self._wanted
            if text is None:
                continue
            self._changed.clear()
            if await self._shown(text):
                await asyncio.sleep(self._screen.pause)
            else:
                self._changed.set()
                await asyncio.sleep(self._screen.again)

    async def _next(self) -> None:
        """Wait for another text, or until the same has to be shown again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._screen.repeated):
                await self._changed.wait()

    async def _shown(self, text: str) -> bool:
        async with self._on_its_way:
            try:
                return await self._screen.show(text)
            except TelegramError as error:
                logger.warning("État de la réponse non transmis : %s", type(error).__name__)
                return True


class ProgressView:
    """Says in French how far an answer is, to `show`. For use in the event loop."""

    def __init__(self, question: str, show: Callable[[str], None]) -> None:
        self._question = question
        self._show = show
        self._claims: tuple[Claim, ...] = ()

    def on_place(self, place: int) -> None:
        """Tell the place in the queue, or that it is this question's turn."""
        self._show(
            texts.SEARCHING if place == 1 else texts.QUEUE_PLACE.format(place=ordinal(place))
        )

    def on_progress(self, progress: Reading | Claim) -> None:
        """Tell what is read; then show the prose that has been checked so far."""
        if isinstance(progress, Reading):
            self._show(reading_text(progress))
            return
        self._claims += (progress,)
        prose = lay_out(Answer(self._question, self._claims, AnswerMode.MODEL)).prose
        if prose:
            self._show("\n\n".join((*prose, texts.MORE_TO_COME)))


def reading_text(reading: Reading) -> str:
    """Return what is read, in words."""
    if reading.passages == 1:
        return texts.READING_ONE
    if reading.articles == 1:
        return texts.READING_ONE_ARTICLE.format(passages=reading.passages)
    return texts.READING.format(passages=reading.passages, articles=reading.articles)


def in_loop(on_progress: OnProgress) -> OnProgress:
    """Return what calls `on_progress` in the running loop, soon, from whatever thread."""
    loop = asyncio.get_running_loop()

    def tell(progress: Reading | Claim) -> None:
        with suppress(RuntimeError):  # the loop was closed before the answer was given up
            loop.call_soon_threadsafe(on_progress, progress)

    return tell
