"""``/abonner``, ``/abonnements``, ``/desabonner``: in private, in groups and topics, in channels.

In a group or channel only its administrators may; Telegram is asked at each use. A channel's
subscription is made by a post in it, or from the private chat of one of its administrators.
"""

from __future__ import annotations

import asyncio
import re

from telegram import Message as TelegramMessage
from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.access import Verdict, Visitor
from bot.context import BotApplication, BotContext, Services, place_of
from bot.conversations import Place
from bot.digests.permissions import (
    UnknownRightsError,
    administered,
    is_chat_administrator,
    may_manage,
)
from bot.digests.subscription_changes import Verb
from bot.digests.subscription_desk import SubscriptionDesk
from bot.digests.subscription_request import asked_for
from bot.digests.subscriptions import Preferences, Subscription
from bot.filters import addressed_in, command
from bot.handlers.administration import pressed, reply, toast
from bot.handlers.subscription_panel import Panel
from bot.store.chats import Chat
from bot.texts import subscriptions as texts
from bot.views.messages import Button, Message, inline
from bot.views.schedule_reading import BadPreferenceError

_PLACE = "abp"  # data of the buttons that choose where
_POST = re.compile(
    r"/(abonner|abonnements|d[eé]sabonner)(?:@(\w+))?(?:\s+(.*))?", re.DOTALL | re.IGNORECASE
)


def register(application: BotApplication) -> None:
    """Add the commands, the posts of channels, and the buttons."""
    desk = SubscriptionDesk(application.services, changed=lambda: application.wake_schedule())
    commands = _Commands(application.services, desk)
    for name, handle in (
        ("abonner", commands.subscribe),
        ("abonnements", commands.show),
        ("desabonner", commands.unsubscribe),
    ):
        application.add_handler(MessageHandler(command(name), handle))
    posts = filters.UpdateType.CHANNEL_POST & filters.Regex(_POST)
    application.add_handler(MessageHandler(posts, commands.post))
    application.add_handler(CallbackQueryHandler(commands.choose, pattern=rf"^{_PLACE}:"))
    Panel(application.services, desk).register(application)


