"""Subscribing and its settings, in private chats, groups, topics and channels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.conversations import Place
from bot.digests.subscription_changes import Press, Verb
from bot.digests.subscriptions import Preferences, Subscription
from bot.store.subscriptions import SubscriptionStore
from bot.texts import subscriptions as texts
from bot.views.subscription_view import Surroundings, panel, prompt
from knowledge.digest.types import DigestStyle, Subjects
from tests.interface.comparing import buttons, expected, expected_buttons, shown
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import GroupHandle, Message, TelegramServer, UserHandle

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # a Sunday
NEXT = "demain, lundi 23 novembre, à 8\u00a0h (heure de Paris)"
CONFIRMED = texts.SUBSCRIBED.format(days="tous les jours", hours="8\u00a0h")


@pytest.fixture
def bot(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> Iterator[RunningBot]:
    with RunningBot(server, knowledge, tmp_path, now=lambda: NOW) as running:
        yield running


@pytest.fixture
def store(bot: RunningBot) -> SubscriptionStore:
    return SubscriptionStore(bot.application.services.database)


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    """An administrator of the group and the channel."""
    return server.user("Alice")


@pytest.fixture
def bob(server: TelegramServer) -> UserHandle:
    return server.user("Bob")


@pytest.fixture
def group(server: TelegramServer, alice: UserHandle, bob: UserHandle) -> GroupHandle:
    group = server.group("La rédaction")
    group.add(alice, status="administrator")
    group.add(bob)
    group.seat_bot()
    return group


@pytest.fixture
def channel(server: TelegramServer, alice: UserHandle) -> GroupHandle:
    """A channel to which the bot is still to be added."""
    channel = server.group("Info Ville", kind="channel")
    channel.add(alice, status="administrator")
    return channel


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
    ).replace("n°\u00a0", "n° ")
    assert buttons(listed) == [("n° 1", "ab:1:m"), ("n° 2", "ab:2:m")]
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
    assert choice.text.split("\n")[2] == "Résumé n° 1, pour «\u00a0Info Ville\u00a0»"
    press(alice, choice, Verb.SOUND)
    alice.private_chat().wait_for_edit(choice, 2)
    assert only(store).preferences.silent
    bob.say("/abonner")  # who administers no channel is not asked where
    [settings] = bob.private_chat().wait_for_messages()
    assert store.all()[1].place == Place(bob.id)
    assert settings.text.startswith(CONFIRMED)


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
    [mine] = bob.private_chat().bot_messages
    for data, toast in (
        (f"ab:{theirs.id}:so", texts.ADMINISTRATORS_ONLY),
        ("ab:999:so", texts.GONE),
        ("ab:1:xx:yy", texts.GONE),
        (f"abp:{channel.id}", texts.ADMINISTRATORS_ONLY),
        ("abp:DROP TABLE", texts.ADMINISTRATORS_ONLY),
    ):
        query = server.state.add_callback_query(bob.user, mine, data)
        server.state.updates.add("callback_query", query.json())
        assert bob.wait_for_answer(query)["text"] == toast
    assert store.get(theirs.id) == theirs
    assert len(store.all()) == 2


def test_settings_of_a_subscription_that_ended_say_so(
    alice: UserHandle, bot: RunningBot, store: SubscriptionStore
) -> None:
    alice.say("/abonner")
    [settings] = alice.private_chat().wait_for_messages()
    store.cancel(1, now=NOW)
    assert press(alice, settings, Verb.SOUND) == texts.GONE
    alice.private_chat().wait_for_edit(settings)
    assert seen(settings) == ((texts.GONE, []), [])
