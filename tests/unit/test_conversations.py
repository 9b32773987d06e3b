"""What was said is remembered shortly, for few places, and forgotten on demand."""

from datetime import UTC, datetime, timedelta

from bot.conversations import Conversations, Place
from knowledge.types import Answer, AnswerMode, Claim, Exchange
from tests.answers import POOL_COST, POOL_OPENS, article, cite

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE, THERE = Place(1), Place(2)


def answered(question: str) -> Answer:
    return Answer(question, (), AnswerMode.EXTRACT)


def questions(exchanges: tuple[Exchange, ...]) -> list[str]:
    return [exchange.question for exchange in exchanges]


def test_an_exchange_names_each_article_once() -> None:
    pool = article()
    opens, cost = cite(pool, POOL_OPENS), cite(pool, POOL_COST)
    answer = Answer("?", (Claim("a", (opens, cost)), Claim("b", (cost,))), AnswerMode.MODEL)
    assert Exchange.of(answer) == Exchange("?", (pool.id,))


def test_the_last_exchanges_of_a_place_are_kept_in_order() -> None:
    conversations = Conversations(max_exchanges=2)
    for question in "abc":
        conversations.remember(HERE, answered(question), now=NOON)
    conversations.remember(THERE, answered("d"), now=NOON)
    assert questions(conversations.history(HERE, now=NOON)) == ["b", "c"]
    assert questions(conversations.history(Place(1, 7), now=NOON)) == []


def test_a_conversation_ends_after_its_lifetime() -> None:
    conversations = Conversations(lifetime=timedelta(minutes=30))
    conversations.remember(HERE, answered("a"), now=NOON)
    conversations.remember(THERE, answered("b"), now=NOON + timedelta(minutes=20))
    assert questions(conversations.history(HERE, now=NOON + timedelta(minutes=29))) == ["a"]
    later = NOON + timedelta(minutes=30)
    assert conversations.history(HERE, now=later) == ()
    assert questions(conversations.history(THERE, now=later)) == ["b"]
    assert len(conversations) == 1  # what is too old is not kept in memory either


def test_the_place_that_was_silent_longest_goes_first() -> None:
    conversations = Conversations(max_places=2)
    for place in (HERE, THERE, HERE, Place(3)):
        conversations.remember(place, answered("?"), now=NOON)
    assert conversations.history(THERE, now=NOON) == ()
    assert questions(conversations.history(HERE, now=NOON)) == ["?", "?"]


def test_a_place_is_forgotten_on_demand() -> None:
    conversations = Conversations()
    conversations.remember(HERE, answered("a"), now=NOON)
    conversations.forget(HERE)
    conversations.forget(THERE)
    assert len(conversations) == 0
