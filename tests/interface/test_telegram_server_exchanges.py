"""Exchanges on the local Bot API server: buttons, files, forwards, and how many messages."""

import threading
from typing import Any

import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    button,
    fixture_bot_client,  # noqa: F401 - fixture
    fixture_started_reader,  # noqa: F401 - fixture
    keyboard,
)
from tests.telegram_server import Leniency, Limit, ManualClock, Message, TelegramServer, UserHandle
from tests.telegram_server.errors import ApiError
from tests.telegram_server.flood import FloodControl
from tests.waiting import PATIENCE

QUERY_INVALID = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def answered(bot: BotApiClient, alice: UserHandle, data: str) -> Message:
    bot.result(
        "sendMessage",
        chat_id=alice.id,
        text="Bonjour",
        reply_markup=keyboard(button("Suite", callback_data=data)),
    )
    return alice.private_chat().bot_messages[-1]


def test_a_pressed_button_is_answered_once_and_in_time(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    message = answered(bot, alice, "page:2")
    query = alice.press(message, "Suite")
    update = bot.result("getUpdates", offset=-1)[0]["callback_query"]
    assert (update["data"], update["from"]["id"]) == ("page:2", alice.id)
    assert update["message"]["message_id"] == message.message_id
    answer = {"callback_query_id": update["id"], "text": "Voici", "show_alert": True}
    assert bot.refusal("answerCallbackQuery", **answer | {"text": "x" * 201}) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert bot.result("answerCallbackQuery", **answer) is True
    assert alice.wait_for_answer(query) == {"text": "Voici", "show_alert": True}
    assert bot.refusal("answerCallbackQuery", **answer) == QUERY_INVALID
    assert bot.refusal("answerCallbackQuery") == QUERY_INVALID
    server.state.callback_query_lifetime = 0.0
    late = alice.press(message, "page:2")
    assert bot.refusal("answerCallbackQuery", callback_query_id=late.id) == QUERY_INVALID
    with pytest.raises(ValueError, match="no button 'Retour'"):
        alice.press(message, "Retour")


def test_documents_go_both_ways(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    content = bytes(range(256)) + b"\r\n--\r\n"
    sent = alice.send_document("notes.pdf", content, "application/pdf", "Mes notes")
    update = bot.result("getUpdates", offset=-1)[0]["message"]
    assert (update, update["caption"]) == (sent.json(), "Mes notes")
    file_id = update["document"]["file_id"]
    path = bot.result("getFile", file_id=file_id)["file_path"]
    assert bot.get(f"/file/bot{server.token}/{path}").content == content
    answer = bot.post(
        f"/bot{server.token}/sendDocument",
        data={"chat_id": str(alice.id), "caption": "Voici", "document": "attach://it"},
        files={"it": ("réponse.txt", content, "text/plain")},
    ).json()
    [message] = alice.private_chat().bot_messages
    assert message.json() == answer["result"]
    assert message.document is not None
    assert (message.document.content, message.document.name) == (content, "réponse.txt")
    again = bot.result("sendDocument", chat_id=alice.id, document=file_id)
    assert again["document"]["file_id"] == file_id


@pytest.mark.parametrize(
    ("method", "parameters", "description"),
    [
        ("sendDocument", {}, "there is no document in the request"),
        ("sendDocument", {"document": "BQAC"}, "wrong file identifier/HTTP URL specified"),
        ("getFile", {}, "file_id not specified"),
        ("getFile", {"file_id": "BQAC"}, "invalid file_id"),
    ],
)
def test_missing_files_are_refused(
    bot: BotApiClient, alice: UserHandle, method: str, parameters: dict[str, str], description: str
) -> None:
    target = {"chat_id": alice.id} if method == "sendDocument" else {}
    assert bot.refusal(method, **target, **parameters) == f"Bad Request: {description}"


def test_an_edit_by_the_user_and_a_forward_reach_the_bot(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    message = alice.say("/aide merci à @alice_test : https://exemple.fr/a.")
    assert [(each["type"], message.covered(each)) for each in message.entities] == [
        ("bot_command", "/aide"),
        ("mention", "@alice_test"),
        ("url", "https://exemple.fr/a"),
    ]
    alice.edit(message, "Bonsoir")
    edited = bot.result("getUpdates", offset=-1)[0]["edited_message"]
    assert (edited["text"], edited["message_id"]) == ("Bonsoir", message.message_id)
    alice.forward(message)
    forwarded = bot.result("getUpdates", offset=-1)[0]["message"]
    assert forwarded["forward_origin"]["sender_user"]["id"] == alice.id
    with pytest.raises(ValueError, match="own messages"):
        server.user("Bruno").edit(message, "Non")


def test_a_chat_holds_back_what_exceeds_its_burst() -> None:
    clock = ManualClock()
    with TelegramServer(clock=clock) as server, BotApiClient(server) as bot:
        server.limits.private = Limit(rate=4.0, burst=2)
        alice, bruno = server.user("Alice"), server.user("Bruno")
        for user in (alice, bruno):
            user.start()

        def send(user: UserHandle) -> dict[str, Any]:
            return bot.call("sendMessage", chat_id=user.id, text="Bonjour")

        assert [send(alice)["ok"] for _ in range(3)] == [True, True, False]
        assert send(alice)["parameters"] == {"retry_after": 1}
        assert send(bruno)["ok"]
        sent = alice.private_chat().bot_messages[0].message_id
        target = {"chat_id": alice.id, "message_id": sent}
        assert bot.refusal("editMessageText", **target, text="x") == (
            "Too Many Requests: retry after 1"
        )
        assert bot.call("sendChatAction", chat_id=alice.id, action="typing")["ok"]
        assert bot.call("sendMessageDraft", chat_id=alice.id, draft_id=1, text="x")["ok"]
        assert len(alice.private_chat().bot_messages) == 2
        clock.advance(1.0)
        assert send(alice)["ok"]


def test_flood_limits_count_by_chat_and_overall_and_stay_shut_for_their_time(
    server: TelegramServer,
) -> None:
    now = 100.0
    control = FloodControl(clock=lambda: now)
    alice = server.state.private_chat(server.user("Alice").user)
    bruno = server.state.private_chat(server.user("Bruno").user)
    group = server.group(kind="group").chat
    control.limits.overall = Limit(rate=30.0, burst=24, retry_after=7)
    control.limits.of_chat[bruno.id] = Limit(rate=0.1, burst=1)

    def charged(chat: Any) -> int:
        try:
            control.charge("message", chat)
        except ApiError as error:
            return (error.parameters or {})["retry_after"]
        return 0

    assert [charged(bruno) for _ in range(2)] == [0, 10]
    assert [charged(group) for _ in range(21)] == [0] * 20 + [3]
    assert [charged(alice) for _ in range(4)] == [0] * 3 + [7]
    now += 6.5
    assert [charged(alice), charged(group), charged(bruno)] == [1, 1, 1]
    now += 1.0
    assert [charged(alice), charged(group), charged(bruno)] == [0, 0, 3]
    with pytest.raises(ValueError, match="positive rate and burst"):
        Limit(rate=0, burst=1)


def test_without_flood_limits_anything_goes() -> None:
    with TelegramServer(lenient=[Leniency.FLOOD]) as server, BotApiClient(server) as bot:
        alice = server.user()
        alice.start()
        for number in range(40):
            bot.result("sendMessage", chat_id=alice.id, text=f"Message {number}")
        assert len(alice.private_chat().wait_for_messages(40)) == 40
        assert alice.private_chat().stays_silent(0.05)


def test_messages_are_returned_once_and_awaited_until_the_chat_is_quiet(
    bot: BotApiClient, alice: UserHandle
) -> None:
    chat = alice.private_chat()

    def send(text: str) -> None:
        bot.result("sendMessage", chat_id=alice.id, text=text)

    send("un")
    threading.Timer(0.1, send, ["deux"]).start()
    assert [each.text for each in chat.wait_for_messages(quiet=2.0)] == ["un", "deux"]
    send("trois")
    assert [each.text for each in chat.wait_for_messages()] == ["trois"]
    later = threading.Timer(0.5, send, ["quatre"])
    later.start()
    assert not chat.stays_silent(PATIENCE)
    later.join()
    with pytest.raises(ValueError, match="no client sends 4097 characters"):
        alice.say("x" * 4097)


def test_what_a_document_does_not_allow(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    big = alice.send_document("gros.bin", b"x" * (20 * 1024 * 1024 + 1), "application/gzip")
    assert big.document is not None
    assert bot.refusal("getFile", file_id=big.document.file_id) == "Bad Request: file is too big"
    path = f"/bot{server.token}/sendDocument"

    def upload(content: bytes, **fields: str) -> dict[str, Any]:
        files = {"document": ("a.txt", content, "text/plain")}
        data = {"chat_id": str(alice.id), **fields}
        answer: dict[str, Any] = bot.post(path, data=data, files=files).json()
        return answer

    assert upload(b"")["description"] == "Bad Request: file must be non-empty"
    assert upload(b"a", caption="x" * 1025)["description"] == (
        "Bad Request: message caption is too long"
    )
    sent = upload(b"a", caption="x" * 1024)["result"]
    target = {"chat_id": alice.id, "message_id": sent["message_id"]}
    assert bot.refusal("editMessageText", **target, text="b") == (
        "Bad Request: there is no text in the message to edit"
    )


def test_several_messages_are_deleted_at_once(bot: BotApiClient, alice: UserHandle) -> None:
    ids = [alice.say(text).message_id for text in ("un", "deux")]
    assert bot.refusal("deleteMessages", chat_id=alice.id) == (
        "Bad Request: message identifiers are not specified"
    )
    assert bot.refusal("deleteMessages", chat_id=alice.id, message_ids=["1"]) == (
        "Bad Request: invalid message identifier specified"
    )
    assert bot.refusal("deleteMessages", chat_id=alice.id, message_ids=[1] * 101) == (
        "Bad Request: too many message identifiers specified"
    )
    assert bot.result("deleteMessages", chat_id=alice.id, message_ids=[*ids, 7]) is True
    assert [message.text for message in alice.private_chat().messages] == ["/start"]


def test_a_replied_message_comes_without_its_own_reply(
    bot: BotApiClient, alice: UserHandle
) -> None:
    first = alice.say("Qui ?")
    reply = {"message_id": first.message_id}
    sent = bot.result("sendMessage", chat_id=alice.id, text="Anne", reply_parameters=reply)
    alice.say("Et avant ?", reply_to=alice.private_chat().bot_messages[-1])
    replied = bot.result("getUpdates", offset=-1)[0]["message"]["reply_to_message"]
    assert replied == {name: sent[name] for name in sent if name != "reply_to_message"}
