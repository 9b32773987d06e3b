"""What the tests of subscribing share: the pages of settings, and how to press."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.digests.subscription_changes import Press, Verb
from bot.digests.subscriptions import Subscription
from bot.store.subscriptions import SubscriptionStore
from bot.texts import subscriptions as texts
from bot.views.subscription_pages import Surroundings
from bot.views.subscription_view import panel
from tests.interface.comparing import buttons, expected, expected_buttons, shown
from tests.telegram_server import Message, UserHandle

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # a Sunday
NEXT = "demain, lundi 23 novembre, à 8\u00a0h (heure de Paris)"
CONFIRMED = texts.SUBSCRIBED.format(days="tous les jours", hours="8\u00a0h")


def page(
    subscription: Subscription, verb: Verb, *, where: str = texts.WHERE_PRIVATE, notice: str = ""
) -> tuple[object, object]:
    found = panel(subscription, verb, Surroundings(where, NOW), notice=notice)
    return expected(found), expected_buttons(found)


def seen(message: Message) -> tuple[object, object]:
    return shown(message), buttons(message)


def only(store: SubscriptionStore) -> Subscription:
    [subscription] = store.all()
    return subscription


def press(
    person: UserHandle, message: Message, verb: Verb, value: str = "", number: int = 1
) -> str:
    """Press a button and return the toast."""
    query = person.press(message, str(Press(number, verb, value)))
    return str(person.wait_for_answer(query).get("text", ""))
