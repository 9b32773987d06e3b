"""Subscribing in a private chat, and each setting changed by a button or in words."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.conversations import Place
from bot.digests.subscription_changes import Verb
from bot.digests.subscriptions import Preferences
from bot.store.subscriptions import SubscriptionStore
from bot.texts import subscriptions as texts
from bot.views.subscription_view import prompt
from knowledge.digest.types import DigestStyle, Subjects
from tests.interface.comparing import buttons, expected, shown
from tests.interface.running_bot import RunningBot
from tests.interface.subscribing.panels import CONFIRMED, NEXT, NOW, only, page, press, seen
from tests.telegram_server import UserHandle


def test_a_reader_subscribes_in_private_and_sees_the_settings(
    alice: UserHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    alice.say("/abonner")
    [settings] = alice.private_chat().wait_for_messages()
    made = only(store)
    assert made.place == Place(alice.id)
    assert made.created_by == alice.id
    assert made.preferences == Preferences()
    notice = f"{CONFIRMED} {texts.SUBSCRIBED_HELP}"
    assert seen(settings) == page(made, Verb.MAIN, notice=notice)
    assert settings.text.count(NEXT) == settings.text.count("Prochain envoi") == 1


def test_hours_days_and_subjects_may_follow_the_command(
    alice: UserHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    alice.say("/abonner 7h30 18h, lun-ven, budget, sauf football")
    [settings] = alice.private_chat().wait_for_messages()
    assert only(store).preferences == Preferences(
        hours=frozenset({time(7, 30), time(18)}),
        days=frozenset(range(5)),
        subjects=Subjects(words=("budget",), avoid=("football",)),
    )
    assert "du lundi au vendredi, à 7\u00a0h\u00a030 et 18\u00a0h" in settings.text


@pytest.mark.parametrize(
    ("verb", "value", "changed", "after"),
    [
        (Verb.HOUR, "1800", Preferences(hours=frozenset({time(8), time(18)})), Verb.HOURS_PAGE),
        (Verb.DAY, "0", Preferences(days=frozenset(range(1, 7))), Verb.DAYS_PAGE),
        (Verb.ITEMS, "3", Preferences(most_items=3), Verb.ITEMS_PAGE),
        (Verb.STYLE, "", Preferences(style=DigestStyle.SYNTHESIS), Verb.MAIN),
        (Verb.SOUND, "", Preferences(silent=True), Verb.MAIN),
        (Verb.EMPTY, "", Preferences(say_when_empty=True), Verb.MAIN),
        (Verb.CORRECTIONS, "", Preferences(corrections=False), Verb.MAIN),
    ],
)
def test_each_setting_changes_in_place_and_tells_the_next_sending(
    alice: UserHandle,
    bot: RunningBot,
    store: SubscriptionStore,
    verb: Verb,
    value: str,
    changed: Preferences,
    after: Verb,
) -> None:
    alice.say("/abonner")
    [settings] = alice.private_chat().wait_for_messages()
    if after is not Verb.MAIN:
        assert press(alice, settings, after) == ""
        alice.private_chat().wait_for_edit(settings)
    toast = press(alice, settings, verb, value)
    alice.private_chat().wait_for_edit(settings, 1 if after is Verb.MAIN else 2)
    made = only(store)
    assert made.preferences == changed
    assert toast.startswith("C’est changé. Prochain envoi\u00a0: ")
    assert seen(settings) == page(made, after)


def test_the_time_zone_changes_when_the_next_one_leaves(
    alice: UserHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    alice.say("/abonner")
    [settings] = alice.private_chat().wait_for_messages()
    press(alice, settings, Verb.ZONES_PAGE)
    alice.private_chat().wait_for_edit(settings)
    toast = press(alice, settings, Verb.ZONE, "Pacific/Noumea")
    # It is four in the morning of Monday there.
    assert toast == (
        "C’est changé. Prochain envoi\u00a0: "
        "aujourd’hui, lundi 23 novembre, à 8\u00a0h (heure de Nouméa)."
    )
    assert only(store).due_at == datetime(2026, 11, 22, 21, 0, tzinfo=UTC)


def test_subjects_are_typed_in_reply_and_taken_out_by_button(
    alice: UserHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    chat = alice.private_chat()
    alice.say("/abonner")
    [settings] = chat.wait_for_messages()
    press(alice, settings, Verb.WORDS_PAGE)
    chat.wait_for_edit(settings)
    press(alice, settings, Verb.ASK, "words")
    [asked] = chat.wait_for_messages()
    assert shown(asked) == expected(prompt(1, "words"))
    alice.say("budget, école", reply_to=asked)
    [changed] = chat.wait_for_messages()
    made = only(store)
    assert made.preferences.subjects == Subjects(words=("budget", "école"))
    assert seen(changed) == page(made, Verb.MAIN, notice=texts.CHANGED_ABOVE)
    press(alice, changed, Verb.WORDS_PAGE)
    chat.wait_for_edit(changed)
    alice.press(changed, "✕ budget")
    chat.wait_for_edit(changed, 2)
    assert only(store).preferences.subjects == Subjects(words=("école",))


def test_what_is_typed_and_cannot_be_read_is_refused_and_may_be_typed_again(
    alice: UserHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    chat = alice.private_chat()
    alice.say("/abonner")
    [settings] = chat.wait_for_messages()
    press(alice, settings, Verb.HOURS_PAGE)
    chat.wait_for_edit(settings)
    press(alice, settings, Verb.ASK, "hours")
    [asked] = chat.wait_for_messages()
    alice.say("tôt", reply_to=asked)
    [refused] = chat.wait_for_messages()
    assert shown(refused) == (texts.BAD_HOURS, [])
    assert only(store).preferences == Preferences()
    alice.say("6h45", reply_to=asked)
    chat.wait_for_messages()
    assert only(store).preferences == Preferences(hours=frozenset({time(6, 45)}))


def test_several_subscriptions_are_listed_each_with_its_button(
    alice: UserHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    chat = alice.private_chat()
    for options in ("", "18h, budget"):
        alice.say(f"/abonner {options}".rstrip())
        chat.wait_for_messages()
    alice.say("/abonnements")
    [listed] = chat.wait_for_messages()
    assert listed.text == (
        "Abonnements\u00a0:\n"
        "• n°\u00a01, pour cette conversation\u00a0: tous les jours, à 8\u00a0h\n"
        "• n°\u00a02, pour cette conversation\u00a0: tous les jours, à 18\u00a0h (budget)"
    )
    assert buttons(listed) == [("n°\u00a01", "ab:1:m"), ("n°\u00a02", "ab:2:m")]
    press(alice, listed, Verb.MAIN, number=2)
    chat.wait_for_edit(listed)
    assert seen(listed) == page(store.all()[1], Verb.MAIN)


def test_a_subscription_ends_after_a_confirmation(
    alice: UserHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    chat = alice.private_chat()
    alice.say("/abonner")
    chat.wait_for_messages()
    alice.say("/desabonner")
    [question] = chat.wait_for_messages()
    assert seen(question) == page(only(store), Verb.CANCEL_PAGE)
    press(alice, question, Verb.CANCEL)
    chat.wait_for_edit(question)
    assert seen(question) == ((texts.CANCELLED.format(id=1), []), [])
    assert store.all() == ()
    alice.say("/abonnements")
    [none] = chat.wait_for_messages()
    assert shown(none) == (texts.NONE_HERE, [])


def test_a_chat_has_at_most_ten(
    alice: UserHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    for _ in range(10):
        store.create(Place(alice.id), Preferences(), created_by=alice.id, now=NOW)
    alice.say("/abonner")
    [refused] = alice.private_chat().wait_for_messages()
    assert shown(refused) == (texts.TOO_MANY.format(most=10), [])
