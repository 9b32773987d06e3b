"""The buttons under an answer, and what a press may mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.buttons import ContextPress, Press, VotePress, answer_keyboard, read_press
from bot.texts import buttons as texts
from bot.views.messages import MAX_BUTTON_DATA_BYTES, MAX_BUTTONS_IN_ROW, Button, Message

VOTES = (Button("👍", "vote:+"), Button("👎", "vote:-"))


def test_one_quotation_needs_no_number() -> None:
    assert answer_keyboard([1], alone=True, votes=True) == ((Button("Contexte", "ctx:1"), *VOTES),)


def test_several_quotations_stand_above_the_votes() -> None:
    contexts = tuple(Button(f"Contexte {number}", f"ctx:{number}") for number in range(1, 7))
    keyboard = answer_keyboard(range(1, 7), alone=False, votes=True)
    assert keyboard == (contexts[:4], contexts[4:], VOTES)


def test_a_message_that_is_not_the_last_has_no_votes() -> None:
    assert answer_keyboard([2], alone=False, votes=False) == ((Button("Contexte 2", "ctx:2"),),)
    assert answer_keyboard([], alone=False, votes=False) == ()


def test_an_abstention_has_the_votes_alone() -> None:
    assert answer_keyboard([], alone=False, votes=True) == (VOTES,)


@given(st.lists(st.integers(1, 99), unique=True, max_size=60), st.booleans(), st.booleans())
def test_every_keyboard_is_within_telegram_s_limits(
    numbers: list[int], alone: bool, votes: bool
) -> None:
    keyboard = answer_keyboard(numbers, alone=alone, votes=votes)
    Message("Une réponse").with_keyboard(*keyboard)
    assert all(0 < len(row) <= MAX_BUTTONS_IN_ROW for row in keyboard)
    pressed = [read_press(button.data) for row in keyboard for button in row]
    wanted: list[Press] = [ContextPress(number) for number in numbers]
    assert pressed == wanted + ([VotePress(1), VotePress(-1)] if votes else [])


@given(st.text() | st.none() | st.integers() | st.from_regex(r"(ctx|vote):.{0,5}"))
def test_nothing_else_means_anything(data: object) -> None:
    pressed = read_press(data)
    if isinstance(pressed, ContextPress):
        assert data == f"ctx:{pressed.number}"
        assert 1 <= pressed.number <= 999
    elif isinstance(pressed, VotePress):
        assert data == ("vote:+" if pressed.vote == 1 else "vote:-")


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "\u200b", "data": "x"},
        {"text": "a"},
        {"text": "a", "data": ""},
        {"text": "a", "data": "é" * 33},
        {"text": "a", "data": "x", "url": "https://a.fr/"},
    ],
)
def test_a_button_telegram_would_refuse_cannot_be_made(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="button"):
        Button(**wrong)


def test_a_button_may_send_64_bytes() -> None:
    assert len(str(Button("a", "é" * 32).data).encode()) == MAX_BUTTON_DATA_BYTES


@pytest.mark.parametrize(
    "keyboard", [((),), ((Button("a", "x"),) * 9,), ((Button("a", "x"),),) * 101]
)
def test_a_keyboard_telegram_would_refuse_cannot_be_made(
    keyboard: tuple[tuple[Button, ...], ...],
) -> None:
    with pytest.raises(ValueError, match="buttons"):
        Message("Une réponse", keyboard=keyboard)


def test_toasts_are_within_200_characters() -> None:
    said = [value for name, value in vars(texts).items() if name.isupper()]
    assert max(map(len, map(str, said))) <= 200
