"""Messages that are not what they seem: captions, edits, forwards, hidden authors, posts."""

import pytest

from bot import texts
from bot.texts import buttons as button_texts
from bot.views.messages import Message as Rendered
from bot.views.render import render_help
from tests.interface.comparing import expected, shown
from tests.interface.pool_bot import (
    ME,
    QUESTION,
    RENDERED,
    fixture_alice,  # noqa: F401 - fixture
    fixture_bob,  # noqa: F401 - fixture
    fixture_bot,  # noqa: F401 - fixture
    fixture_group,  # noqa: F401 - fixture
    fixture_knowledge,  # noqa: F401 - fixture
    fixture_server,  # noqa: F401 - fixture
    replies,
)
from tests.interface.running_bot import ScriptedKnowledge
from tests.telegram_server import GroupHandle, TelegramServer, UserHandle

JPEG = ("photo.jpg", b"...", "image/jpeg")


@pytest.mark.parametrize(
    ("caption", "reply"),
    [
        (f"/question {QUESTION}", RENDERED),
        (f"/question{ME} {QUESTION}", RENDERED),
        (f"{ME} {QUESTION}", RENDERED),
        ("/aide", render_help(1000)),
        ("/question", Rendered(texts.ASK)),
        (f"/question@another_bot {QUESTION}", Rendered(texts.UNKNOWN_COMMAND)),
        (QUESTION, Rendered(texts.NOT_TEXT)),
        ("@another_bot quand ?", Rendered(texts.NOT_TEXT)),
    ],
)
def test_a_caption_in_private_is_read_only_if_it_calls_the_bot(
    caption: str, reply: Rendered, alice: UserHandle
) -> None:
    sent = alice.send_media("photo", caption)
    assert replies(alice.private_chat(), sent) == expected(reply)


