"""Messages on the local Bot API server: sending, editing, deleting, buttons, files, limits."""

import time
from typing import Any

import pytest

from tests.interface.bot_api_client import (
    BotApiClient,
    button,
    fixture_bot_client,  # noqa: F401 - fixture
    fixture_started_reader,  # noqa: F401 - fixture
    keyboard,
)
from tests.telegram_server import TelegramServer, UserHandle

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


def test_a_sent_message_comes_back_whole_and_lies_in_the_chat(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    question = alice.say("Qui est maire ?")
    entities = [{"type": "blockquote", "offset": 0, "length": 9}]
    markup = keyboard(button(callback_data="next"))
    sent = bot.result(
        "sendMessage",
        chat_id=alice.id,
        text="« Anne. »",
        entities=entities,
        reply_parameters={"message_id": question.message_id, "quote": "maire"},
        reply_markup=markup,
        link_preview_options={"is_disabled": True},
    )
    chat = {
        "id": alice.id,
        "type": "private",
        "first_name": "Alice",
        "last_name": "Martin",
        "username": "alice_test",
    }
    assert sent == {
        "message_id": question.message_id + 1,
        "from": server.state.bot.json(),
        "chat": chat,
        "date": sent["date"],
        "text": "« Anne. »",
        "entities": entities,
        "reply_to_message": question.json(),
        "quote": {"text": "maire", "position": 8, "is_manual": True},
        "reply_markup": markup,
        "link_preview_options": {"is_disabled": True},
    }
    assert abs(sent["date"] - time.time()) < 60
    [message] = alice.private_chat().wait_for_messages()
    assert message.entity_texts("blockquote") == ["« Anne. »"]
    assert message.reply_to is question


def test_who_cannot_be_written_to(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    def refused(user: int | str) -> tuple[str, str]:
        return (
            bot.refusal("sendMessage", chat_id=user, text="Bonjour"),
            bot.refusal("sendChatAction", chat_id=user, action="typing"),
        )

    stranger = server.user("Bruno")
    assert refused("") == ("Bad Request: chat_id is empty",) * 2
    assert refused(stranger.id) == ("Bad Request: chat not found",) * 2
    assert refused("@nobody_here") == ("Bad Request: chat not found",) * 2
    stranger.private_chat()
    assert refused(stranger.id) == ("Forbidden: bot can't initiate conversation with a user",) * 2
    alice.block_bot()
    assert refused(alice.id) == ("Forbidden: bot was blocked by the user",) * 2
    with pytest.raises(ValueError, match="blocked"):
        alice.say("Bonjour")
    alice.unblock_bot()
    assert bot.call("sendMessage", chat_id=alice.id, text="Bonjour")["ok"]
    alice.delete_account()
    assert refused(alice.id) == ("Forbidden: user is deactivated",) * 2


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        (
            {"reply_parameters": {"message_id": 7}},
            "message to be replied not found",
        ),
        ({"reply_parameters": {}}, None),
        (
            {"reply_parameters": {"message_id": 7, "allow_sending_without_reply": True}},
            None,
        ),
        ({"reply_parameters": [7]}, "object expected as reply parameters"),
        ({"reply_parameters": "{"}, "can't parse reply parameters JSON object"),
        ({"reply_parameters": {"quote": "a"}}, 'Can\'t find field "message_id"'),
        ({"reply_parameters": {"message_id": 1001, "quote": "stop"}}, "QUOTE_TEXT_INVALID"),
        (
            {"reply_parameters": {"message_id": 1001, "quote": "tart", "quote_position": 1}},
            "strict: the quote does not stand at quote_position, Telegram would look around",
        ),
        (
            {"reply_parameters": {"message_id": 1001, "quote": "tart", "quote_position": -1}},
            "strict: the quote does not stand at quote_position, Telegram would look around",
        ),
        ({"reply_parameters": {"message_id": 1001, "quote": "tart", "quote_position": 2}}, None),
        (
            {"reply_parameters": {"message_id": 0, "allow_sending_without_reply": True}},
            "strict: a message to reply to has a positive id",
        ),
        (
            {"reply_parameters": {"message_id": 1001, "chat_id": 5}},
            "strict: replies to messages of other chats are not emulated",
        ),
        ({"link_preview_options": []}, "object expected as link preview options"),
        ({"message_thread_id": 5}, "message thread not found"),
        (
            {"link_preview_options": {"is_disabled": "yes"}},
            'Field "is_disabled" must be of type Boolean',
        ),
        (
            {"link_preview_options": {"disabled": True}},
            'strict: field "disabled" is unknown or not emulated',
        ),
        ({"disable_notification": "yes"}, 'strict: parameter "disable_notification" must be true'),
        ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"reply_markup": []}, "object expected as reply markup"),
        (
            {"reply_markup": {}},
            "strict: a reply markup is exactly one of inline_keyboard, keyboard",
        ),
        ({"reply_markup": {"remove_keyboard": True}}, None),
        ({"reply_markup": {"inline_keyboard": []}}, None),
        (
            {"reply_markup": {"inline_keyboard": [{}]}},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        ({"reply_markup": {"inline_keyboard": [[]]}}, "strict: Telegram drops an empty row"),
        (
            {"reply_markup": keyboard("Voir")},
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
        (
            {"reply_markup": keyboard({"callback_data": "x"})},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            {"reply_markup": keyboard(button())},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"reply_markup": keyboard(button(callback_data=""))},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"reply_markup": keyboard(button(callback_data="x", url="https://exemple.fr"))},
            "strict: can't parse inline keyboard button: a button has exactly one action",
        ),
        (
            {"reply_markup": keyboard(button(" ", callback_data="x"))},
            "inline keyboard button text must be non-empty",
        ),
        ({"reply_markup": keyboard(button(callback_data="x" * 64))}, None),
        ({"reply_markup": keyboard(button(callback_data="é" * 32 + "x"))}, "BUTTON_DATA_INVALID"),
        (
            {"reply_markup": keyboard(button(url="http://localhost"))},
            "inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL",
        ),
        (
            {"reply_markup": keyboard(*[button(callback_data="x")] * 9)},
            "strict: more than 8 buttons in a row",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[button(callback_data="x")]] * 101}},
            "reply markup is too long",
        ),
    ],
)
def test_what_goes_with_a_message_is_checked(
    bot: BotApiClient, alice: UserHandle, parameters: dict[str, Any], description: str | None
) -> None:
    answer = bot.call("sendMessage", chat_id=alice.id, text="Bonjour", **parameters)
    endings = {
        "strict: parameter": " or false",
        "strict: a reply markup": ", …",
        "strict: Telegram drops": " of buttons",
    }
    wanted = description and f"Bad Request: {description}" + next(
        (end for start, end in endings.items() if description.startswith(start)), ""
    )
    assert answer.get("description") == wanted


