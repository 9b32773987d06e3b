"""What handlers are given: the services, through a typed context."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from telegram import Chat, Message, Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.access import AccessRules, Visitor
from bot.conversations import Conversation, Conversations, Place
from bot.greetings import Greetings
from bot.quota import Quota
from bot.receiving.pending import PendingMessages
from bot.running import RunningAnswers
from bot.sending.pacing import Pacing
from bot.sending.sender import Sender
from bot.settings import BotSettings
from bot.worker import Worker

if TYPE_CHECKING:
    from bot.store.access import AccessStore
    from bot.store.shown import ShownStore
    from knowledge.digest.types import Digest, DigestRequest
    from knowledge.feeds.service import Feeds
    from knowledge.library import Library
    from knowledge.ports import BaseSummary
    from knowledge.progress import OnProgress
    from knowledge.store.articles import SqlArticleStore
    from knowledge.store.engine import Database
    from knowledge.types import Answer, Question


class KnowledgeBase(Protocol):
    """What the bot needs of the knowledge side. Used by one thread at a time."""

    def ask(
        self,
        question: Question,
        *,
        now: datetime,
        should_stop: Callable[[], bool],
        on_progress: OnProgress | None = None,
    ) -> Answer:
        """Return the answer or abstention; this may take minutes.

        `on_progress` is called in this thread; see :mod:`knowledge.progress`.

        Raises SourcierError, GenerationCancelledError once `should_stop` returned True.
        """
        ...

    def digests(
        self, requests: Sequence[DigestRequest], *, now: datetime, should_stop: Callable[[], bool]
    ) -> Sequence[Digest | None]:
        """Return one digest a request, in order; None where there is nothing new.

        Called beside `ask`, by another thread. Raises SourcierError, GenerationCancelledError
        once `should_stop` returned True.
        """
        ...

    def summary(self) -> BaseSummary:
        """Return what the base holds."""
        ...

    @property
    def library(self) -> Library:
        """What administrators may do to the base; its methods may be called by any thread."""
        ...


def utc_now() -> datetime:
    """Return the time, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the handlers work with; one of each for the whole bot."""

    settings: BotSettings
    knowledge: KnowledgeBase
    worker: Worker
    feeding: Worker  # what changes the base, beside the questions
    conversations: Conversations
    running: RunningAnswers
    sender: Sender
    pacing: Pacing  # the sender's, shared with the outbox
    pending: PendingMessages
    database: Database  # for the bot's own tables; closed when serving ends
    access: AccessRules
    access_store: AccessStore
    quota: Quota  # of questions; asked by whatever costs an answer
    shown: ShownStore
    articles: SqlArticleStore  # to read, by any thread
    feeds: Feeds  # the sources that are followed; for any thread
    now: Callable[[], datetime] = utc_now
    greetings: Greetings = field(default_factory=Greetings)


class BotContext(CallbackContext[ExtBot[None], Any, Any, Any]):
    """The library's context, and the services."""

    @property
    def services(self) -> Services:
        """The services of the application that handles the update."""
        application = self.application
        if not isinstance(application, BotApplication):
            raise TypeError("this context belongs to another application")
        return application.services


class BotApplication(Application[ExtBot[None], BotContext, Any, Any, Any, None]):
    """The library's application, and the services."""

    def __init__(self, *, services: Services, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.services = services
        # Has the due times looked at again; the schedule puts itself here.
        self.wake_schedule: Callable[[], None] = lambda: None
        # Has the followed sources looked at again, where they are followed.
        self.wake_following: Callable[[], None] = lambda: None
        # Work that goes on while updates are received: begun again should it fail, cancelled at
        # the end, when it has what is left of `stop_seconds` to tidy up.
        self.background: list[Callable[[], Coroutine[Any, Any, None]]] = []


def place_of(message: Message) -> Place:
    """Return where a message was written."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat_id, thread)


def conversation_of(message: Message) -> Conversation:
    """Return whose conversation with the bot a message belongs to."""
    place = place_of(message)
    if message.chat.type == Chat.PRIVATE:
        return Conversation(place)
    sender = message.sender_chat or message.from_user
    return Conversation(place, None if sender is None else sender.id)


def visitor_of(update: Update) -> Visitor | None:
    """Return who writes a message or presses a button; None for any other update.

    Whoever writes as a group or a channel has no id of a person: `sender_chat` says so, and the
    sender is then an account of Telegram's that everybody shares.
    """
    query, message = update.callback_query, update.message
    if query is not None:
        chat = query.from_user.id if query.message is None else query.message.chat.id
        return Visitor(query.from_user.id, chat)
    if message is None:
        return None
    known = message.from_user is not None and message.sender_chat is None
    return Visitor(message.from_user.id if message.from_user and known else None, message.chat.id)
