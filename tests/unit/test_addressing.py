"""Who speaks to the bot, and what is said: by kind of chat, entity, reply, sender and forward."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, Message, User

from bot.addressing import Addressed, Kind, addressed
from tests.telegram_server.delivery import detect_entities

ME = User(7, "Sourcier", is_bot=True, username="SourcierBot")
BOT = Bot("7:" + "a" * 35)
ALICE = {"id": 1, "is_bot": False, "first_name": "Alice"}
OTHER_BOT = {"id": 8, "is_bot": True, "first_name": "Robot", "username": "another_bot"}
MYSELF = {"id": 7, "is_bot": True, "first_name": "Sourcier", "username": "SourcierBot"}
PRIVATE = {"id": 1, "type": "private", "first_name": "Alice"}
GROUP = {"id": -100, "type": "supergroup", "title": "Un groupe"}
CHANNEL = {"id": -200, "type": "channel", "title": "Un canal"}


def message(text: str | None, /, chat: dict[str, Any] = GROUP, **fields: Any) -> Message:
    """Return a message as Telegram would give it; `sender` and the API's own fields."""
    content: dict[str, Any] = {"message_id": 5, "date": 1_700_000_000, "chat": chat}
    if text is not None:
        content |= {"text": text, "entities": list(detect_entities(text))}
    content |= {"from": fields.pop("sender", ALICE), **fields}
    found = Message.de_json(content, BOT)
    assert isinstance(found, Message)
    return found


def replied(text: str | None, sender: dict[str, Any] = ALICE, **fields: Any) -> dict[str, Any]:
    content: dict[str, Any] = {"message_id": 3, "date": 1_700_000_000, "chat": GROUP}
    if text is not None:
        content |= {"text": text, "entities": list(detect_entities(text))}
    return content | {"from": sender, **fields}


def question(text: str, *, explicit: bool = True, **fields: Any) -> Addressed:
    return Addressed(Kind.QUESTION, text, explicit=explicit, **fields)


def command(name: str, text: str = "", **fields: Any) -> Addressed:
    return Addressed(Kind.COMMAND, text, name, **fields)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quand ?", question("Quand ?", explicit=False)),
        ("  « Oui », dit-il.\nQui ?", question("« Oui », dit-il.\nQui ?", explicit=False)),
        ("@SourcierBot quand ?", question("quand ?")),
        ("@SourcierBot", question("")),
        ("/aide", command("aide")),
        ("/HELP", command("aide")),
        ("/start lien_1", command("start", "lien_1")),
        ("/question@sourcierbot quand ?", command("question", "quand ?")),
        ("/question@another_bot quand ?", command("question@another_bot", "quand ?")),
        ("/Résumé hier", command("resume", "hier")),
        ("/re\u0301sume\u0301 hier", command("resume", "hier")),
        ("/désabonner@sourcierbot", command("desabonner")),
        ("@SourcierBot, /accès", command("acces")),
        ("/été/2026", question("/été/2026", explicit=False)),
        ("/ été", question("/ été", explicit=False)),
        ("/foo", command("foo")),
        ("Que fait /stop ?", question("Que fait /stop ?", explicit=False)),
        (", que veut dire « / » ?", question(", que veut dire « / » ?", explicit=False)),
    ],
)
def test_every_text_of_a_private_chat_speaks_to_the_bot(text: str, expected: Addressed) -> None:
    assert addressed(message(text, PRIVATE), ME) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quand ?", None),
        ("/question quand ?", command("question", "quand ?")),
        ("/question", command("question")),
        ("/question : quand ?", command("question", "quand ?")),
        ("/question@SourcierBot\nquand ?", command("question", "quand ?")),
        ("/question@another_bot quand ?", None),
        ("/question@another_bot salut @SourcierBot", None),
        ("/question quand, @SourcierBot ?", command("question", "quand ?")),
        ("/foo", None),
        ("/foo@SourcierBot", command("foo")),
        ("Tapez /stop pour arrêter", None),
        ("@SourcierBot quand ?", question("quand ?")),
        ("@sourcierbot, quand ?", question("quand ?")),
        ("@SourcierBot: quand ?", question("quand ?")),
        ("😀😀 @SourcierBot quand 😀 ?", question("😀😀 quand 😀 ?")),
        ("Bonjour @SourcierBot, quand ?", question("Bonjour quand ?")),
        ("Quand rouvre-t-elle, @SourcierBot ?", question("Quand rouvre-t-elle ?")),
        ("@SourcierBot @SourcierBot", question("")),
        ("@SourcierBot /stop", command("stop")),
        ("@SourcierBot /foo", command("foo")),
        ("@SourcierBotte quand ?", None),
        ("@another_bot quand ?", None),
        ("SourcierBot quand ?", None),
    ],
)
def test_a_group_speaks_to_the_bot_by_commands_and_mentions(
    text: str, expected: Addressed | None
) -> None:
    assert addressed(message(text), ME) == expected


def test_a_mention_without_a_user_name_is_a_mention() -> None:
    entities = [{"type": "text_mention", "offset": 3, "length": 8, "user": MYSELF}]
    named = message(None, text="😀 Sourcier quand ?", entities=entities)
    assert addressed(named, ME) == question("😀 quand ?")
    entities[0]["user"] = ALICE
    assert addressed(message(None, text="😀 Sourcier quand ?", entities=entities), ME) is None


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (replied("Une réponse", MYSELF), question("Et combien ?", explicit=False)),
        (replied("Un avis"), None),
        (replied("Un avis", OTHER_BOT), None),
        (replied(None, MYSELF, forum_topic_created={"name": "Sujet", "icon_color": 1}), None),
    ],
)
def test_a_reply_to_the_bot_speaks_to_it(reply: dict[str, Any], expected: Addressed | None) -> None:
    assert addressed(message("Et combien ?", reply_to_message=reply), ME) == expected


