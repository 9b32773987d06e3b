"""Whose hands a subscription is in: forged presses and replies, channels, numbers, odd commands."""

from __future__ import annotations

from datetime import time

import pytest

from bot.conversations import Place
from bot.digests.subscription_changes import Press, Verb
from bot.digests.subscriptions import Preferences
from bot.store.subscriptions import SubscriptionStore
from bot.texts import subscriptions as texts
from bot.views.subscription_view import prompt
from knowledge.digest.types import Subjects
from tests.interface.subscribing.panels import NOW
from tests.telegram_server import GroupHandle, Message, TelegramServer, UserHandle


@pytest.fixture
def channel(server: TelegramServer, alice: UserHandle, bob: UserHandle) -> GroupHandle:
    """A channel of two administrators, to which Alice adds the bot."""
    channel = server.group("Info Ville", kind="channel")
    channel.add(alice, status="creator")
    channel.add(bob, status="administrator")
    return channel


def toast(server: TelegramServer, person: UserHandle, under: Message, press: Press) -> str:
    """Press a button that the message may not have, and return what is answered."""
    query = server.state.add_callback_query(person.user, under, str(press))
    server.state.updates.add("callback_query", query.json())
    return str(person.wait_for_answer(query).get("text", ""))


def test_a_channels_settings_are_not_changed_from_a_group(
    server: TelegramServer,
    alice: UserHandle,
    group: GroupHandle,
    channel: GroupHandle,
    store: SubscriptionStore,
) -> None:
    channel.set_bot_status("administrator", by=alice)
    theirs = store.create(Place(channel.id), Preferences(), created_by=alice.id, now=NOW)
    alice.say("/abonner", chat=group)
    [settings] = group.wait_for_messages()
    assert toast(server, alice, settings, Press(theirs.id, Verb.SOUND)) == texts.GONE
    assert store.get(theirs.id) == theirs


def test_a_setting_typed_in_a_group_is_taken_from_administrators_alone(
    alice: UserHandle, bob: UserHandle, group: GroupHandle, store: SubscriptionStore
) -> None:
    alice.say("/abonner", chat=group)
    [settings] = group.wait_for_messages()
    alice.wait_for_answer(alice.press(settings, str(Press(1, Verb.WORDS_PAGE))))
    group.wait_for_edit(settings)
    alice.wait_for_answer(alice.press(settings, str(Press(1, Verb.ASK, "words"))))
    [asked] = group.wait_for_messages()
    bob.say("football", chat=group, reply_to=asked)
    [refused] = group.wait_for_messages()
    assert refused.text == texts.ADMINISTRATORS_ONLY
    alice.say("budget", chat=group, reply_to=asked)
    group.wait_for_messages()
    [made] = store.all()
    assert made.preferences.subjects == Subjects(words=("budget",))


def test_a_reply_to_somebody_who_quotes_the_question_changes_nothing(
    alice: UserHandle, bob: UserHandle, group: GroupHandle, store: SubscriptionStore
) -> None:
    group.seat_bot("administrator")  # it reads every message
    made = store.create(Place(group.id), Preferences(), created_by=alice.id, now=NOW)
    quoted = bob.say(prompt(made.id, "words").text, chat=group)
    alice.say("budget", chat=group, reply_to=quoted)
    assert group.stays_silent(0.5)
    assert store.all() == (made,)


def test_every_administrator_of_a_channel_may_choose_it_and_sees_its_subscriptions(
    alice: UserHandle, bob: UserHandle, channel: GroupHandle, store: SubscriptionStore
) -> None:
    channel.set_bot_status("administrator", by=alice)
    channel.wait_for_messages()
    private = bob.private_chat()
    bob.say("/abonner")
    [choice] = private.wait_for_messages()
    bob.press(choice, "Info Ville")
    private.wait_for_edit(choice)
    [made] = store.all()
    assert (made.place, made.created_by) == (Place(channel.id), bob.id)
    alice.say("/abonnements")
    [settings] = alice.private_chat().wait_for_messages()
    assert settings.text.startswith("Résumé n°\u00a01, pour «\u00a0Info Ville\u00a0»")


def test_a_channel_of_which_telegram_says_nothing_keeps_nobody_from_subscribing_in_private(
    server: TelegramServer, alice: UserHandle, channel: GroupHandle, store: SubscriptionStore
) -> None:
    channel.set_bot_status("administrator", by=alice)
    channel.wait_for_messages()
    server.faults.add(method="getChatMember", error=500)
    alice.say("/abonner")
    [settings] = alice.private_chat().wait_for_messages()
    assert settings.text.startswith("C’est noté")
    assert [each.place for each in store.all()] == [Place(alice.id)]


def test_what_follows_the_command_on_another_line_goes_to_the_channel_too(
    alice: UserHandle, channel: GroupHandle, store: SubscriptionStore
) -> None:
    channel.set_bot_status("administrator", by=alice)
    channel.wait_for_messages()
    alice.say("/abonner\n18h, budget")
    [choice] = alice.private_chat().wait_for_messages()
    alice.press(choice, "Info Ville")
    alice.private_chat().wait_for_edit(choice)
    [made] = store.all()
    wanted = Preferences(frozenset({time(18)}), subjects=Subjects(words=("budget",)))
    assert made.preferences == wanted


def test_a_channel_ends_its_subscription_by_a_post_with_or_without_the_accent(
    alice: UserHandle, channel: GroupHandle, store: SubscriptionStore
) -> None:
    channel.set_bot_status("administrator", by=alice)
    channel.wait_for_messages()
    alice.say("/abonner 25h", chat=channel)
    [refused] = channel.wait_for_messages()
    assert refused.text == texts.BAD_HOURS
    made = store.create(Place(channel.id), Preferences(), created_by=None, now=NOW)
    for command in ("/desabonner", "/Désabonner"):
        alice.say(command, chat=channel)
        [question] = channel.wait_for_messages()
        assert question.text.replace("\u00a0", " ").startswith("Résumé n° 1, pour ce canal")
    alice.wait_for_answer(alice.press(question, str(Press(made.id, Verb.CANCEL))))
    channel.wait_for_edit(question)
    assert store.all() == ()


def test_one_of_several_is_named_by_its_number_to_end_it(
    alice: UserHandle, store: SubscriptionStore
) -> None:
    for _ in range(2):
        store.create(Place(alice.id), Preferences(), created_by=alice.id, now=NOW)
    private = alice.private_chat()
    alice.say("/desabonner 2")
    [question] = private.wait_for_messages()
    assert question.text.startswith("Résumé n°\u00a02, ")
    assert texts.ASK_CANCEL in question.text
    alice.say("/desabonner 7")
    [none] = private.wait_for_messages()
    assert none.text == texts.NO_SUCH.format(id=7)


def test_an_hour_that_cannot_be_makes_no_subscription(
    alice: UserHandle, store: SubscriptionStore
) -> None:
    alice.say("/abonner 25h")
    [refused] = alice.private_chat().wait_for_messages()
    assert refused.text == texts.BAD_HOURS
    assert store.all() == ()
