"""Ways to call the bot, or nearly: names within emoji, media, deep links, stale buttons."""

import pytest

from bot import texts
from bot.texts import buttons as button_texts
from bot.texts import subscriptions as subscription_texts
from bot.views.messages import Message as Rendered
from bot.views.render import render_start
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


@pytest.mark.parametrize(
    ("said", "question"),
    [
        (f"😀 {ME} quand ?", "😀 quand ?"),
        (f"👨\u200d👩\u200d👧\u200d👦😀é\u0301{{x}} {ME}, quand 😀 ?", "{x} quand 😀 ?"),
        (f"\u202e{ME}\u202c quand ?", "\u202e \u202c quand ?"),
        (f"{ME} quand, {ME} ?", "quand ?"),
        (f"@another_bot et {ME}, quand ?", "@another_bot et quand ?"),
        (f"{ME.upper()} quand ?", "quand ?"),
    ],
)
def test_the_name_is_found_wherever_it_stands_and_taken_out_of_the_question(
    said: str, question: str, group: GroupHandle, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    family = "👨\u200d👩\u200d👧\u200d👦😀é\u0301"
    sent = alice.say(said.replace(family + "{x}", family), chat=group)
    [answer] = group.wait_for_messages(quiet=0.1)
    assert answer.reply_to is sent
    assert [each.text for each in knowledge.asked] == [question.replace("{x}", family)]


def test_a_name_that_is_not_the_bot_s_is_not_answered(
    group: GroupHandle, alice: UserHandle, bob: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    somebody = {"type": "text_mention", "offset": 3, "length": 8, "user": bob.user.json()}
    alice.say("😀 Sourcier quand ?", chat=group, entities=[somebody])
    for said in (f"@another_bot {QUESTION}", f"{ME}s {QUESTION}", f"x{ME} ?", ME[1:]):
        alice.say(said, chat=group)
    assert group.stays_silent(0.7)
    assert knowledge.asked == []


def test_a_mention_by_name_after_emoji_is_answered(
    group: GroupHandle, alice: UserHandle, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    me = {"type": "text_mention", "offset": 3, "length": 8, "user": server.state.bot.json()}
    sent = alice.say(f"😀 Sourcier {QUESTION}", chat=group, entities=[me])
    [answer] = group.wait_for_messages()
    assert answer.reply_to is sent
    assert [each.text for each in knowledge.asked] == [f"😀 {QUESTION}"]


@pytest.mark.parametrize("kind", ["voice", "video_note", "photo", "sticker", "location", "dice"])
def test_what_is_not_text_gets_one_courteous_line_in_private(
    kind: str, alice: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    sent = alice.send_media(kind)
    assert replies(alice.private_chat(), sent) == expected(Rendered(texts.NOT_TEXT))
    assert alice.private_chat().actions == []


def test_what_is_not_text_gets_silence_in_a_group_unless_it_answers_the_bot(
    group: GroupHandle, alice: UserHandle, bob: UserHandle, knowledge: ScriptedKnowledge
) -> None:
    alice.say(f"/question {QUESTION}", chat=group)
    [answer] = group.wait_for_messages()
    opinion = bob.say("Un avis", chat=group)
    for kind in ("voice", "sticker", "photo", "contact", "dice"):
        alice.send_media(kind, chat=group)
        alice.send_media(kind, chat=group, reply_to=opinion)
    for kind in ("sticker", "dice"):  # a reaction to the answer, which expects nothing
        alice.send_media(kind, chat=group, reply_to=answer)
    assert group.stays_silent(0.7)
    for kind, caption in (("voice", ""), ("photo", ""), ("photo", "Et là ?")):
        sent = alice.send_media(kind, caption, chat=group, reply_to=answer)
        assert replies(group, sent) == expected(Rendered(texts.NOT_TEXT))
    called = alice.send_media("photo", f"{ME} {QUESTION}", chat=group, reply_to=answer)
    assert replies(group, called) == expected(RENDERED)
    assert [each.text for each in knowledge.asked] == [QUESTION] * 2


def test_whatever_a_deep_link_carries_starts_and_nothing_else(
    alice: UserHandle, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    for payload in ("a" * 64, "-_", "/oublier", "\u202e😀", f"{QUESTION}", "@another_bot"):
        reader = server.user("😀" * 4096)
        assert replies(reader.private_chat(), reader.start(payload)) == expected(render_start())
    group = server.group("\u202e<b>Groupe</b> \u200b" + "😀" * 200, kind="group")
    group.add(alice)
    assert alice.add_bot(group, "abc_-") is not None
    [greeting] = group.wait_for_messages(quiet=0.5)  # the bot was added and started: once
    assert shown(greeting) == expected(Rendered(subscription_texts.GREETING_GROUP))
    assert knowledge.asked == []


def test_buttons_of_a_message_that_is_no_longer_accessible_say_so_and_no_more(
    alice: UserHandle, server: TelegramServer
) -> None:
    alice.say(QUESTION)
    [answer] = alice.private_chat().wait_for_messages()
    alice.delete(answer)
    votes = [alice.wait_for_answer(alice.press(answer, label))["text"] for label in ("👍", "👎")]
    assert votes == [button_texts.VOTED_USEFUL, button_texts.VOTED_USELESS]
    query = server.state.add_callback_query(alice.user, answer, "ctx:99")
    server.state.updates.add("callback_query", query.json())
    assert alice.wait_for_answer(query)["text"] == button_texts.UNKNOWN
    unknown = alice.say("Autre chose ?")
    [abstention] = alice.private_chat().wait_for_messages(quiet=0.1)
    assert abstention.reply_to is unknown