class _Commands:
    def __init__(self, services: Services, desk: SubscriptionDesk) -> None:
        self._services = services
        self._desk = desk

    async def subscribe(self, update: Update, context: BotContext) -> None:
        """``/abonner``: here, or where the buttons say."""
        found = await self._asked(update, context)
        if found is None:
            return
        message, text = found
        try:  # before anything is asked: it would be asked in vain
            asked_for(text, Preferences())
        except BadPreferenceError as refused:
            await reply(update, self._services, Message(str(refused)))
            return
        channels = await self._channels(message, context)
        if channels:
            await reply(update, self._services, _choice(channels))
            return
        person = message.from_user.id if message.from_user and not message.sender_chat else None
        place = place_of(message)
        await reply(update, self._services, await self._made(place, text, person, seen_from=place))

    async def choose(self, update: Update, context: BotContext) -> None:
        """Subscribe the place of a pressed button."""
        found, query = pressed(update), update.callback_query
        if found is None or query is None:
            await toast(update, self._services, texts.GONE)
            return
        data, place, message = found
        target = _target(data, place)
        try:
            allowed = target is not None and await is_chat_administrator(
                context.bot, target.chat_id, query.from_user.id
            )
        except UnknownRightsError:
            await toast(update, self._services, texts.UNSURE_ADMINISTRATOR)
            return
        if target is None or not allowed:
            await toast(update, self._services, texts.ADMINISTRATORS_ONLY)
            return
        await toast(update, self._services)
        shown = await self._made(target, _options(message), query.from_user.id, seen_from=place)
        await self._services.sender.edit(place, message.message_id, shown)

    async def show(self, update: Update, context: BotContext) -> None:
        """``/abonnements``: the list, with a button a subscription."""
        found = await self._asked(update, context)
        if found is not None:
            shown = await self._overview(found[0], context, Verb.MAIN)
            await reply(update, self._services, *shown)

    async def unsubscribe(self, update: Update, context: BotContext) -> None:
        """``/desabonner``: ask to confirm, or which one of several."""
        found = await self._asked(update, context)
        if found is None:
            return
        message, text = found
        if text.isdecimal():
            mine = await self._of(message, context)
            wanted = [each for each in mine if str(each.id) == text.lstrip("0")]
            shown = await self._listed(wanted, message, Verb.CANCEL_PAGE)
            if not wanted:
                shown = (Message(texts.NO_SUCH.format(id=text[:10])),)
        else:
            shown = await self._overview(message, context, Verb.CANCEL_PAGE)
        await reply(update, self._services, *shown)

    async def post(self, update: Update, context: BotContext) -> None:
        """Do what a post of a channel says, if it is a command for this bot."""
        post = update.channel_post
        said = _POST.fullmatch((post.text or "").strip()) if post is not None else None
        if post is None or said is None:
            return
        if said[2] and said[2].lower() != context.bot.username.lower():
            return
        place, name = place_of(post), said[1].lower()
        if not await self._admits(post):
            await reply(update, self._services, Message(texts.CHANNEL_NOT_ADMITTED))
        elif name == "abonner":
            made = await self._create(place, said[3] or "", None)
            text = made if isinstance(made, str) else self._desk.channel_confirmation(made)
            await reply(update, self._services, Message(text))
        else:
            mine = await self._desk.of_chat(place.chat_id)
            if name == "abonnements" and mine:  # its readers see it, and cannot press anything
                shown = await self._desk.listing(
                    mine, seen_from=place, page=None, closing=texts.CHANNEL_HELP
                )
            else:
                shown = await self._listed(mine, post, Verb.CANCEL_PAGE)
            await reply(update, self._services, *shown)

    async def _asked(
        self, update: Update, context: BotContext
    ) -> tuple[TelegramMessage, str] | None:
        """Return the message and what follows the command, or refuse and return None."""
        found = addressed_in(update)
        if found is None:
            return None
        message, said = found
        try:
            if await may_manage(context.bot, message):
                return message, said.text
            refusal = texts.ADMINISTRATORS_ONLY
        except UnknownRightsError:
            refusal = texts.UNSURE_ADMINISTRATOR
        await reply(update, self._services, Message(refusal))
        return None

    async def _admits(self, post: TelegramMessage) -> bool:
        """Whether the channel is let in, or was given the bot by somebody who is."""
        services, chat_id = self._services, post.chat.id
        chat = await asyncio.to_thread(self._desk.chats.get, chat_id)
        visitors = [Visitor(None, chat_id)]
        if chat is not None and chat.added_by is not None:
            visitors.append(Visitor(chat.added_by, chat.added_by))
        for visitor in visitors:
            state = await asyncio.to_thread(services.access_store.state, visitor.subject)
            if services.access.verdict(visitor, state) is Verdict.ADMITTED:
                return True
        return False

    async def _channels(self, message: TelegramMessage, context: BotContext) -> tuple[Chat, ...]:
        """Return the channels that the author administers, for a private chat."""
        if message.chat.type != "private" or message.from_user is None:
            return ()
        channels = await asyncio.to_thread(self._desk.chats.with_bot, kind="channel")
        return await administered(context.bot, channels, message.from_user.id)

    async def _made(
        self, place: Place, options: str, created_by: int | None, *, seen_from: Place
    ) -> Message:
        made = await self._create(place, options, created_by)
        if isinstance(made, str):
            return Message(made)
        notice = f"{self._desk.confirmation(made)} {texts.SUBSCRIBED_HELP}"
        return await self._desk.page(made, Verb.MAIN, seen_from=seen_from, notice=notice)

    async def _create(
        self, place: Place, options: str, created_by: int | None
    ) -> Subscription | str:
        """Return the new subscription, or why there is none."""
        try:
            preferences = asked_for(options, Preferences())
            return await self._desk.create(place, preferences, created_by=created_by)
        except BadPreferenceError as refused:
            return str(refused)

    async def _overview(
        self, message: TelegramMessage, context: BotContext, page: Verb
    ) -> tuple[Message, ...]:
        return await self._listed(await self._of(message, context), message, page)

    async def _of(self, message: TelegramMessage, context: BotContext) -> list[Subscription]:
        """Return the subscriptions of the chat, in private those of the author's channels too."""
        found = list(await self._desk.of_chat(message.chat.id))
        for channel in await self._channels(message, context):
            found += await self._desk.of_chat(channel.id)
        return found

    async def _listed(
        self,
        subscriptions: list[Subscription] | tuple[Subscription, ...],
        message: TelegramMessage,
        page: Verb,
    ) -> tuple[Message, ...]:
        place = place_of(message)
        if not subscriptions:
            return (Message(texts.NONE_HERE),)
        if len(subscriptions) == 1:
            return (await self._desk.page(subscriptions[0], page, seen_from=place),)
        return await self._desk.listing(subscriptions, seen_from=place, page=page)


def _choice(channels: tuple[Chat, ...]) -> Message:
    buttons = [Button(texts.HERE, f"{_PLACE}:0")]
    buttons += [
        Button(inline(channel.title, limit=60) or "…", f"{_PLACE}:{channel.id}")
        for channel in channels
    ]
    return Message(texts.CHOOSE_PLACE, keyboard=tuple((button,) for button in buttons))


def _target(data: str, here: Place) -> Place | None:
    value = data.removeprefix(f"{_PLACE}:")
    if value == "0":
        return here
    return Place(int(value)) if re.fullmatch(r"-\d{1,15}", value) else None


def _options(message: TelegramMessage) -> str:
    """Return what followed the command that `message` answers."""
    asked = message.reply_to_message
    words = (asked.text or "").split(maxsplit=1) if asked is not None else []
    return words[1] if len(words) > 1 else ""
