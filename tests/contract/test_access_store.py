"""The table of those let in, on SQLite: codes, their life, decisions, groups that migrate."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.access import AccessRequest, AccessState
from bot.store.access import AccessStore
from knowledge.store import open_database
from tests.empty_base import place_empty_base

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AccessStore]:
    with closing(open_database(place_empty_base(tmp_path / "base.sqlite3"))) as database:
        yield AccessStore(database, most_pending=3)


def codes() -> Iterator[str]:
    return (f"CODE{number:04}" for number in itertools.count())


def ask(store: AccessStore, subject: int, code: str, now: datetime = NOON) -> AccessRequest:
    request, made = store.ask(subject, f"n° {subject}", make_code=lambda: code, now=now)
    assert request is not None
    assert made
    return request


def test_asking_twice_shows_the_same_code(store: AccessStore) -> None:
    first = ask(store, 7, "CODE0001")
    again = store.ask(7, "Autre", make_code=lambda: "CODE0002", now=NOON + timedelta(hours=23))
    assert first == AccessRequest(7, AccessState.PENDING, "n° 7", NOON, code="CODE0001")
    assert again == (first, False)
    assert store.state(7) is AccessState.PENDING


def test_a_code_expires_after_a_day_and_another_is_given(store: AccessStore) -> None:
    ask(store, 7, "CODE0001")
    later = NOON + timedelta(hours=24)
    assert store.decide("CODE0001", AccessState.APPROVED, by=1, now=later) is None
    assert ask(store, 7, "CODE0002", later).code == "CODE0002"


def test_no_more_than_so_many_wait_and_a_decision_makes_room(store: AccessStore) -> None:
    for subject in (1, 2, 3):
        ask(store, subject, f"CODE000{subject}")
    assert store.ask(4, "Quatre", make_code=lambda: "CODE0004", now=NOON) == (None, False)
    store.decide("CODE0002", AccessState.REFUSED, by=9, now=NOON)
    assert ask(store, 4, "CODE0004").subject == 4


def test_a_code_decides_once(store: AccessStore) -> None:
    ask(store, -7, "CODE0001")
    decided = store.decide("CODE0001", AccessState.APPROVED, by=9, now=NOON)
    assert decided == AccessRequest(
        -7, AccessState.APPROVED, "n° -7", NOON, decided_at=NOON, decided_by=9
    )
    assert store.state(-7) is AccessState.APPROVED
    assert store.decide("CODE0001", AccessState.REFUSED, by=9, now=NOON) is None
    assert store.find(-7) == decided


def test_a_code_in_use_is_never_given_to_another(store: AccessStore) -> None:
    ask(store, 1, "CODE0000")
    source = codes()
    request, _ = store.ask(2, "Deux", make_code=lambda: next(source), now=NOON)
    assert request is not None
    assert request.code == "CODE0001"


def test_what_was_decided_can_be_taken_back(store: AccessStore) -> None:
    ask(store, 7, "CODE0001")
    store.decide("CODE0001", AccessState.REFUSED, by=9, now=NOON)
    taken = store.forget(7)
    assert taken is not None
    assert taken.state is AccessState.REFUSED
    assert store.state(7) is None
    assert store.forget(7) is None


def test_a_group_keeps_its_access_when_it_migrates(store: AccessStore) -> None:
    ask(store, -7, "CODE0001")
    store.decide("CODE0001", AccessState.APPROVED, by=9, now=NOON)
    store.move(-7, -1007)
    assert (store.state(-7), store.state(-1007)) == (None, AccessState.APPROVED)
    store.move(-7, -1007)  # both sides of a migration tell of it
    assert store.state(-1007) is AccessState.APPROVED


def test_the_list_shows_what_is_to_decide_first(store: AccessStore) -> None:
    for subject in (1, 2, 3):
        ask(store, subject, f"CODE000{subject}", NOON + timedelta(minutes=subject))
    store.decide("CODE0001", AccessState.APPROVED, by=9, now=NOON + timedelta(hours=1))
    store.decide("CODE0003", AccessState.REFUSED, by=9, now=NOON + timedelta(hours=2))
    listed = store.listing(now=NOON + timedelta(hours=3))
    assert [each.subject for each in listed] == [2, 3, 1]
    assert [each.subject for each in store.listing(now=NOON + timedelta(days=2))] == [3, 1]


def test_of_two_decisions_at_once_one_counts(store: AccessStore) -> None:
    ask(store, 7, "CODE0001")
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(
            pool.map(
                lambda by: store.decide("CODE0001", AccessState.APPROVED, by=by, now=NOON),
                range(1, 5),
            )
        )
    assert len([each for each in outcomes if each is not None]) == 1
