"""Subscriptions in a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

from bot.conversations import Place
from bot.digests.subscription_changes import Press, Verb
from bot.digests.subscriptions import Preferences, Subscription, SubscriptionState, Suspension
from bot.texts import subscriptions as texts
from bot.views.messages import Button, Message
from bot.views.subscription_list import subscription_list
from knowledge.digest.types import Subjects

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def subscription(number: int, *words: str) -> Subscription:
    return Subscription(
        id=number,
        place=Place(-100, None),
        preferences=Preferences(subjects=Subjects(words=words)),
        created_at=NOW,
        watermark=NOW,
        due_at=NOW,
    )


def test_each_has_a_line_and_a_button_that_opens_its_page() -> None:
    ours = [
        (subscription(number, *words), where)
        for number, words, where in (
            (1, ("budget", "école"), texts.WHERE_GROUP),
            (2, (), texts.WHERE_CHAT.format(title="Brèves")),
            (3, (), texts.WHERE_GROUP),
            (4, (), texts.WHERE_GROUP),
            (5, (), texts.WHERE_GROUP),
        )
    ]
    (found,) = subscription_list(ours, Verb.CANCEL_PAGE)
    assert found.text.replace("\u00a0", " ").splitlines() == [
        "Quel abonnement supprimer\u202f?",
        "• n° 1, pour ce groupe : tous les jours, à 8 h (budget et école)",
        "• n° 2, pour « Brèves » : tous les jours, à 8 h",
        "• n° 3, pour ce groupe : tous les jours, à 8 h",
        "• n° 4, pour ce groupe : tous les jours, à 8 h",
        "• n° 5, pour ce groupe : tous les jours, à 8 h",
    ]
    buttons = [Button(f"n°\u00a0{at}", str(Press(at, Verb.CANCEL_PAGE))) for at in range(1, 6)]
    assert found.keyboard == (tuple(buttons[:4]), tuple(buttons[4:]))


def test_a_suspended_one_says_so_and_readers_who_cannot_press_get_no_buttons() -> None:
    ours = replace(subscription(7), state=SubscriptionState.SUSPENDED, reason=Suspension.BLOCKED)
    (found,) = subscription_list([(ours, texts.WHERE_CHANNEL)], None, closing="Écrivez-moi.")
    assert found == Message(
        "Abonnements\u00a0:\n"
        "• n°\u00a07, pour ce canal\u00a0: tous les jours, à 8\u00a0h (suspendu)\n"
        "Écrivez-moi."
    )


def test_a_long_list_takes_several_messages_with_each_button_under_its_line() -> None:
    hours = frozenset(time(hour, 30) for hour in range(8, 20))
    title = texts.WHERE_CHAT.format(title="🗞" * 80)
    ours = []
    for number in range(1, 131):
        one = subscription(number, "budget🦊" * 10)
        ours.append((replace(one, preferences=replace(one.preferences, hours=hours)), title))
    found = subscription_list(ours, Verb.MAIN, closing="Fin.")
    lines = [line for message in found for line in message.text.splitlines()]
    assert [line.partition(",")[0] for line in lines] == [
        "Abonnements\u00a0:",
        *(f"• n°\u00a0{number}" for number in range(1, 131)),
        "Fin.",
    ]
    for message in found:
        told = [line[2:].partition(",")[0] for line in message.text.splitlines() if "•" in line]
        assert [button.text for row in message.keyboard for button in row] == told


def test_a_message_has_no_more_buttons_than_telegram_takes() -> None:
    monday = replace(Preferences(), days=frozenset({0}))
    ours = [(replace(subscription(at), preferences=monday), "ici") for at in range(1, 131)]
    found = subscription_list(ours, Verb.MAIN)
    assert [sum(map(len, message.keyboard)) for message in found] == [100, 30]
