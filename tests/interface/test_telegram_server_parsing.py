"""What the local Bot API server says is what python-telegram-bot knows, field by field."""

from collections.abc import Iterator
from typing import Any

import pytest
from telegram import CallbackQuery, ChatFullInfo, ChatMember, TelegramObject, Update

from tests.interface.bot_api_client import (
    BotApiClient,
    button,
    fixture_bot_client,  # noqa: F401 - fixture
    keyboard,
)
from tests.telegram_server import GroupHandle, TelegramServer, UserHandle


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice", last_name="Martin", username="alice_test")


@pytest.fixture
def forum(server: TelegramServer, alice: UserHandle) -> GroupHandle:
    forum = server.group("Forum", username="forum_test")
    forum.make_forum()
    forum.add(alice, status="administrator", custom_title="Veilleuse")
    forum.set_bot_status("administrator", by=alice)
    return forum


def unknown_fields(value: Any) -> Iterator[tuple[str, Any]]:
    """Give every field the library has no name for, in an object and in what it holds."""
    if isinstance(value, TelegramObject):
        for name in value.api_kwargs:
            yield type(value).__name__, name
        for name in value.to_dict(recursive=False):
            yield from unknown_fields(getattr(value, name, None))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from unknown_fields(each)


def test_an_unknown_field_is_found(bot: BotApiClient, alice: UserHandle) -> None:
    alice.say("Bonjour")
    [update] = bot.result("getUpdates")
    update["message"]["from"]["colour"] = "blue"
    assert list(unknown_fields(Update.de_json(update, None))) == [("User", "colour")]


def happen(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, forum: GroupHandle
) -> None:
    """Let one thing of each kind happen."""
    channel = server.group("Journal", kind="channel")
    channel.chat.signs_posts = True
    channel.set_bot_status("administrator", by=alice)
    forum.link(channel)
    alice.edit(alice.say("Une nouvelle", chat=channel), "Une autre")
    alice.forward(channel.messages[0])
    topic = forum.add_topic("Économie", by=alice)
    forum.close_topic(topic)
    forum.reopen_topic(topic)
    alice.say("/question Qui ?", chat=forum, thread_id=topic.thread_id)
    alice.edit(alice.send_document("a.txt", b"x", "text/plain", "/aj", chat=forum), "/ajouter")
    for kind in ("voice", "sticker", "photo", "video_note", "location", "contact", "dice"):
        alice.send_media(kind, chat=forum)
    alice.say("Un", chat=forum, as_chat=channel)
    markup = keyboard(button("Suite", callback_data="2"))
    bot.result("sendMessage", chat_id=forum.id, text="Un", reply_markup=markup)
    [answer] = forum.bot_messages
    alice.say("Deux", chat=forum, reply_to=answer, quote="Un")
    alice.press(answer, "Suite")
    alice.delete(answer)
    alice.press(answer, "Suite")
    bruno = server.user("Bruno", hides_forwards=True)
    forum.set_status(bruno, "member", by=alice)
    forum.add(alice, status="administrator", anonymous=True, custom_title="Veilleuse")
    alice.forward(alice.say("Trois", chat=forum))
    alice.forward(bruno.say("Quatre"))
    forum.restrict_bot(by=alice)
    forum.set_bot_status("kicked", by=alice)
    group = server.group(kind="group")
    bruno.add_bot(group, "abonner")
    group.migrate()
    bruno.block_bot()


# The library's own warning, on looking at how long a voice message lasts.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_every_update_is_read_whole(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, forum: GroupHandle
) -> None:
    kinds = sorted(
        "message edited_message channel_post edited_channel_post callback_query my_chat_member "
        "chat_member".split()
    )
    bot.result("getUpdates", allowed_updates=kinds)
    happen(server, bot, alice, forum)
    updates = bot.result("getUpdates")
    parsed = [Update.de_json(each, None) for each in updates]
    assert [list(unknown_fields(each)) for each in parsed] == [[]] * len(parsed)
    seen = {kind for each in updates for kind in each if kind != "update_id"}
    assert sorted(seen) == kinds
    messages = [each.effective_message for each in parsed]
    accessible = [each.is_accessible for each in messages if each is not None]
    assert accessible.count(False) == 1


def test_chats_members_and_presses_are_read_whole(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, forum: GroupHandle
) -> None:
    found = [ChatFullInfo.de_json(bot.result("getChat", chat_id=forum.id), None)]
    listed = bot.result("getChatAdministrators", chat_id=forum.id)
    bruno, chloe = server.user("Bruno"), server.user("Chloé")
    forum.restrict(bruno)
    forum.set_status(chloe, "kicked", by=alice)
    for person in (bruno, chloe, server.user("Denis")):
        listed.append(bot.result("getChatMember", chat_id=forum.id, user_id=person.id))
    members = [ChatMember.de_json(each, None) for each in listed]
    assert [each.status for each in members] == [
        "administrator",
        "administrator",
        "restricted",
        "kicked",
        "left",
    ]
    bot.result(
        "sendMessage",
        chat_id=forum.id,
        text="Un",
        reply_markup=keyboard(button(url="https://exemple.fr")),
    )
    markup = keyboard(button("Suite", callback_data="2"))
    bot.result("sendMessage", chat_id=forum.id, text="Un", reply_markup=markup)
    query = alice.press(forum.bot_messages[-1], "Suite")
    pressed = CallbackQuery.de_json(query.json(), None)
    assert list(unknown_fields([*found, *members, pressed])) == []
