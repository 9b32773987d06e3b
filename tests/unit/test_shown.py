"""What is remembered of an answer that was shown, and what is not."""

from datetime import UTC, datetime

import pytest

from bot.conversations import Place
from bot.shown import (
    ShownCitation,
    ShownKind,
    ShownMessage,
    question_hash,
    shown_answer,
    voter_hash,
)
from knowledge.types import Claim
from tests.answers import POOL_COST, POOL_OPENS, abstention, article, cite, extract, written

NOW = datetime(2026, 8, 1, tzinfo=UTC)
PLACE = Place(-100, 3)
KEY = "0123456789abcdef0123456789abcdef"
POOL = article()
OPENS, COST = cite(POOL, POOL_OPENS), cite(POOL, POOL_COST)


def test_each_message_is_remembered_with_its_quotations() -> None:
    answer = extract(OPENS, COST)
    hashed = question_hash(answer.question, key=KEY)
    found = shown_answer(answer, [(7, (1,)), (8, (2,))], place=PLACE, key=KEY, now=NOW)
    first, second = (
        ShownCitation(number, POOL.id, 1, cited.span) for number, cited in ((1, OPENS), (2, COST))
    )
    assert found == tuple(
        ShownMessage(PLACE, message, 7, ShownKind.ANSWER, "extract", hashed, NOW, (cited,), 2)
        for message, cited in ((7, first), (8, second))
    )
    assert found[1].citation(2) == second
    assert found[1].citation(1) is None


def test_a_sentence_that_two_claims_cite_has_one_number() -> None:
    answer = written(Claim("Un.", (OPENS, COST)), Claim("Deux.", (COST,)))
    [found] = shown_answer(answer, [(7, (1, 2))], place=PLACE, key=KEY, now=NOW)
    assert [citation.span for citation in found.citations] == [OPENS.span, COST.span]
    assert (found.mode, found.quotations) == ("model", 2)


def test_an_abstention_is_remembered_without_quotations() -> None:
    [found] = shown_answer(abstention(POOL), [(7, ())], place=PLACE, key=KEY, now=NOW)
    assert (found.kind, found.citations, found.quotations) == (ShownKind.ABSTENTION, (), 0)


def test_a_message_in_doubt_is_left_out() -> None:
    answer = extract(OPENS, COST)
    found = shown_answer(answer, [(None, (1,)), (8, (2,))], place=PLACE, key=KEY, now=NOW)
    assert [(each.message_id, each.first_message_id) for each in found] == [(8, 8)]
    assert shown_answer(answer, [(None, (1, 2))], place=PLACE, key=KEY, now=NOW) == ()


def test_a_question_has_one_hash_however_it_is_typed() -> None:
    asked = [
        "Où est la mairie\u202f?",
        "  où EST la  mairie ?",
        "Ou\u0300 est la mairie\u00a0?",
    ]
    assert len({question_hash(each, key=KEY) for each in asked}) == 1
    assert question_hash("Où est la mare ?", key=KEY) != question_hash(asked[0], key=KEY)


def test_hashes_of_one_base_say_nothing_of_another_nor_of_each_other() -> None:
    found = {
        question_hash("42", key=KEY),
        question_hash("42", key=KEY[::-1]),
        voter_hash(42, key=KEY),
        voter_hash(42, key=KEY[::-1]),
    }
    assert len(found) == 4
    assert {len(each) for each in found} == {32}


def test_a_time_without_zone_is_refused() -> None:
    naive = datetime(2026, 8, 1)  # noqa: DTZ001 - that is the fault
    with pytest.raises(ValueError, match="UTC"):
        ShownMessage(PLACE, 7, 7, ShownKind.ANSWER, "extract", None, naive)
