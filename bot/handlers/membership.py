"""Where the bot is added, muted, removed and brought back; groups and topics that change.

Nothing is deleted: what cannot be delivered is suspended, and resumes when the bot is back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from telegram import Chat as TelegramChat
from telegram import ChatMember, ChatMemberRestricted, ChatMemberUpdated, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError
from telegram.ext import ChatMemberHandler, MessageHandler, TypeHandler, filters

from bot.access import Verdict, Visitor
from bot.context import BotApplication, BotContext, Services
from bot.conversations import Place
from bot.digests.outbox import topic_notice
from bot.digests.subscription_desk import SubscriptionDesk
from bot.digests.subscriptions import SubscriptionState
from bot.filters import addressed_in
from bot.store.chats import ChatState
from bot.texts import subscriptions as texts
from bot.views.messages import Message

logger = logging.getLogger(__name__)

_PATIENCE = 60.0  # seconds; a greeting that comes late greets nobody
_BESIDE_ALL_OTHERS = 1  # a group of handlers: whatever else is done with the update
_PRESENT = frozenset(
    {ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.RESTRICTED}
)
_TOPICS = filters.StatusUpdate.FORUM_TOPIC_CLOSED | filters.StatusUpdate.FORUM_TOPIC_REOPENED


def register(application: BotApplication) -> None:
    """Add the handlers."""
    keeper = _Keeper(application.services, lambda: application.wake_schedule())
    application.add_handler(ChatMemberHandler(keeper.member, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, keeper.migrate))
    application.add_handler(MessageHandler(_TOPICS, keeper.topic))
    application.add_handler(TypeHandler(Update, keeper.spoken_to), group=_BESIDE_ALL_OTHERS)


class _Keeper:
    def __init__(self, services: Services, changed: Callable[[], None]) -> None:
        self._services = services
        self._changed = changed
        self._desk = SubscriptionDesk(services, changed=changed)
        self._chats = self._desk.chats

    async def member(self, update: Update, _context: BotContext) -> None:
        """Note what the bot may do in a chat from now on; greet, or resume what was suspended."""
        event = update.my_chat_member
        if event is None:
            return
        chat, now = event.chat, self._services.now()
        before, after = (
            may_write(chat, event.old_chat_member),
            may_write(chat, event.new_chat_member),
        )
        added = _is_there(event.new_chat_member) and not _is_there(event.old_chat_member)
        person = event.from_user.id if added else None
        await asyncio.to_thread(
            self._chats.note, chat.id, chat.type, chat.title or "", now=now, added_by=person
        )
        if not _is_there(event.new_chat_member):
            await asyncio.to_thread(self._chats.gone, chat.id, now=now)
        elif not after:
            await asyncio.to_thread(self._chats.muted, chat.id, now=now)
        elif added or not before:
            await self._welcome(chat, event)

    async def migrate(self, update: Update, _context: BotContext) -> None:
        """Follow a group that became a supergroup, from either of its two messages."""
        message = update.message
        if message is None:
            return
        old = message.migrate_from_chat_id or message.chat.id
        new = message.migrate_to_chat_id or message.chat.id
        if old != new:
            now = self._services.now()
            await asyncio.to_thread(self._chats.migrated, old, new, now=now)
            await self._services.sender.migrated(old, new)

    async def spoken_to(self, update: Update, _context: BotContext) -> None:
        """Resume what a chat had suspended, once it speaks to the bot again.

        Telegram does not tell of everything: neither that a group lets its members write again,
        nor that the reader of a bot that moved house has started it.
        """
        if addressed_in(update) is None or update.effective_chat is None:
            return
        chat_id, now = update.effective_chat.id, self._services.now()
        chat = await asyncio.to_thread(self._chats.get, chat_id)
        if chat is not None and chat.state in (ChatState.MUTED, ChatState.GONE):
            await asyncio.to_thread(self._chats.present, chat_id, now=now)
            self._changed()

    async def topic(self, update: Update, _context: BotContext) -> None:
        """Suspend the subscriptions of a closed topic, resume those of a reopened one."""
        message = update.message
        if message is None or message.message_thread_id is None:
            return
        chat, thread, now = message.chat.id, message.message_thread_id, self._services.now()
        if message.forum_topic_reopened is not None:
            await asyncio.to_thread(self._chats.topic_reopened, chat, thread, now=now)
        else:
            await self._close(chat, thread)
        self._changed()

    async def _close(self, chat_id: int, thread_id: int) -> None:
        await asyncio.to_thread(
            self._chats.topic_closed,
            chat_id,
            thread_id,
            now=self._services.now(),
            notice=topic_notice(Place(chat_id, thread_id)),
        )

    async def _welcome(self, chat: TelegramChat, event: ChatMemberUpdated) -> None:
        resumed = await asyncio.to_thread(self._chats.present, chat.id, now=self._services.now())
        self._changed()
        text = await self._resumed(chat.id) if resumed else _greeting(chat, event)
        if text is None or not await self._may_be_greeted(chat.id, event.from_user.id):
            return
        first = self._services.greetings.claim(chat.id, now=self._services.now())
        if not first and not resumed:
            return
        try:
            await self._services.sender.send(Place(chat.id), [Message(text)], patience=_PATIENCE)
        except TelegramError as error:
            logger.info("Salutation non transmise : %s", type(error).__name__)

    async def _may_be_greeted(self, chat_id: int, person: int) -> bool:
        """Whether the chat, or who changed the bot's place in it, is not to be turned away."""
        services = self._services
        state = await asyncio.to_thread(services.access_store.state, chat_id)
        return services.access.verdict(Visitor(person, chat_id), state) is not Verdict.REFUSED

    async def _resumed(self, chat_id: int) -> str | None:
        active = [
            each
            for each in await self._desk.of_chat(chat_id)
            if each.state is SubscriptionState.ACTIVE
        ]
        if not active:
            return None
        first = min(active, key=lambda each: each.due_at)
        return texts.RESUMED.format(next=self._desk.next_moment(first))


def may_write(chat: TelegramChat, member: ChatMember) -> bool:
    """Return whether a member that is the bot may write in the chat."""
    if member.status is ChatMemberStatus.ADMINISTRATOR and chat.type == ChatType.CHANNEL:
        return bool(getattr(member, "can_post_messages", False))
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    if chat.type == ChatType.CHANNEL:
        return False  # only its administrators write in a channel
    return member.status in _PRESENT


def _is_there(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in _PRESENT


def _greeting(chat: TelegramChat, event: ChatMemberUpdated) -> str | None:
    """Return what is said to a chat that the bot was added to, None where nobody asked for it."""
    if chat.type == ChatType.CHANNEL:
        return texts.GREETING_CHANNEL
    if chat.type == ChatType.PRIVATE or _is_there(event.old_chat_member):
        return None
    return texts.GREETING_GROUP
