"""What buttons and typed lists change in the preferences of a subscription."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.subscription_changes import (
    Press,
    Verb,
    pressed,
    read_press,
    token,
    typed,
)
from bot.digests.subscriptions import Preferences
from bot.texts import subscriptions as texts
from bot.views.messages import MAX_BUTTON_DATA_BYTES
from bot.views.schedule_reading import BadPreferenceError
from knowledge.digest.types import DigestStyle, Subjects

DEFAULT = Preferences()


def press(verb: Verb, value: str = "") -> Press:
    return Press(7, verb, value)


@given(
    number=st.integers(1, 2**31),
    verb=st.sampled_from(list(Verb)),
    value=st.sampled_from(["", "0830", "Europe/Paris", "f" * 20, token("x")]),
)
def test_a_buttons_data_are_read_back_and_fit(number: int, verb: Verb, value: str) -> None:
    made = Press(number, verb, value)
    assert read_press(str(made)) == made
    assert len(str(made).encode()) <= MAX_BUTTON_DATA_BYTES


@given(data=st.text(max_size=80))
def test_whatever_a_client_sends_is_read_or_is_none(data: str) -> None:
    found = read_press(data)
    assert found is None or str(found) == data


@pytest.mark.parametrize(
    "data", ["ab:0:m", "ab:7:zz", "ab::m", "ab:-1:m", "xx:7:m", "ab:7", "ab:99999999999:m"]
)
def test_data_of_no_panel_are_none(data: str) -> None:
    assert read_press(data) is None


@pytest.mark.parametrize(
    ("verb", "value", "changed"),
    [
        (Verb.HOUR, "1830", {"hours": frozenset({time(8), time(18, 30)})}),
        (Verb.DAY, "6", {"days": frozenset(range(6))}),
        (Verb.ZONE, "America/Montreal", {"zone": ZoneInfo("America/Montreal")}),
        (Verb.ITEMS, "20", {"most_items": 20}),
        (Verb.STYLE, "", {"style": DigestStyle.SYNTHESIS}),
        (Verb.SOUND, "", {"silent": True}),
        (Verb.EMPTY, "", {"say_when_empty": True}),
        (Verb.CORRECTIONS, "", {"corrections": False}),
        (Verb.OUTLET, token("Le Phare"), {"subjects": Subjects(outlets=("Le Phare",))}),
        (Verb.FEED, "a" * 20, {"subjects": Subjects(feeds=("a" * 20,))}),
    ],
)
def test_a_button_changes_one_setting(verb: Verb, value: str, changed: dict[str, object]) -> None:
    found = pressed(DEFAULT, press(verb, value), outlets=["Le Phare"], feeds=["a" * 20])
    assert found == replace(DEFAULT, **changed)  # type: ignore[arg-type]  # one setting a case


@pytest.mark.parametrize(
    ("verb", "value"),
    [
        (Verb.HOUR, "1830"),
        (Verb.DAY, "2"),
        (Verb.STYLE, ""),
        (Verb.SOUND, ""),
        (Verb.EMPTY, ""),
        (Verb.CORRECTIONS, ""),
        (Verb.OUTLET, token("Le Phare")),
        (Verb.FEED, "a" * 20),
    ],
)
def test_a_second_press_takes_the_change_back(verb: Verb, value: str) -> None:
    choices = {"outlets": ["Le Phare"], "feeds": ["a" * 20]}
    once = pressed(DEFAULT, press(verb, value), **choices)
    assert once != DEFAULT
    assert pressed(once, press(verb, value), **choices) == DEFAULT


def test_an_outlet_that_left_the_base_can_be_taken_out() -> None:
    chosen = replace(DEFAULT, subjects=Subjects(outlets=("Le Disparu",)))
    assert pressed(chosen, press(Verb.OUTLET, token("Le Disparu"))) == DEFAULT


def test_a_word_is_taken_out_by_its_button() -> None:
    chosen = replace(DEFAULT, subjects=Subjects(words=("École", "budget"), avoid=("football",)))
    without_word = pressed(chosen, press(Verb.WORD, token("école")))
    assert without_word.subjects == Subjects(words=("budget",), avoid=("football",))
    without_both = pressed(without_word, press(Verb.AVOID, token("football")))
    assert without_both.subjects == Subjects(words=("budget",))


@pytest.mark.parametrize(
    ("verb", "value", "message"),
    [
        (Verb.HOUR, "0800", texts.LAST_HOUR),
        (Verb.HOUR, "99", texts.STALE_PANEL),
        (Verb.HOUR, "2575", texts.STALE_PANEL),
        (Verb.DAY, "7", texts.STALE_PANEL),
        (Verb.ZONE, "Mars/Olympus", texts.BAD_ZONE),
        (Verb.ITEMS, "21", texts.STALE_PANEL),
        (Verb.ITEMS, "0", texts.STALE_PANEL),
        (Verb.OUTLET, "00000000", texts.STALE_PANEL),
        (Verb.FEED, "inconnu", texts.STALE_PANEL),
        (Verb.MAIN, "", texts.STALE_PANEL),
    ],
)
def test_what_cannot_be_is_refused_in_french(verb: Verb, value: str, message: str) -> None:
    with pytest.raises(BadPreferenceError) as refused:
        pressed(DEFAULT, press(verb, value))
    assert str(refused.value) == message


def test_the_last_day_stays() -> None:
    monday = replace(DEFAULT, days=frozenset({0}))
    with pytest.raises(BadPreferenceError) as refused:
        pressed(monday, press(Verb.DAY, "0"))
    assert str(refused.value) == texts.LAST_DAY


def test_a_thirteenth_hour_is_refused() -> None:
    twelve = replace(DEFAULT, hours=frozenset(time(hour) for hour in range(12)))
    with pytest.raises(BadPreferenceError) as refused:
        pressed(twelve, press(Verb.HOUR, "2000"))
    assert str(refused.value) == texts.TOO_MANY_HOURS


def test_typed_words_are_added_to_those_there_are() -> None:
    chosen = replace(DEFAULT, subjects=Subjects(words=("budget",)))
    found = typed(chosen, "words", "école, transports en commun ;\n Budget.")
    assert found.subjects == Subjects(words=("budget", "école", "transports en commun"))
    assert typed(DEFAULT, "avoid", "football").subjects == Subjects(avoid=("football",))


def test_typed_hours_and_zone_replace_the_others() -> None:
    assert typed(DEFAULT, "hours", "7h30 et 18h").hours == {time(7, 30), time(18)}
    assert typed(DEFAULT, "zone", "Dakar").zone == ZoneInfo("Africa/Dakar")


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("words", " , ; ", texts.NO_WORDS),
        ("words", "@ - …", texts.NO_WORDS),
        ("words", "x" * 81, texts.TOO_MANY_SUBJECTS),
        ("words", ",".join(map(str, range(31))), texts.TOO_MANY_SUBJECTS),
        ("hours", "bientôt", texts.BAD_HOURS),
        ("zone", "Lune", texts.BAD_ZONE),
        ("autre", "x", texts.STALE_PANEL),
    ],
)
def test_a_typed_value_that_cannot_be_is_refused(field: str, text: str, message: str) -> None:
    with pytest.raises(BadPreferenceError) as refused:
        typed(DEFAULT, field, text)
    assert str(refused.value) == message


def test_a_word_is_not_wanted_and_avoided_at_once() -> None:
    chosen = replace(DEFAULT, subjects=Subjects(words=("École",)))
    with pytest.raises(BadPreferenceError) as refused:
        typed(chosen, "avoid", "météo, école")
    assert str(refused.value) == texts.BOTH_WAYS.format(word="École")
