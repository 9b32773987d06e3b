"""Subscribing in groups, topics and channels, by those who may."""

from __future__ import annotations

from bot.conversations import Place
from bot.digests.subscription_changes import Verb
from bot.digests.subscriptions import Preferences
from bot.store.subscriptions import SubscriptionStore
from bot.texts import subscriptions as texts
from knowledge.digest.types import Subjects
from tests.interface.comparing import shown
from tests.interface.running_bot import RunningBot
from tests.interface.subscribing.panels import CONFIRMED, only, page, press, seen
from tests.telegram_server import GroupHandle, TelegramServer, UserHandle


def test_in_a_group_only_administrators_subscribe_change_and_cancel(
    alice: UserHandle,
    bob: UserHandle,
    group: GroupHandle,
    bot: RunningBot,
    store: SubscriptionStore,
) -> None:
    for command in ("/abonner", "/abonnements", "/desabonner"):
        bob.say(command, chat=group)
        [refused] = group.wait_for_messages()
        assert shown(refused) == (texts.ADMINISTRATORS_ONLY, [])
    alice.say("/abonner", chat=group)
    [settings] = group.wait_for_messages()
    notice = f"{CONFIRMED} {texts.SUBSCRIBED_HELP}"
    assert seen(settings) == page(only(store), Verb.MAIN, where=texts.WHERE_GROUP, notice=notice)
    assert press(bob, settings, Verb.SOUND) == texts.ADMINISTRATORS_ONLY
    assert only(store).preferences == Preferences()
    group.set_status(bob, "administrator", by=alice)  # asked anew at each use
    press(bob, settings, Verb.SOUND)
    group.wait_for_edit(settings)
    assert only(store).preferences == Preferences(silent=True)
    group.set_status(bob, "member", by=alice)
    assert press(bob, settings, Verb.SOUND) == texts.ADMINISTRATORS_ONLY


def test_an_anonymous_administrator_subscribes_and_a_channel_that_writes_there_does_not(
    server: TelegramServer,
    bob: UserHandle,
    group: GroupHandle,
    channel: GroupHandle,
    bot: RunningBot,
    store: SubscriptionStore,
) -> None:
    carol = server.user("Carole")
    group.add(carol, status="administrator", anonymous=True)
    channel.add(bob, status="creator")
    bob.say("/abonner", chat=group, as_chat=channel)
    [refused] = group.wait_for_messages()
    assert shown(refused) == (texts.ADMINISTRATORS_ONLY, [])
    carol.say("/abonner", chat=group)
    group.wait_for_messages()
    assert only(store).created_by is None


def test_a_topic_has_subscriptions_of_its_own(
    alice: UserHandle, group: GroupHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    topic = group.add_topic("Culture")
    alice.say("/abonner", chat=group, thread_id=topic.thread_id)
    [settings] = group.wait_for_messages()
    made = only(store)
    assert made.place == Place(group.id, topic.thread_id)
    assert settings.thread_id == topic.thread_id
    notice = f"{CONFIRMED} {texts.SUBSCRIBED_HELP}"
    assert seen(settings) == page(made, Verb.MAIN, where=texts.WHERE_TOPIC, notice=notice)


def test_a_channel_subscribes_by_a_post(
    alice: UserHandle, channel: GroupHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    channel.set_bot_status("administrator", by=alice)
    [greeting] = channel.wait_for_messages()
    assert shown(greeting) == (texts.GREETING_CHANNEL, [])
    alice.say("/abonner 18h", chat=channel)
    [confirmed] = channel.wait_for_messages()
    made = only(store)
    assert made.place == Place(channel.id)
    sentence = texts.SUBSCRIBED_CHANNEL.format(
        days="tous les jours",
        hours="18\u00a0h",
        next="demain, lundi 23 novembre, à 18\u00a0h (heure de Paris)",
    )
    assert seen(confirmed) == ((f"{sentence} {texts.CHANNEL_HELP}", []), [])
    alice.say("/abonner@un_autre_bot", chat=channel)
    assert channel.stays_silent(0.5)


def test_a_channel_is_chosen_from_the_private_chat_of_one_of_its_administrators(
    alice: UserHandle,
    bob: UserHandle,
    channel: GroupHandle,
    bot: RunningBot,
    store: SubscriptionStore,
) -> None:
    channel.set_bot_status("administrator", by=alice)
    channel.wait_for_messages()
    alice.say("/abonner 18h, budget")
    [choice] = alice.private_chat().wait_for_messages()
    assert seen(choice) == (
        (texts.CHOOSE_PLACE, []),
        [(texts.HERE, "abp:0"), ("Info Ville", f"abp:{channel.id}")],
    )
    alice.press(choice, "Info Ville")
    alice.private_chat().wait_for_edit(choice)
    made = only(store)
    assert made.place == Place(channel.id)
    assert made.preferences.subjects == Subjects(words=("budget",))
    assert choice.text.split("\n")[2] == "Résumé n°\u00a01, pour «\u00a0Info Ville\u00a0»"
    press(alice, choice, Verb.SOUND)
    alice.private_chat().wait_for_edit(choice, 2)
    assert only(store).preferences.silent
    bob.say("/abonner")  # who administers no channel is not asked where
    [settings] = bob.private_chat().wait_for_messages()
    assert store.all()[1].place == Place(bob.id)
    assert settings.text.startswith(CONFIRMED)