@pytest.mark.parametrize(
    ("text", "reply", "fields", "expected"),
    [
        ("@SourcierBot", replied("Quand ?"), {}, question("Quand ?", quoted=True)),
        ("@SourcierBot", replied("@SourcierBot où ?"), {}, question("où ?", quoted=True)),
        ("/question", replied("Quand ?"), {}, command("question", "Quand ?", quoted=True)),
        ("@SourcierBot", replied(None, caption="Où ?"), {}, question("Où ?", quoted=True)),
        (
            "@SourcierBot",
            replied("Un avis. Quand ?"),
            {"quote": {"text": "Quand ?", "position": 9}},
            question("Quand ?", quoted=True),
        ),
        ("@SourcierBot", replied("Ma réponse", MYSELF), {}, question("")),
        ("@SourcierBot", replied(None), {}, question("")),
        ("@SourcierBot où ?", replied("Quand ?"), {}, question("où ?")),
    ],
)
def test_a_name_alone_in_reply_points_to_what_somebody_else_said(
    text: str, reply: dict[str, Any], fields: dict[str, Any], expected: Addressed
) -> None:
    assert addressed(message(text, reply_to_message=reply, **fields), ME) == expected


@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
def test_captions_are_read_and_told_apart(chat: dict[str, Any]) -> None:
    def captioned(caption: str) -> Message:
        entities = list(detect_entities(caption))
        return message(None, chat, caption=caption, caption_entities=entities)

    assert addressed(captioned("/question quand ?"), ME) == command(
        "question", "quand ?", captioned=True
    )
    assert addressed(captioned("@SourcierBot quand ?"), ME) == question("quand ?", captioned=True)
    plain = addressed(captioned("Quand ?"), ME)
    expected = question("Quand ?", captioned=True, explicit=False)
    assert plain == (expected if chat is PRIVATE else None)


@pytest.mark.parametrize("text", ["Quand ?", "/oublier", "/retirer 3", "@SourcierBot quand ?"])
def test_forwarded_words_are_a_question_in_private_and_nothing_in_a_group(text: str) -> None:
    origin = {"type": "user", "date": 1_700_000_000, "sender_user": ALICE}
    assert addressed(message(text, PRIVATE, forward_origin=origin), ME) == question(
        text, explicit=False
    )
    assert addressed(message(text, forward_origin=origin), ME) is None


@pytest.mark.parametrize("sender", [MYSELF, OTHER_BOT])
def test_bots_are_not_heard(sender: dict[str, Any]) -> None:
    assert addressed(message("/aide", sender=sender), ME) is None
    assert addressed(message("@SourcierBot quand ?", sender=sender), ME) is None


def test_people_who_write_as_the_group_or_as_a_channel_are_heard() -> None:
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    channel = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
    assert addressed(message("/aide", sender=hidden, sender_chat=GROUP), ME) == command("aide")
    assert addressed(message("/aide", sender=channel, sender_chat=CHANNEL), ME) == command("aide")


def test_posts_of_a_linked_channel_and_of_channels_are_not_heard() -> None:
    telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    linked = message("/aide", sender=telegram, sender_chat=CHANNEL, is_automatic_forward=True)
    assert addressed(linked, ME) is None
    assert addressed(message("/aide", CHANNEL, sender_chat=CHANNEL), ME) is None


VOICE = {"file_id": "v", "file_unique_id": "w", "duration": 3}
STICKER = {
    "file_id": "s", "file_unique_id": "t", "type": "regular", "width": 1, "height": 1,
    "is_animated": False, "is_video": False,
}  # fmt: skip


def test_a_voice_in_reply_to_the_bot_speaks_to_it_without_words_and_a_sticker_does_not() -> None:
    answer = replied("Une réponse", MYSELF)
    wordless = question("", captioned=True, explicit=False)
    assert addressed(message(None, voice=VOICE, reply_to_message=answer), ME) == wordless
    assert addressed(message(None, voice=VOICE, reply_to_message=replied("Un avis")), ME) is None
    assert addressed(message(None, voice=VOICE), ME) is None
    assert addressed(message(None, sticker=STICKER, reply_to_message=answer), ME) is None


def test_what_has_no_text_is_not_addressed() -> None:
    assert addressed(message(None, PRIVATE, sticker=None), ME) is None
    assert addressed(message(None, reply_to_message=replied("Réponse", MYSELF)), ME) is None


PIECES = st.lists(
    st.sampled_from([" @SourcierBot ", "/aide", "quand", "😀", ",", " ", "\n", "\u202f?", "é"]),
    min_size=1,
    max_size=8,
).map("".join)


@given(PIECES, st.sampled_from([PRIVATE, GROUP]))
def test_no_text_breaks_it_and_the_name_never_stays(text: str, chat: dict[str, Any]) -> None:
    found = addressed(message(text, chat), ME)
    mentioned = any(entity["type"] == "mention" for entity in detect_entities(text))
    assert found is not None or (chat is GROUP and not mentioned)
    if found is not None and found.kind is Kind.QUESTION and mentioned:
        assert not any(entity["type"] == "mention" for entity in detect_entities(found.text))
    if found is not None:
        assert found.text == found.text.strip()
