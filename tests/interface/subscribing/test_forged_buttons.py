"""Buttons that are forged or out of date change nothing."""

from __future__ import annotations

from bot.conversations import Place
from bot.digests.subscription_changes import Verb
from bot.digests.subscriptions import Preferences
from bot.store.subscriptions import SubscriptionStore
from bot.texts import subscriptions as texts
from tests.interface.running_bot import RunningBot
from tests.interface.subscribing.panels import NOW, press, seen
from tests.telegram_server import GroupHandle, TelegramServer, UserHandle


def test_forged_buttons_change_nothing(
    server: TelegramServer,
    alice: UserHandle,
    bob: UserHandle,
    channel: GroupHandle,
    bot: RunningBot,
    store: SubscriptionStore,
) -> None:
    channel.set_bot_status("administrator", by=alice)
    channel.wait_for_messages()
    for person in (alice, bob):
        person.say("/abonner")
        person.private_chat().wait_for_messages()
    alice.say("/abonner", chat=channel)
    channel.wait_for_messages()
    theirs = store.of_place(Place(channel.id))[0]
    hers = store.create(Place(alice.id), Preferences(), created_by=alice.id, now=NOW)
    [mine] = bob.private_chat().bot_messages
    for data, toast in (
        (f"ab:{theirs.id}:so", texts.ADMINISTRATORS_ONLY),
        (f"ab:{hers.id}:so", texts.ADMINISTRATORS_ONLY),  # of somebody else's private chat
        ("ab:999:so", texts.GONE),
        ("ab:1:xx:yy", texts.GONE),
        (f"abp:{channel.id}", texts.ADMINISTRATORS_ONLY),
        ("abp:-1009999999999", texts.ADMINISTRATORS_ONLY),  # where the bot has never been
        (f"abp:{alice.id}", texts.ADMINISTRATORS_ONLY),
        ("abp:DROP TABLE", texts.ADMINISTRATORS_ONLY),
    ):
        query = server.state.add_callback_query(bob.user, mine, data)
        server.state.updates.add("callback_query", query.json())
        assert bob.wait_for_answer(query)["text"] == toast
    assert (store.get(theirs.id), store.get(hers.id)) == (theirs, hers)
    assert len(store.all()) == 3


def test_settings_of_a_subscription_that_ended_say_so(
    alice: UserHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    alice.say("/abonner")
    [settings] = alice.private_chat().wait_for_messages()
    store.cancel(1, now=NOW)
    assert press(alice, settings, Verb.SOUND) == texts.GONE
    alice.private_chat().wait_for_edit(settings)
    assert seen(settings) == ((texts.GONE, []), [])
