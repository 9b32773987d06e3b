"""Who is let in: by the mode, the person, the group, and what administrators decided."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.access import (
    CODE_ALPHABET,
    CODE_LENGTH,
    AccessMode,
    AccessRequest,
    AccessRules,
    AccessState,
    Verdict,
    Visitor,
    new_code,
    read_code,
)

ADMINISTRATOR, LISTED, STRANGER = 1, 2, 3
LISTED_GROUP, GROUP = -10, -11
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
A, R, P = Verdict.ADMITTED, Verdict.REFUSED, Verdict.TO_PAIR

VISITORS = {
    "administrator": Visitor(ADMINISTRATOR, ADMINISTRATOR),
    "administrator in a group": Visitor(ADMINISTRATOR, GROUP),
    "listed person": Visitor(LISTED, LISTED),
    "listed person in a group": Visitor(LISTED, GROUP),
    "stranger": Visitor(STRANGER, STRANGER),
    "stranger in a group": Visitor(STRANGER, GROUP),
    "stranger in a listed group": Visitor(STRANGER, LISTED_GROUP),
    "anonymous in a group": Visitor(None, GROUP),
    "anonymous in a listed group": Visitor(None, LISTED_GROUP),
}


@pytest.mark.parametrize(
    ("mode", "verdicts"),
    [
        (AccessMode.OPEN, [A, A, A, A, A, A, A, A, A]),
        (AccessMode.LIST, [A, A, A, A, R, R, A, R, A]),
        (AccessMode.PAIRING, [A, A, A, A, P, P, A, P, A]),
    ],
)
def test_each_mode_lets_in_whom_it_says(mode: AccessMode, verdicts: list[Verdict]) -> None:
    rules = AccessRules(mode, frozenset({ADMINISTRATOR}), frozenset({LISTED, LISTED_GROUP}))
    assert {name: rules.verdict(visitor) for name, visitor in VISITORS.items()} == dict(
        zip(VISITORS, verdicts, strict=True)
    )


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (None, P),
        (AccessState.PENDING, P),
        (AccessState.APPROVED, A),
        (AccessState.REFUSED, R),
    ],
)
def test_by_pairing_the_decision_counts_and_with_a_list_it_does_not(
    state: AccessState | None, verdict: Verdict
) -> None:
    stranger = VISITORS["stranger"]
    assert AccessRules(AccessMode.PAIRING).verdict(stranger, state) is verdict
    assert AccessRules(AccessMode.LIST).verdict(stranger, state) is R
    assert AccessRules(AccessMode.OPEN).verdict(stranger, state) is A


def test_a_group_is_approved_as_a_whole_and_a_person_alone() -> None:
    assert VISITORS["stranger in a group"].subject == GROUP
    assert VISITORS["stranger"].subject == STRANGER


def test_limits_count_the_person_or_the_group_that_hides_the_person() -> None:
    assert VISITORS["stranger in a group"].counted == STRANGER
    assert VISITORS["anonymous in a group"].counted == GROUP


def test_nobody_unknown_is_an_administrator() -> None:
    rules = AccessRules(administrators=frozenset({ADMINISTRATOR}))
    assert rules.is_administrator(ADMINISTRATOR)
    assert not rules.is_administrator(None)
    assert not AccessRules().is_administrator(ADMINISTRATOR)


def test_a_code_is_read_as_people_type_it_and_nothing_else_is() -> None:
    code = new_code(random.Random(4).choice)  # noqa: S311 - the same code in every run
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(CODE_ALPHABET)
    for typed in (code, code.lower(), f" {code[:4]}-{code[4:]} ", f"{code[:4]} {code[4:]}"):
        assert read_code(typed) == code
    for wrong in ("", code[:-1], code + "A", "0" * CODE_LENGTH, "é" * CODE_LENGTH, "ACDEFGH\u202e"):
        assert read_code(wrong) is None


def test_no_sign_of_a_code_is_taken_for_another() -> None:
    assert not set(CODE_ALPHABET) & set("0O1IL2Z5S8BQ")


def test_a_request_has_a_code_exactly_while_it_is_pending() -> None:
    pending = AccessRequest(7, AccessState.PENDING, "Ada", NOON, code="ACDEFGHJ")
    assert not pending.expired(NOON + timedelta(hours=23, minutes=59))
    assert pending.expired(NOON + timedelta(hours=24))
    with pytest.raises(ValueError, match="code"):
        AccessRequest(7, AccessState.PENDING, "Ada", NOON)
    with pytest.raises(ValueError, match="code"):
        AccessRequest(7, AccessState.APPROVED, "Ada", NOON, code="ACDEFGHJ")
