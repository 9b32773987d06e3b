"""What was said is remembered shortly, for few conversations, and forgotten on demand."""

from datetime import UTC, datetime, timedelta

from bot.conversations import Conversation, Conversations, Place
from knowledge.types import Answer, AnswerMode, Claim, Exchange
from tests.answers import POOL_COST, POOL_OPENS, article, cite

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE, THERE = Conversation(Place(1)), Conversation(Place(2))
GROUP = Place(-100, 7)
ALICE, BOB = Conversation(GROUP, 1), Conversation(GROUP, 2)


def answered(question: str) -> Answer:
    return Answer(question, (), AnswerMode.EXTRACT)


def questions(exchanges: tuple[Exchange, ...]) -> list[str]:
    return [exchange.question for exchange in exchanges]


def ask(
    conversations: Conversations,
    conversation: Conversation,
    question: str,
    *,
    message_id: int | None = None,
    replied: int | None = None,
    now: datetime = NOON,
) -> list[str]:
    """Return the questions before this one, and remember its answer in the message of that id."""
    history = conversations.history(conversation, now=now, replied=replied)
    conversations.remember(
        conversation, answered(question), now=now, after=history, message_ids=[message_id]
    )
    return questions(history)


def test_an_exchange_names_each_article_once() -> None:
    pool = article()
    opens, cost = cite(pool, POOL_OPENS), cite(pool, POOL_COST)
    answer = Answer("?", (Claim("a", (opens, cost)), Claim("b", (cost,))), AnswerMode.MODEL)
    assert Exchange.of(answer) == Exchange("?", (pool.id,))


def test_the_last_exchanges_of_a_place_are_kept_in_order() -> None:
    conversations = Conversations(max_exchanges=2)
    for question in "abc":
        ask(conversations, HERE, question)
    ask(conversations, THERE, "d")
    assert questions(conversations.history(HERE, now=NOON)) == ["b", "c"]
    assert conversations.history(Conversation(Place(1, 7)), now=NOON) == ()


def test_in_a_group_each_person_has_a_conversation_in_each_topic() -> None:
    conversations = Conversations()
    ask(conversations, ALICE, "a")
    assert ask(conversations, BOB, "b") == []
    assert ask(conversations, Conversation(Place(-100, 8), 1), "c") == []
    assert ask(conversations, ALICE, "d") == ["a"]


def test_a_reply_continues_from_the_answer_whoever_it_was_for() -> None:
    conversations = Conversations()
    ask(conversations, ALICE, "a", message_id=11)
    ask(conversations, ALICE, "b", message_id=12)
    assert ask(conversations, BOB, "c", message_id=13, replied=11) == ["a"]
    assert ask(conversations, ALICE, "d", replied=13) == ["a", "c"]
    # Of a message that is not an answer, or of another place, nothing is known.
    assert ask(conversations, BOB, "e", replied=99) == ["a", "c"]
    assert ask(conversations, HERE, "f", replied=11) == []


def test_a_conversation_ends_after_its_lifetime() -> None:
    conversations = Conversations(lifetime=timedelta(minutes=30))
    ask(conversations, HERE, "a", message_id=5)
    ask(conversations, THERE, "b", now=NOON + timedelta(minutes=20))
    soon = NOON + timedelta(minutes=29)
    assert questions(conversations.history(HERE, now=soon, replied=5)) == ["a"]
    later = NOON + timedelta(minutes=30)
    assert conversations.history(HERE, now=later, replied=5) == ()
    assert questions(conversations.history(THERE, now=later)) == ["b"]
    assert len(conversations) == 1  # what is too old is not kept in memory either


def test_the_conversation_that_was_silent_longest_goes_first() -> None:
    conversations = Conversations(max_conversations=2, max_answers=2)
    for number, one in enumerate((HERE, THERE, HERE, ALICE)):
        ask(conversations, one, str(number), message_id=number)
    assert conversations.history(THERE, now=NOON, replied=1) == ()
    assert questions(conversations.history(HERE, now=NOON)) == ["0", "2"]
    assert questions(conversations.history(HERE, now=NOON, replied=0)) == ["0", "2"]


def test_a_conversation_is_forgotten_on_demand_with_its_answers() -> None:
    conversations = Conversations()
    ask(conversations, ALICE, "a", message_id=11)
    ask(conversations, BOB, "b", message_id=12)
    conversations.forget(ALICE)
    conversations.forget(HERE)
    assert conversations.history(ALICE, now=NOON, replied=11) == ()
    assert questions(conversations.history(ALICE, now=NOON, replied=12)) == ["b"]
