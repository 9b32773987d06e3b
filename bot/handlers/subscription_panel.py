"""The buttons of a subscription's settings, and the replies that type a setting."""

from __future__ import annotations

from telegram import Message as TelegramMessage
from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler
from telegram.ext.filters import UpdateFilter

from bot.context import BotApplication, BotContext, Services, place_of
from bot.conversations import Place
from bot.digests.permissions import UnknownRightsError, is_chat_administrator, may_manage
from bot.digests.subscription_changes import PREFIX, Press, Verb, read_press, typed
from bot.digests.subscription_changes import pressed as changed_by
from bot.digests.subscription_desk import SubscriptionDesk
from bot.digests.subscriptions import Subscription
from bot.handlers.administration import pressed, reply, toast
from bot.texts import subscriptions as texts
from bot.views.messages import Message
from bot.views.schedule_reading import BadPreferenceError
from bot.views.subscription_pages import PAGE_AFTER
from bot.views.subscription_view import prompt, prompted

_PAGES = frozenset({Verb.MAIN, Verb.CANCEL_PAGE, *PAGE_AFTER.values()})


class _Replies(UpdateFilter):
    """Replies to a message of the bot's that asks for a setting."""

    def filter(self, update: Update) -> bool:
        return _asked(update) is not None


class Panel:
    """Shows and changes subscriptions in place."""

    def __init__(self, services: Services, desk: SubscriptionDesk) -> None:
        self._services = services
        self._desk = desk

    def register(self, application: BotApplication) -> None:
        """Add the buttons and the replies."""
        application.add_handler(CallbackQueryHandler(self.press, pattern=rf"^{PREFIX}:"))
        application.add_handler(MessageHandler(_Replies(name="typed settings"), self.take_reply))

    async def press(self, update: Update, context: BotContext) -> None:
        """Do what a button says, and show the page that follows."""
        found, query = pressed(update), update.callback_query
        press = read_press(found[0]) if found is not None else None
        if found is None or query is None or press is None:
            await toast(update, self._services, texts.GONE)
            return
        _, place, message = found
        subscription = await self._desk.get(press.subscription_id)
        if subscription is None:
            await toast(update, self._services, texts.GONE)
            await self._services.sender.edit(place, message.message_id, Message(texts.GONE))
            return
        refusal = await self._refusal(context, subscription, place, query.from_user.id)
        if refusal is not None:
            await toast(update, self._services, refusal)
            return
        said, shown = await self._done(subscription, press, place)
        await toast(update, self._services, said)
        if press.verb is Verb.ASK:
            await self._services.sender.send(place, [shown], reply_to=message.message_id)
        else:
            await self._services.sender.edit(place, message.message_id, shown)

    async def take_reply(self, update: Update, context: BotContext) -> None:
        """Take a typed setting; what cannot be read is refused and may be typed again."""
        found = _asked(update)
        if found is None:
            return
        message, number, field = found
        place = place_of(message)
        subscription = await self._desk.get(number)
        refusal = None
        if subscription is not None:
            refusal = await self._author_refusal(context, subscription, message)
        if refusal is not None:
            await reply(update, self._services, Message(refusal))
            return
        answer = Message(texts.GONE)
        if subscription is not None:
            answer = await self._typed(subscription, field, message.text or "", place)
        await reply(update, self._services, answer)

    async def _typed(
        self, subscription: Subscription, field: str, text: str, place: Place
    ) -> Message:
        try:
            preferences = typed(subscription.preferences, field, text)
        except BadPreferenceError as refused:
            return Message(str(refused))
        changed = await self._desk.change(subscription.id, preferences)
        if changed is None:
            return Message(texts.GONE)
        return await self._desk.page(
            changed, Verb.MAIN, seen_from=place, notice=texts.CHANGED_ABOVE
        )

    async def _done(
        self, subscription: Subscription, press: Press, place: Place
    ) -> tuple[str | None, Message]:
        """Return what the press is answered with, and what is shown."""
        if press.verb is Verb.ASK and press.value in texts.PROMPT_FIELDS:
            return None, prompt(subscription.id, press.value)
        if press.verb is Verb.CANCEL:
            await self._desk.cancel(subscription.id)
            return None, Message(texts.CANCELLED.format(id=subscription.id))
        if press.verb in _PAGES or press.verb is Verb.ASK:
            return None, await self._desk.page(subscription, press.verb, seen_from=place)
        page = PAGE_AFTER.get(press.verb, Verb.MAIN)
        outlets, feeds = await self._desk.choices()
        try:
            preferences = changed_by(
                subscription.preferences, press, outlets=outlets, feeds=[feed for feed, _ in feeds]
            )
        except BadPreferenceError as refused:
            return str(refused), await self._desk.page(subscription, page, seen_from=place)
        changed = await self._desk.change(subscription.id, preferences)
        if changed is None:
            return texts.GONE, Message(texts.GONE)
        shown = await self._desk.page(changed, page, seen_from=place)
        return self._confirmed(changed), shown

    def _confirmed(self, changed: Subscription) -> str:
        if changed.reason is not None:
            return texts.CHANGED_SUSPENDED
        return texts.CHANGED.format(next=self._desk.next_moment(changed))

    async def _author_refusal(
        self, context: BotContext, subscription: Subscription, message: TelegramMessage
    ) -> str | None:
        """Return why the author of a reply may not manage a subscription, or None."""
        place, person = place_of(message), message.from_user
        if _belongs(subscription, place):
            try:
                allowed = await may_manage(context.bot, message)
            except UnknownRightsError:
                return texts.UNSURE_ADMINISTRATOR
            return None if allowed else texts.ADMINISTRATORS_ONLY
        if person is None or message.sender_chat is not None:
            return texts.ADMINISTRATORS_ONLY
        return await self._refusal(context, subscription, place, person.id)

    async def _refusal(
        self, context: BotContext, subscription: Subscription, place: Place, user_id: int
    ) -> str | None:
        """Return why a person may not manage a subscription seen in `place`, or None.

        It is shown in its own chat, or in private to somebody who administers that chat.
        """
        if not _belongs(subscription, place) and place.chat_id < 0:
            return texts.GONE
        try:
            allowed = await is_chat_administrator(context.bot, subscription.place.chat_id, user_id)
        except UnknownRightsError:
            return texts.UNSURE_ADMINISTRATOR
        return None if allowed else texts.ADMINISTRATORS_ONLY


def _belongs(subscription: Subscription, place: Place) -> bool:
    return subscription.place.chat_id == place.chat_id


def _asked(update: Update) -> tuple[TelegramMessage, int, str] | None:
    """Return a reply that types a setting, with the subscription's number and the field."""
    message = update.message
    asked = message.reply_to_message if message is not None else None
    if message is None or asked is None or not message.text or message.forward_origin:
        return None
    author = asked.from_user
    if author is None or author.id != message.get_bot().id or message.text.startswith("/"):
        return None
    found = prompted(asked.text or "")
    return None if found is None else (message, *found)
