"""Votes under answers: one a person, kept with the evidence and never with the question."""

from pathlib import Path

from bot import texts
from bot.shown import question_hash, voter_hash
from bot.texts import buttons
from knowledge.store.articles import SqlArticleStore
from knowledge.store.reader_schema import feedback, shown_messages
from knowledge.types import Article
from tests.answers import cite
from tests.interface.buttons.pressing import (
    ASKED,
    OPENS,
    VOTES,
    Clock,
    answered,
    asked_in,
    in_group,
    rows,
    toast,
)
from tests.interface.running_bot import RunningBot
from tests.telegram_server import TelegramServer


def test_an_abstention_can_be_voted_on_and_has_no_context(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice, "Autre chose ?")
    assert answer.text.startswith(texts.ABSTENTION)
    assert answer.reply_markup == {"inline_keyboard": [VOTES]}
    query = alice.press(answer, "👎")
    assert toast(alice, query) == buttons.VOTED_USELESS
    assert [(vote["vote"], vote["evidence"]) for vote in rows(store, feedback)] == [(-1, [])]


def test_a_vote_is_kept_with_its_evidence_and_never_the_question(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore, pool: Article, clock: Clock
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    assert toast(alice, alice.press(answer, "👍")) == buttons.VOTED_USEFUL
    span = cite(pool, OPENS).span
    key = store.store_id
    message = {"chat_id": alice.private_chat().id, "message_id": answer.message_id}
    assert rows(store, feedback) == [
        message
        | {
            "voter": voter_hash(alice.id, key=key),
            "vote": 1,
            "question_hash": question_hash(ASKED, key=key),
            "mode": "extract",
            "evidence": [[pool.id, 1, span.start, span.end]],
            "voted_at": clock.time,
        }
    ]
    assert rows(store, shown_messages) == [
        message
        | {
            "thread_id": None,
            "first_message_id": answer.message_id,
            "kind": "answer",
            "mode": "extract",
            "question_hash": question_hash(ASKED, key=key),
            "sent_at": clock.time,
        }
    ]
    bot.stop()
    kept = b"".join(
        path.read_bytes() for path in Path(store.database.subject).parent.glob("sourcier.sqlite3*")
    )
    assert ASKED.encode() not in kept
    assert str(alice.id).encode() not in rows(store, feedback)[0]["voter"].encode()


def test_the_same_vote_again_withdraws_it_and_the_other_one_replaces_it(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    alice = server.user("Alice")
    answer = answered(alice)
    pressed = ["👍", "👎", "👎", "👎"]
    assert [toast(alice, alice.press(answer, each)) for each in pressed] == [
        buttons.VOTED_USEFUL,
        buttons.VOTED_USELESS,
        buttons.VOTE_WITHDRAWN,
        buttons.VOTED_USELESS,
    ]
    assert [vote["vote"] for vote in rows(store, feedback)] == [-1]


def test_in_a_group_everybody_has_one_vote(
    bot: RunningBot, server: TelegramServer, store: SqlArticleStore
) -> None:
    group, people = in_group(server, 3)
    answer = asked_in(group, people[0])
    assert {toast(each, each.press(answer, "👍")) for each in people} == {buttons.VOTED_USEFUL}
    assert toast(people[1], people[1].press(answer, "👎")) == buttons.VOTED_USELESS
    votes = {vote["voter"]: vote["vote"] for vote in rows(store, feedback)}
    key = store.store_id
    assert votes == {
        voter_hash(each.id, key=key): vote for each, vote in zip(people, (1, -1, 1), strict=True)
    }
