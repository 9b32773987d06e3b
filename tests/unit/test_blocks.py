from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.blocks import split_blocks


def blocks_of(text: str) -> list[str]:
    return [text[start:end] for start, end in split_blocks(text)]


WRAPPED = (
    "Le conseil municipal de Lorvane a voté mardi soir le budget de la commune,\n"
    "après quatre heures de débats animés, en présence de la députée Mme Claire\n"
    "Vasseur et du préfet, qui a rappelé les règles. La salle était pleine et le\n"
    "public nombreux."
)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_a_blank_line_separates_whatever_the_line_ends(newline: str) -> None:
    assert blocks_of(f"Un{newline}{newline}Deux{newline} {newline}Trois") == ["Un", "Deux", "Trois"]


def test_a_hard_wrapped_paragraph_is_one_block() -> None:
    assert blocks_of(WRAPPED) == [WRAPPED]


def test_a_heading_above_a_hard_wrapped_paragraph_is_a_block() -> None:
    assert blocks_of("Un budget contesté\n" + WRAPPED) == ["Un budget contesté", WRAPPED]


def test_a_headline_glued_to_a_long_line_is_a_block() -> None:
    headline = "L'ambassade demande le départ du personnel non essentiel"
    paragraph = "Le ministère travaille sur une série d’options, selon deux responsables. " * 3
    assert blocks_of(f"{headline}\n{paragraph}") == [headline, paragraph.strip()]


def test_a_line_that_ends_on_a_function_word_goes_on() -> None:
    assert blocks_of("Il arrive de\nParis") == ["Il arrive de\nParis"]


def test_a_line_that_begins_in_lower_case_continues() -> None:
    assert blocks_of("Il arrive\nde Paris") == ["Il arrive\nde Paris"]


@pytest.mark.parametrize("marker", ["-", "•", "*", "–", "—", "1.", "2)", "a)", "ii)", "##"])
def test_list_items_are_blocks(marker: str) -> None:
    text = f"Au programme :\n{marker} un concert\n{marker} un bal"
    assert blocks_of(text) == ["Au programme :", f"{marker} un concert", f"{marker} un bal"]


def test_a_dash_that_wraps_to_the_next_line_is_no_list_item() -> None:
    text = WRAPPED.replace("Mme Claire\nVasseur et du", "Mme Élise V.\n— et du")
    assert blocks_of(text) == [text]


def test_initials_at_a_line_start_are_no_list_marker() -> None:
    text = WRAPPED.replace("Mme Claire\nVasseur", "Mme Claire\nV. Roux")
    assert blocks_of(text) == [text]


def test_zero_width_characters_on_a_line_separate_and_are_kept() -> None:
    assert blocks_of("Un.\n\u200b\nDeux.") == ["Un.", "\u200b", "Deux."]


@given(st.text(alphabet=st.sampled_from("aA.-•1) \n\r\u2028\u200b«»é"), max_size=60))
def test_only_white_space_lies_outside_the_blocks(text: str) -> None:
    position = 0
    for start, end in split_blocks(text):
        assert start >= position
        assert text[position:start].strip() == ""
        assert text[start:end].strip() == text[start:end] != ""
        position = end
    assert text[position:].strip() == ""
