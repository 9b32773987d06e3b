"""Characters made uniform: which invisible ones stay, and that once is enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.characters import normalise

ODD = st.text(
    st.sampled_from(
        "a👩👧❤\u200d\ufe0f\u200b\u200c\u0338\u2194\u21ae\u2329\u2adc🏽 \u00a0\u2028\n"
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    "emoji",
    ["👩\u200d👩\u200d👧", "❤\ufe0f\u200d🔥", "👩🏽\u200d⚕\ufe0f", "🏳\ufe0f\u200d🌈", "🐦\u200d⬛"],
)
def test_an_emoji_made_of_several_stays_one(emoji: str) -> None:
    text = f"La fête {emoji} a lieu."
    assert normalise(text) == text


@pytest.mark.parametrize(
    "text", ["a\u200db", "👩\u200d", "\u200d👧", "👩\u200d\u200d", "👩\u200d\u200b"]
)
def test_a_joiner_that_joins_no_emoji_goes(text: str) -> None:
    assert normalise(text) == text.replace("\u200d", "").replace("\u200b", "")


@given(ODD)
def test_once_is_enough(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
