"""What readers send on the local Bot API server: captions, files, forwards, quotes, odd texts."""

from typing import Any

import httpx
import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    fixture_bot_client,  # noqa: F401 - fixture
    received,
)
from tests.telegram_server import GroupHandle, TelegramServer, UserHandle


@pytest.fixture
def alice(server: TelegramServer) -> UserHandle:
    return server.user("Alice", last_name="Martin")


@pytest.fixture
def group(server: TelegramServer, alice: UserHandle) -> GroupHandle:
    group = server.group("Lecteurs")
    group.add(alice)
    group.set_bot_status("member", by=alice)
    return group


def texts(bot: BotApiClient) -> list[str]:
    """Return the texts and captions of the messages in the updates."""
    found = [each["message"] for each in received(bot) if "message" in each]
    return [each.get("text") or each.get("caption", "") for each in found]


def test_privacy_lets_through_captions_and_edits_that_are_meant_for_the_bot(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    for caption in ("", "Mes notes", "/ajouter", "/ajouter@other_bot", "@sourcier_test_bot lis"):
        alice.send_document("notes.txt", b"x", "text/plain", caption, chat=group)
    assert texts(bot) == ["/ajouter", "@sourcier_test_bot lis"]
    document = alice.send_document("notes.txt", b"x", "text/plain", "/ajouter ça", chat=group)
    assert received(bot)[-1]["message"]["caption_entities"] == [
        {"type": "bot_command", "offset": 0, "length": 8}
    ]
    alice.edit(document, "Mes notes")
    assert received(bot) == []
    alice.edit(document, "/ajouter")
    assert received(bot)[-1]["edited_message"]["caption"] == "/ajouter"
    mention = {"type": "text_mention", "offset": 0, "length": 8, "user": server.state.bot.json()}
    alice.say("Sourcier, qui ?", chat=group, entities=[mention])
    other = mention | {"user": alice.user.json()}
    alice.say("Martin, qui ?", chat=group, entities=[other])
    assert texts(bot) == ["Sourcier, qui ?"]
    server.state.privacy_mode = False
    alice.say("Bavardage", chat=group)
    assert texts(bot) == ["Bavardage"]


def test_the_bot_does_not_see_other_bots(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    robot = server.user("Robot")
    robot.user.is_bot = True
    group.set_bot_status("administrator", by=alice)
    received(bot)
    robot.say("/question Qui ?", chat=group)
    assert received(bot) == []


def test_a_forward_names_its_origin_as_far_as_it_may(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    shy = server.user("Bruno", last_name="Petit", hides_forwards=True)
    channel = server.group("Journal", kind="channel")
    channel.chat.signs_posts = True
    group.add(shy, status="administrator", anonymous=True)
    post = alice.say("Une nouvelle", chat=channel)
    cases: list[tuple[Any, dict[str, Any]]] = [
        (alice.say("Un"), {"type": "user", "sender_user": alice.user.json()}),
        (shy.say("Deux"), {"type": "hidden_user", "sender_user_name": "Bruno Petit"}),
        (shy.say("Trois", chat=group), {"type": "chat", "sender_chat": group.chat.json()}),
        (
            post,
            {
                "type": "channel",
                "chat": channel.chat.json(),
                "message_id": post.message_id,
                "author_signature": "Alice Martin",
            },
        ),
    ]
    for message, origin in cases:
        forwarded = alice.forward(message)
        got = received(bot)[-1]["message"]
        assert got["forward_origin"] == origin | {"date": message.date}
        assert (got["from"]["id"], got["text"]) == (alice.id, message.text)
        alice.forward(forwarded)
        assert received(bot)[-1]["message"]["forward_origin"] == got["forward_origin"]


def test_a_reply_quotes_a_part_of_what_it_answers(bot: BotApiClient, alice: UserHandle) -> None:
    alice.start()
    bot.result("sendMessage", chat_id=alice.id, text="🙂 Anne est maire.")
    [answer] = alice.private_chat().bot_messages
    alice.say("Depuis quand ?", reply_to=answer, quote="maire")
    got = received(bot)[-1]["message"]
    assert got["quote"] == {"text": "maire", "position": 12, "is_manual": True}
    assert got["reply_to_message"]["text"] == "🙂 Anne est maire."
    with pytest.raises(ValueError, match="part of the message"):
        alice.say("Quoi ?", reply_to=answer, quote="Bruno")


@pytest.mark.parametrize(
    "text",
    [
        "🙂" * 4096,
        "\u202eerttel\u202c et \u200f/question\u200f",
        "Qui\u200b\u200d\ufeff dirige ?",
        "/question <b>Qui</b> & [x](y) *gras* `code`",
        "\u0301" * 200 + "a",
    ],
)
def test_odd_texts_arrive_as_they_were_written(
    bot: BotApiClient, alice: UserHandle, text: str
) -> None:
    message = alice.say(text)
    got = received(bot)[-1]["message"]
    assert (got["text"], got) == (text, message.json())


def test_commands_are_marked_where_telegram_marks_them(alice: UserHandle) -> None:
    message = alice.say("/aide/x 🙂 /question@sourcier_test_bot, et/ou a@b.fr et @alice_m !")
    assert [(each["type"], each["offset"], message.covered(each)) for each in message.entities] == [
        ("bot_command", 11, "/question@sourcier_test_bot"),
        ("mention", 56, "@alice_m"),
    ]


def test_files_come_from_groups_too_and_their_download_may_fail(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle, group: GroupHandle
) -> None:
    group.set_bot_status("administrator", by=alice)
    topic = group.add_topic("Archives")
    alice.send_document(
        "a.txt", b"Bonjour", "text/plain", "/ajouter", chat=group, thread_id=topic.thread_id
    )
    got = received(bot)[-1]["message"]
    assert (got["chat"]["id"], got["message_thread_id"]) == (group.id, topic.thread_id)
    path = bot.result("getFile", file_id=got["document"]["file_id"])["file_path"]
    url = f"/file/bot{server.token}/{path}"
    assert bot.get(url).content == b"Bonjour"
    server.faults.add(method="download", error=404)
    assert bot.get(url).json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    server.faults.add(method="download", drop="before")
    with pytest.raises(httpx.RemoteProtocolError):
        bot.get(url)
    server.faults.add(method="download", body=b"Bonj")
    assert bot.get(url).content == b"Bonj"
    assert bot.get(url).content == b"Bonjour"


def test_a_file_may_claim_a_size_it_has_not(bot: BotApiClient, alice: UserHandle) -> None:
    limit = 20 * 1024 * 1024
    for size, refused in ((limit, False), (limit + 1, True)):
        alice.send_document("gros.pdf", b"x", "application/pdf", size=size)
        document = received(bot)[-1]["message"]["document"]
        assert document["file_size"] == size
        answer = bot.call("getFile", file_id=document["file_id"])
        assert answer.get("description") == ("Bad Request: file is too big" if refused else None)
    with pytest.raises(ValueError, match="caption of 1025"):
        alice.send_document("a.txt", b"x", "text/plain", "x" * 1025)