def test_an_edit_replaces_text_and_keyboard_and_keeps_what_was_there(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    markup = keyboard(button(callback_data="next"))
    sent = bot.result("sendMessage", chat_id=alice.id, text="Un", reply_markup=markup)
    target = {"chat_id": alice.id, "message_id": sent["message_id"]}
    assert bot.refusal("editMessageText", **target, text="Un", reply_markup=markup) == NOT_MODIFIED
    edited = bot.result("editMessageText", **target, text="Deux")
    assert (edited["text"], "reply_markup" in edited, "edit_date" in edited) == (
        "Deux",
        False,
        True,
    )
    assert bot.refusal("editMessageText", **target, text="Deux") == NOT_MODIFIED
    assert bot.refusal("editMessageReplyMarkup", **target) == NOT_MODIFIED
    again = bot.result("editMessageReplyMarkup", **target, reply_markup=markup)
    assert (again["text"], again["reply_markup"]) == ("Deux", markup)
    [message] = alice.private_chat().bot_messages
    revisions = alice.private_chat().wait_for_edit(message, 2)
    assert [(each.text, each.reply_markup) for each in revisions] == [
        ("Un", markup),
        ("Deux", None),
    ]


def test_edits_and_deletions_that_are_refused(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    question = alice.say("Bonjour")
    sent = bot.result("sendMessage", chat_id=alice.id, text="Un")["message_id"]

    def edit(**parameters: Any) -> str:
        return bot.refusal("editMessageText", **({"text": "Deux"} | parameters))

    assert edit() == "Bad Request: message identifier is not specified"
    assert edit(message_id=sent) == "Bad Request: chat_id is empty"
    assert edit(chat_id=alice.id, message_id=7) == "Bad Request: message to edit not found"
    own = {"chat_id": alice.id, "message_id": question.message_id}
    assert edit(**own) == "Bad Request: message can't be edited"
    target = {"chat_id": alice.id, "message_id": sent}
    assert edit(**target, text="") == "Bad Request: message text is empty"
    assert edit(**target, text="x" * 4097) == "Bad Request: MESSAGE_TOO_LONG"
    assert edit(**target, reply_markup={"force_reply": True}) == (
        "Bad Request: inline keyboard expected"
    )
    assert bot.result("deleteMessage", **target) is True
    assert bot.refusal("deleteMessage", **target) == "Bad Request: message to delete not found"
    assert edit(**target) == "Bad Request: message to edit not found"
    question.date -= 48 * 3600 + 1
    assert bot.refusal("deleteMessage", **own) == "Bad Request: message can't be deleted"
    assert alice.private_chat().bot_messages == []


def test_a_draft_is_shown_in_private_chats_for_thirty_seconds(
    server: TelegramServer, bot: BotApiClient, alice: UserHandle
) -> None:
    for text in ("", "La maire", "La maire est Anne"):
        assert bot.result("sendMessageDraft", chat_id=alice.id, draft_id=9, text=text) is True
    drafts = alice.private_chat().drafts
    assert [each.text for each in drafts] == ["", "La maire", "La maire est Anne"]
    assert all(29.9 < each.visible_until - each.sent_at < 30.1 for each in drafts)
    assert alice.private_chat().bot_messages == []
    group = server.group()
    group.set_bot_status("member", by=alice)
    assert bot.refusal("sendMessageDraft", chat_id=group.id, draft_id=9, text="x") == (
        "Bad Request: TEXTDRAFT_PEER_INVALID"
    )
    assert bot.refusal("sendMessageDraft", chat_id=alice.id, draft_id=0, text="x") == (
        "Bad Request: strict: draft_id must be non-zero"
    )
    draft = {"chat_id": alice.id, "draft_id": 9}
    assert bot.refusal("sendMessageDraft", **draft, text="x" * 4097) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert bot.refusal("sendMessageDraft", **draft, text="x", message_thread_id=5) == (
        "Bad Request: message thread not found"
    )
    alice.block_bot()
    assert bot.refusal("sendMessageDraft", **draft, text="x") == (
        "Forbidden: bot was blocked by the user"
    )


def test_chat_actions_are_recorded_and_unknown_ones_refused(
    bot: BotApiClient, alice: UserHandle
) -> None:
    question = alice.say("Bonjour")
    assert bot.result("sendChatAction", chat_id=alice.id, action="typing") is True
    action = alice.private_chat().wait_for_action("typing", after=question.sent_at)
    assert action.sent_at - question.sent_at < 60
    assert bot.refusal("sendChatAction", chat_id=alice.id, action="thinking") == (
        "Bad Request: wrong parameter action in request"
    )
