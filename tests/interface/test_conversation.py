"""Section by section, what a reader sees in a private chat: whole messages compared."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import texts
from bot.texts import menus
from bot.views.messages import Message as Rendered
from bot.views.render import render_help, render_start, render_with_buttons
from knowledge.types import Answer, Claim, Exchange
from tests.answers import (
    POOL_COST,
    POOL_OPENS,
    POOL_PROMISE,
    abstention,
    article,
    cite,
    extract,
    written,
)
from tests.interface.comparing import buttons, expected, expected_buttons, shown
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import ChatHandle, TelegramServer, UserHandle

POOL = article()
FILED = article("Le budget est voté.", title="Conseil", url=None, outlet=None, published=None)
ANSWERS = {
    "extract": extract(
        cite(POOL, POOL_OPENS, "le 3 mars 2026"), cite(POOL, POOL_PROMISE, speech="le maire")
    ),
    "without address": extract(cite(FILED, FILED.text)),
    "written": written(
        Claim("La piscine rouvre le 3 mars 2026.", (cite(POOL, POOL_OPENS, "le 3 mars 2026"),)),
        Claim("", (cite(POOL, POOL_COST),)),
    ),
    "abstention": abstention(POOL, FILED, newest=datetime(2026, 3, 1, tzinfo=UTC)),
    "several messages": extract(
        *(
            cite(article(text, title=title), text)
            for title, text in (("A", "Un 😀 mot " * 380 + "A."), ("B", "Un mot " * 500 + "B."))
        )
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_question_gets_its_answer_as_rendered(
    name: str, bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    answer: Answer = ANSWERS[name]
    knowledge.answers("Quand ?", answer)
    alice = server.user("Alice")
    question = alice.say("Quand ?")
    rendered = [packed.message for packed in render_with_buttons(answer)]
    received = alice.private_chat().wait_for_messages(len(rendered), quiet=0.2)
    assert list(map(shown, received)) == list(map(expected, rendered))
    assert list(map(buttons, received)) == list(map(expected_buttons, rendered))
    assert [each.reply_to for each in received] == [question] + [None] * (len(rendered) - 1)
    assert all(each.link_preview_options == {"is_disabled": True} for each in received)
    assert server.refusals == []


def test_a_quotation_is_shown_character_for_character(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    quote = "«\u00a0Oui\u202f!\u00a0», <b>dit</b> 😀 l’élue\u2067 ; 1\u202f000\u00a0€ [1] *_`@x #y"
    knowledge.answers("Quoi ?", extract(cite(article(f"Avant. {quote}"), quote)))
    alice = server.user("Alice")
    alice.say("Quoi ?")
    [answer] = alice.private_chat().wait_for_messages()
    assert answer.entity_texts("blockquote") == [quote]


@pytest.mark.parametrize(
    ("command", "rendered"),
    [
        ("/start", render_start()),
        ("/start lien_1-2", render_start()),
        ("/start <b>x</b> \u202e😀", render_start()),
        ("/aide", render_help(1000)),
        ("/help", render_help(1000)),
        ("/AIDE", render_help(1000)),
        ("/oublier", Rendered(texts.FORGOTTEN)),
        ("/foo", Rendered(texts.UNKNOWN_COMMAND)),
    ],
)
def test_commands_are_answered_in_french(
    command: str,
    rendered: Rendered,
    bot: RunningBot,
    server: TelegramServer,
    knowledge: ScriptedKnowledge,
) -> None:
    alice = server.user("Alice")
    alice.say(command)
    [answer] = alice.private_chat().wait_for_messages(quiet=0.1)
    assert shown(answer) == expected(rendered)
    assert knowledge.asked == []


def test_each_kind_of_chat_has_its_menu_in_french(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    alice, bob, chloe, denis = (server.user(name) for name in ("Alice", "Bob", "Chloé", "Denis"))
    alice.start()
    group = server.group("Un groupe")
    group.add(alice)
    group.add(denis, status="administrator")

    def menu(user: UserHandle, chat: ChatHandle | None = None) -> menus.Menu:
        found = server.commands_shown(user, chat)
        return tuple((each["command"], each["description"]) for each in found)

    with RunningBot(server, knowledge, tmp_path, administrators=frozenset({alice.id, bob.id})):
        server.wait_for_answers("setMyCommands", 7)  # Alice's again, as she presses the button
        assert menu(alice) == menus.ADMINISTRATORS
        assert menu(alice, group) == menus.GROUPS
        assert menu(denis, group) == menus.GROUP_ADMINISTRATORS
        assert menu(chloe) == menus.PRIVATE
        assert menu(bob) == menus.PRIVATE  # there was no chat with him yet
        bob.start()
        server.wait_for_answers("setMyCommands", 8)
        assert menu(bob) == menus.ADMINISTRATORS


def test_the_help_tells_an_administrator_what_is_theirs_to_do(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    alice, bob = server.user("Alice"), server.user("Bob")
    with RunningBot(server, knowledge, tmp_path, administrators=frozenset({alice.id})):
        for user, administrator in ((alice, True), (bob, False)):
            user.say("/aide")
            [told] = user.private_chat().wait_for_messages()
            assert shown(told) == expected(render_help(1000, administrator=administrator))


def test_what_is_not_text_gets_a_short_french_message(
    bot: RunningBot, server: TelegramServer
) -> None:
    alice = server.user("Alice")
    alice.send_document("photo.jpg", b"...", "image/jpeg", caption="Qui est-ce ?")
    [answer] = alice.private_chat().wait_for_messages()
    assert shown(answer) == (texts.NOT_TEXT, [])


def test_a_question_too_long_is_refused_with_the_limit(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    alice = server.user("Alice")
    alice.say("a" * 1001)
    [answer] = alice.private_chat().wait_for_messages()
    assert answer.text == (
        "Cette question compte 1\u202f001 caractères, et j’en lis 1\u202f000 au plus. "
        "Pouvez-vous la raccourcir\u202f?"
    )
    assert knowledge.asked == []
    alice.say("b" * 1000)
    alice.private_chat().wait_for_messages()
    assert [question.text for question in knowledge.asked] == ["b" * 1000]


def test_an_edited_message_is_not_answered_again(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    alice = server.user("Alice")
    question = alice.say("Quand ?")
    alice.private_chat().wait_for_messages()
    alice.edit(question, "Où ?")
    assert alice.private_chat().stays_silent(0.5)
    assert len(knowledge.asked) == 1


def test_a_follow_up_knows_the_last_three_exchanges_until_they_are_forgotten(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    knowledge.answers("Quand ?", extract(cite(POOL, POOL_OPENS), cite(POOL, POOL_COST)))
    alice, bob = server.user("Alice"), server.user("Bob")
    for text in ("Quand ?", "Combien ?", "Où ?", "Qui ?", "/oublier", "Quoi ?"):
        alice.say(text)
        alice.private_chat().wait_for_messages()
    bob.say("Et moi ?")
    bob.private_chat().wait_for_messages()
    first = Exchange("Quand ?", (POOL.id,))
    second, third = Exchange("Combien ?"), Exchange("Où ?")
    assert [(question.text, question.history) for question in knowledge.asked] == [
        ("Quand ?", ()),
        ("Combien ?", (first,)),
        ("Où ?", (first, second)),
        ("Qui ?", (first, second, third)),
        ("Quoi ?", ()),
        ("Et moi ?", ()),
    ]


def test_a_courtesy_is_returned_and_neither_asked_nor_counted(
    server: TelegramServer, knowledge: ScriptedKnowledge, tmp_path: Path
) -> None:
    knowledge.answers("Quand ?", extract(cite(POOL, POOL_OPENS)))
    alice = server.user("Alice")
    with RunningBot(server, knowledge, tmp_path, questions_per_minute=2):
        seen = []
        for text in (
            "Bonjour",
            "Quand ?",
            "merci beaucoup !",
            "👍",
            "🤔",
            "au revoir",
            "Qui es-tu ?",
        ):
            said = alice.say(text)
            [answer] = alice.private_chat().wait_for_messages()
            assert answer.reply_to == said
            seen.append(answer.text)
    assert seen[0] == "Bonjour\u202f! Posez-moi votre question\u202f; /aide explique le reste."
    assert seen[2] == "Avec plaisir. Posez-moi une autre question quand vous voulez."
    assert seen[3] == "Bien noté. Posez-moi une autre question quand vous voulez."
    assert seen[5] == "À bientôt\u202f!"
    assert seen[6] == (
        "Je réponds à vos questions d’après une base d’articles de presse, en citant la phrase "
        "exacte. Posez-moi la vôtre\u202f; /aide explique le reste."
    )
    # A sign that asks nothing is searched for, but never with the words of the question before.
    assert [(each.text, each.history) for each in knowledge.asked] == [("Quand ?", ()), ("🤔", ())]


def test_typing_is_shown_at_once_and_again_while_the_answer_takes_time(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    released = knowledge.hold("Lentement ?")
    alice = server.user("Alice")
    question = alice.say("Lentement ?")
    chat = alice.private_chat()
    first = chat.wait_for_action("typing")
    assert first.sent_at - question.sent_at < 4.0  # the exact figure is the benchmark's
    pauses: list[float] = []
    while not pauses or (min(pauses) >= 5.0 and len(pauses) < 3):  # a busy machine delays some
        second = chat.wait_for_action("typing", after=first.sent_at + 0.1)
        pauses.append(second.sent_at - first.sent_at)
        first = second
    assert 2.0 < min(pauses) < 5.0  # Telegram shows it for 5 s
    released.set()
    chat.wait_for_messages()
    shown_until = len(chat.actions)
    time.sleep(0.3)
    assert len(chat.actions) == shown_until


def test_typing_that_was_dropped_is_shown_soon_after(
    bot: RunningBot, server: TelegramServer, knowledge: ScriptedKnowledge
) -> None:
    server.faults.add(method="sendChatAction", error=502, times=2)
    released = knowledge.hold("Lentement ?")
    alice = server.user("Alice")
    question = alice.say("Lentement ?")
    shown_at = alice.private_chat().wait_for_action("typing").sent_at
    assert shown_at - question.sent_at < 8  # twice at the pace of repeating would take nine
    assert len(server.calls_of("sendChatAction")) == 3
    released.set()
    alice.private_chat().wait_for_messages()
