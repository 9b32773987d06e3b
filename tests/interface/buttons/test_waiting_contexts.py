"""A context that Telegram makes wait holds up no other press."""

from bot.texts import buttons
from knowledge.types import Article
from tests.answers import cite, extract
from tests.interface.buttons.pressing import (
    ASKED,
    COST,
    LAST,
    OPENS,
    asked_in,
    in_group,
    toast,
)
from tests.interface.running_bot import RunningBot, ScriptedKnowledge
from tests.telegram_server import Message, TelegramServer
from tests.waiting import wait_until

MAYOR = "Le maire l’a annoncé jeudi."
WAIT = 25  # seconds; the others are answered in a fraction of one, on a slow machine in some


def wait_until_noted(bot: RunningBot, answer: Message, contexts: int) -> None:
    """Return once the bot knows of so many contexts that they are shown, after they arrived."""

    def noted() -> bool:
        shown = bot.application.services.shown.message(answer.chat.id, answer.message_id)
        assert shown is not None
        return sum(each.context_id is not None for each in shown.citations) == contexts

    wait_until(noted)


def test_a_context_that_must_wait_delays_neither_a_vote_nor_is_it_sent_twice(
    server: TelegramServer, bot: RunningBot
) -> None:
    group, [alice, bob] = in_group(server, 2)
    answer = asked_in(group, alice)
    waiting = server.faults.add(method="sendMessage", retry_after=WAIT)
    assert toast(alice, alice.press(answer, "Contexte")) == ""
    wait_until(lambda: waiting.struck == 1)
    assert toast(bob, bob.press(answer, "👍")) == buttons.VOTED_USEFUL
    assert toast(bob, bob.press(answer, "Contexte")) == buttons.BEING_SHOWN
    assert group.bot_messages == [answer]  # it still waits
    [context] = group.wait_for_messages(quiet=0.5)
    assert context.entity_texts("bold") == [OPENS]
    wait_until_noted(bot, answer, 1)
    assert toast(bob, bob.press(answer, "Contexte")) == buttons.ALREADY_SHOWN


def test_no_more_than_three_contexts_wait_in_a_chat(
    server: TelegramServer, knowledge: ScriptedKnowledge, pool: Article, bot: RunningBot
) -> None:
    quotes = (OPENS, MAYOR, COST, LAST)
    knowledge.answers(ASKED, extract(*(cite(pool, quote) for quote in quotes)))
    group, [alice] = in_group(server, 1)
    answer = asked_in(group, alice)
    server.faults.add(method="sendMessage", retry_after=WAIT)
    said = [toast(alice, alice.press(answer, f"Contexte {n}")) for n in (1, 2, 3, 4)]
    assert said == ["", "", "", buttons.TOO_MANY]
    contexts = group.wait_for_messages(3)
    assert {tuple(each.entity_texts("bold")) for each in contexts} == {(OPENS,), (MAYOR,), (COST,)}
    wait_until_noted(bot, answer, 3)
    assert toast(alice, alice.press(answer, "Contexte 4")) == ""
    [last] = group.wait_for_messages()
    assert last.entity_texts("bold") == [LAST]
    assert bot.error is None


def test_a_context_that_must_wait_does_not_hold_up_the_end(
    server: TelegramServer, bot: RunningBot
) -> None:
    group, [alice] = in_group(server, 1)
    answer = asked_in(group, alice)
    waiting = server.faults.add(method="sendMessage", retry_after=300)
    assert toast(alice, alice.press(answer, "Contexte")) == ""
    wait_until(lambda: waiting.struck == 1)
    assert bot.stop() < 45
    assert bot.error is None
