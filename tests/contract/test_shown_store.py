"""The ledger of what was shown, on a real database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.conversations import Place
from bot.shown import ShownCitation, ShownKind, ShownMessage, VoteOutcome
from bot.store.shown import ShownStore
from knowledge.errors import StoreError
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from knowledge.store.reader_schema import feedback, shown_citations, shown_messages
from knowledge.types import Span
from tests.bases import NOW, TEXT, draft, segmented
from tests.empty_base import place_empty_base

SHOWN_AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


@pytest.fixture
def articles(tmp_path: Path) -> Iterator[SqlArticleStore]:
    with closing(open_store(place_empty_base(tmp_path / "sourcier.sqlite3"))) as store:
        store.save(draft(), segmented(TEXT), now=NOW)
        yield store


@pytest.fixture
def store(articles: SqlArticleStore) -> ShownStore:
    return ShownStore(articles.database)


@pytest.fixture
def article(articles: SqlArticleStore) -> str:
    [only] = articles.list_articles()
    return only.id


def message(article: str, message_id: int = 7, *, first: int = 7, number: int = 1) -> ShownMessage:
    return ShownMessage(
        Place(-100, 3),
        message_id,
        first,
        ShownKind.ANSWER,
        "extract",
        "0" * 32,
        SHOWN_AT,
        (ShownCitation(number, article, 1, Span(0, 44)),),
        1,
    )


def test_what_was_recorded_is_found_again(store: ShownStore, article: str) -> None:
    shown = message(article)
    store.record([shown])
    assert store.message(-100, 7) == shown
    assert store.message(-100, 8) is None
    assert store.message(100, 7) is None


def test_recording_again_replaces(store: ShownStore, article: str) -> None:
    store.record([message(article)])
    again = replace(message(article), mode="model", citations=(), quotations=0)
    store.record([again])
    assert store.message(-100, 7) == again


def test_messages_of_one_answer_know_how_many_quotations_it_has(
    store: ShownStore, article: str
) -> None:
    store.record([message(article), message(article, 8, number=2), message(article, 20, first=20)])
    found = [store.message(-100, number) for number in (7, 8, 20)]
    assert [each.quotations for each in found if each] == [2, 2, 1]


def test_a_shown_context_is_remembered(store: ShownStore, article: str) -> None:
    store.record([message(article)])
    store.context_shown(-100, 7, 1, 55)
    found = store.message(-100, 7)
    assert found is not None
    assert [citation.context_id for citation in found.citations] == [55]


def test_a_quotation_of_an_article_that_does_not_exist_is_refused(store: ShownStore) -> None:
    with pytest.raises(StoreError):
        store.record([message("0" * 20)])
    assert store.message(-100, 7) is None


def test_messages_that_quote_an_article_are_found_by_their_time(
    store: ShownStore, article: str
) -> None:
    old = replace(message(article, 5, first=5), sent_at=SHOWN_AT - timedelta(days=31))
    store.record([message(article, 9, first=9), old, message(article)])
    since = SHOWN_AT - timedelta(days=30)
    assert [each.message_id for each in store.quoting(article, since=since)] == [7, 9]
    assert store.quoting("0" * 20, since=since) == ()


def test_votes_are_cast_changed_and_withdrawn(store: ShownStore, article: str) -> None:
    store.record([message(article), message(article, 8, number=2)])
    votes = [store.vote(-100, 8, 42, vote, now=SHOWN_AT) for vote in (1, -1, -1)]
    assert votes == [VoteOutcome.CAST, VoteOutcome.CHANGED, VoteOutcome.WITHDRAWN]
    assert store.vote(-100, 9, 42, 1, now=SHOWN_AT) is None
    with pytest.raises(ValueError, match="vote"):
        store.vote(-100, 8, 42, 0, now=SHOWN_AT)


def test_a_vote_names_the_mode_and_the_evidence_of_the_whole_answer(
    store: ShownStore, article: str, articles: SqlArticleStore
) -> None:
    answer = [message(article), message(article, 8, number=2)]
    store.record([replace(part, mode="model") for part in answer])
    store.vote(-100, 8, 42, 1, now=SHOWN_AT)
    with articles.database.reading() as connection:
        [vote] = connection.execute(select(feedback)).all()
    assert vote.evidence == [[article, 1, 0, 44]] * 2
    assert (vote.mode, vote.question_hash) == ("model", "0" * 32)
    assert vote.message_id == 7  # wherever it was pressed, a reader has one vote an answer


def test_votes_at_the_same_time_are_all_counted(store: ShownStore, article: str) -> None:
    store.record([message(article)])
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(
            pool.map(lambda user: store.vote(-100, 7, user, 1, now=SHOWN_AT), range(40))
        )
    assert outcomes == [VoteOutcome.CAST] * 40


def test_what_is_too_old_is_forgotten_little_by_little_and_votes_stay(
    store: ShownStore, article: str, articles: SqlArticleStore
) -> None:
    store.record([message(article, number, first=number) for number in range(1, 251)])
    store.vote(-100, 1, 42, 1, now=SHOWN_AT)
    later = SHOWN_AT + timedelta(days=90, seconds=1)
    for number in (1001, 1002):
        store.record([replace(message(article, number, first=number), sent_at=later)])
    with articles.database.reading() as connection:
        left = connection.execute(select(shown_messages.c.message_id)).scalars().all()
        cited = connection.execute(select(func.count()).select_from(shown_citations)).scalar()
        votes = connection.execute(select(func.count()).select_from(feedback)).scalar()
    assert (sorted(left), cited, votes) == ([1001, 1002], 2, 1)