def test_captions_in_a_group_that_call_another_bot_or_nobody_get_silence(
    group: GroupHandle, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    for caption in (
        f"/question@another_bot {QUESTION}",
        f"@another_bot {QUESTION}",
        "/foo",
        f"Tapez /question{ME}x",
        QUESTION,
        "",
    ):
        alice.send_media("photo", caption, chat=group)
        alice.send_document(*JPEG, caption, chat=group)
    assert group.stays_silent(0.7)
    assert (knowledge.asked, group.actions) == ([], [])


def test_a_command_to_another_bot_is_unknown_in_private(alice: UserHandle) -> None:
    for said in (f"/question@another_bot {QUESTION}", "/oublier@another_bot", "/stop@Another_Bot"):
        assert replies(alice.private_chat(), alice.say(said)) == expected(
            Rendered(texts.UNKNOWN_COMMAND)
        )


def test_what_a_message_is_edited_into_is_neither_a_question_nor_a_command(
    group: GroupHandle, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    asked = alice.say(QUESTION)
    assert replies(alice.private_chat(), asked) == expected(RENDERED)
    released = knowledge.hold("Et combien ?")
    waiting = alice.say("Et combien ?")
    knowledge.wait_until_asked("Et combien ?")
    for text in ("/stop", "/oublier", f"/question {QUESTION}", "Où ?", "/retirer 1"):
        alice.edit(asked, text)
        alice.edit(waiting, text)
    in_group = alice.say("Bonjour", chat=group)
    photo = alice.send_media("photo", "Bonjour", chat=group)
    for text in (f"{ME} {QUESTION}", f"/question {QUESTION}", "/stop"):
        alice.edit(in_group, text)
        alice.edit(photo, text)
    assert group.stays_silent(0.7)
    released.set()
    [answer] = alice.private_chat().wait_for_messages(quiet=0.3)
    assert answer.reply_to is waiting  # nothing stopped it, and nothing was forgotten
    assert [(each.text, len(each.history)) for each in knowledge.asked] == [
        (QUESTION, 0),
        ("Et combien ?", 1),
    ]


def test_words_forwarded_from_anybody_are_a_question_in_private_and_nothing_in_a_group(
    group: GroupHandle,
    alice: UserHandle,
    bob: UserHandle,
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
) -> None:
    channel = server.group("Un canal", kind="channel")
    elsewhere = server.group("Ailleurs")
    elsewhere.add(alice, bob, status="administrator", anonymous=True)
    sources = {
        "hidden_user": bob.say(QUESTION),
        "channel": alice.say(QUESTION, chat=channel),
        "chat": alice.say(QUESTION, chat=elsewhere),
        "user": server.user("Chloé").say(QUESTION, chat=elsewhere),
    }
    for kind, source in sources.items():
        assert replies(alice.private_chat(), alice.forward(source)) == expected(RENDERED), kind
        assert alice.private_chat().messages[-2].forward_origin["type"] == kind  # type: ignore[index]
    asked = len(knowledge.asked)
    for text in (f"/question {QUESTION}", f"{ME} {QUESTION}", f"/stop{ME}"):
        alice.forward(bob.say(text, chat=elsewhere), chat=group)
    assert group.stays_silent(0.7)
    assert len(knowledge.asked) == asked


def test_a_forwarded_picture_is_no_question_whatever_its_caption(
    alice: UserHandle, bob: UserHandle, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    elsewhere = server.group("Ailleurs")
    for caption in (QUESTION, "/oublier", f"/question {QUESTION}"):
        photo = bob.send_media("photo", caption, chat=elsewhere)
        sent = alice.forward(photo)
        assert replies(alice.private_chat(), sent) == expected(Rendered(texts.NOT_TEXT))
    assert knowledge.asked == []


def test_an_anonymous_administrator_asks_presses_and_stops(
    group: GroupHandle,
    alice: UserHandle,
    bob: UserHandle,
    knowledge: ScriptedKnowledge,
) -> None:
    group.add(bob, status="administrator", anonymous=True)
    asked = bob.say(f"/question {QUESTION}", chat=group)
    [answer] = group.wait_for_messages()
    assert (answer.reply_to, shown(answer)) == (asked, expected(RENDERED))
    # A press names the person: what is shown in the group does not.
    told = bob.wait_for_answer(bob.press(answer, "👍"))
    assert told["text"] == button_texts.VOTED_USEFUL
    knowledge.hold("Lentement ?")
    bob.say(f"{ME} Lentement ?", chat=group)
    [message] = group.wait_for_messages()
    assert message.text == texts.SEARCHING
    assert replies(group, alice.say("/stop", chat=group)) == expected(
        Rendered(texts.NOTHING_TO_STOP)
    )
    bob.say("/stop", chat=group)
    group.wait_for_edit(message)
    assert shown(message) == expected(Rendered(texts.STOPPED))


def test_posts_of_a_linked_channel_get_silence_and_comments_an_answer_if_they_ask(
    group: GroupHandle,
    alice: UserHandle,
    bob: UserHandle,
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
) -> None:
    channel = server.group("Un canal", kind="channel")
    channel.add(alice, status="administrator")
    group.link(channel)
    for text in (QUESTION, f"/question {QUESTION}", f"{ME} {QUESTION}", f"/stop{ME}"):
        alice.say(text, chat=channel)
    posts = [each for each in group.messages if each.is_automatic_forward]
    bob.say("Et combien ?", chat=group, reply_to=posts[0])
    alice.say("Bonne question", chat=group, reply_to=posts[0], as_chat=channel)
    assert group.stays_silent(0.7)
    assert (len(posts), knowledge.asked, channel.bot_messages) == (4, [], [])
    comment = bob.say(f"{ME} {QUESTION}", chat=group, reply_to=posts[0])
    assert replies(group, comment) == expected(RENDERED)
    # Pointing to the post asks what the post says.
    pointed = bob.say(f"{ME}", chat=group, reply_to=posts[0])
    assert replies(group, pointed) == expected(RENDERED)
    signed = alice.say(f"/question {QUESTION}", chat=group, reply_to=posts[1], as_chat=channel)
    assert replies(group, signed) == expected(RENDERED)
    assert [question.text for question in knowledge.asked] == [QUESTION] * 3
    assert {each.thread_id for each in group.bot_messages} == {None}
