"""What is asked for after the command."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.subscription_request import asked_for
from bot.digests.subscriptions import Preferences
from bot.texts import subscriptions as texts
from bot.views.schedule_reading import BadPreferenceError
from knowledge.digest.types import Subjects

DEFAULT = Preferences()
REFUSALS = {
    texts.TOO_MANY_SUBJECTS,
    texts.TOO_MANY_HOURS,
    texts.BAD_HOURS,
    texts.BAD_ITEMS.format(most=20),
}
BOTH = texts.BOTH_WAYS.partition("{word}")[2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", DEFAULT),
        ("7h30", replace(DEFAULT, hours=frozenset({time(7, 30)}))),
        ("7h30 18h", replace(DEFAULT, hours=frozenset({time(7, 30), time(18)}))),
        (
            "7h30 18h budget, école",
            replace(
                DEFAULT,
                hours=frozenset({time(7, 30), time(18)}),
                subjects=Subjects(words=("budget", "école")),
            ),
        ),
        ("quotidien 18:00", replace(DEFAULT, hours=frozenset({time(18)}))),
        (
            "du lundi au vendredi à 7 h 30 et 18 heures, école",
            replace(
                DEFAULT,
                hours=frozenset({time(7, 30), time(18)}),
                days=frozenset(range(5)),
                subjects=Subjects(words=("école",)),
            ),
        ),
        ("école à 18h", Preferences(frozenset({time(18)}), subjects=Subjects(words=("école",)))),
        (
            "24 heures du Mans",
            replace(DEFAULT, subjects=Subjects(words=("24 heures du Mans",))),
        ),
        (
            "le 20 heures de TF1 à 21h sauf 12h de Sebring",
            Preferences(
                frozenset({time(21)}),
                subjects=Subjects(words=("le 20 heures de TF1",), avoid=("12h de Sebring",)),
            ),
        ),
        ("les 35 heures", replace(DEFAULT, subjects=Subjects(words=("les 35 heures",)))),
        (
            "7h30, lun-ven, budget, école, sauf football, -météo",
            replace(
                DEFAULT,
                hours=frozenset({time(7, 30)}),
                days=frozenset(range(5)),
                subjects=Subjects(words=("budget", "école"), avoid=("football", "météo")),
            ),
        ),
        ("8", DEFAULT),
        ("7 et 18", replace(DEFAULT, hours=frozenset({time(7), time(18)}))),
        ("2027, 49.3", replace(DEFAULT, subjects=Subjects(words=("2027", "49.3")))),
        ("@, …", DEFAULT),
        ("tous les lundis à 9h", Preferences(frozenset({time(9)}), days=frozenset({0}))),
        ("chaque matin à 7h", replace(DEFAULT, hours=frozenset({time(7)}))),
        ("chaque soir", replace(DEFAULT, hours=frozenset({time(18)}))),
        ("Tous les soirs", replace(DEFAULT, hours=frozenset({time(18)}))),
        ("7h30 puis 18h", replace(DEFAULT, hours=frozenset({time(7, 30), time(18)}))),
        ("7h et à 18h", replace(DEFAULT, hours=frozenset({time(7), time(18)}))),
        ("20 articles", replace(DEFAULT, most_items=20)),
        ("–météo", replace(DEFAULT, subjects=Subjects(avoid=("météo",)))),
        ("tous les soirs à 20h", replace(DEFAULT, hours=frozenset({time(20)}))),
        ("18h 10 articles", replace(DEFAULT, hours=frozenset({time(18)}), most_items=10)),
        ("3 articles au plus", replace(DEFAULT, most_items=3)),
        ("8h heure de Montréal", replace(DEFAULT, zone=ZoneInfo("America/Montreal"))),
        ("heure d’été", replace(DEFAULT, subjects=Subjects(words=("heure d’été",)))),
        (
            "football sauf mercato",
            replace(DEFAULT, subjects=Subjects(words=("football",), avoid=("mercato",))),
        ),
        (
            "médecins sans frontières",
            replace(DEFAULT, subjects=Subjects(words=("médecins sans frontières",))),
        ),
        (  # hung in the square of the spaces
            "8h 1" + " " * 200_000 + "h budget",
            replace(
                DEFAULT, hours=frozenset({time(8), time(1)}), subjects=Subjects(words=("budget",))
            ),
        ),
        (
            "transports en commun",
            replace(DEFAULT, subjects=Subjects(words=("transports en commun",))),
        ),
    ],
)
def test_a_subscription_is_asked_for_in_one_line(text: str, expected: Preferences) -> None:
    assert asked_for(text, DEFAULT) == expected


@given(text=st.text(max_size=300))
def test_whatever_is_asked_for_is_understood_or_refused(text: str) -> None:
    try:
        assert isinstance(asked_for(text, DEFAULT), Preferences)
    except BadPreferenceError as refused:
        assert str(refused) in REFUSALS or str(refused).endswith(BOTH)  # noqa: PT017 - either outcome will do


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("25h", texts.BAD_HOURS),
        ("99", texts.BAD_HOURS),
        ("8h, 0 article", texts.BAD_ITEMS.format(most=20)),
        ("1000 articles", texts.BAD_ITEMS.format(most=20)),
        ("football, sauf Football", texts.BOTH_WAYS.format(word="football")),
        (" ".join(f"{hour}h" for hour in range(13)), texts.TOO_MANY_HOURS),
    ],
)
def test_what_cannot_be_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadPreferenceError) as refused:
        asked_for(text, DEFAULT)
    assert str(refused.value) == message
