"""Sentences too long to be quoted at once: where they are cut, and that nothing is lost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.store.saving import check_segmentation
from knowledge.text.long_sentences import LONGEST
from knowledge.text.segmentation import segment
from knowledge.text.sentences import split_sentences

WORDS = "le conseil a voté la somme de 12\u00a0000\u00a0euros "
PIECES = st.sampled_from(
    [WORDS * 20, "x" * 700, ", ", " ; ", "\u00a0: ", " ", " " * 900, "e\u0301"]
)


def parts_of(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


@given(st.lists(PIECES, max_size=30).map("".join))
def test_parts_are_short_and_cover_the_sentence(text: str) -> None:
    parts = parts_of(text)
    assert all(0 < len(part) <= LONGEST for part in parts)
    assert all(part == part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST])
def test_a_sentence_that_can_be_quoted_stays_whole(length: int) -> None:
    text = ("oui, " * LONGEST)[: length - 1].rstrip(" ,") + "."
    assert parts_of(text) == [text]


@pytest.mark.parametrize(
    ("sign", "expected"),
    [(" ;", " ;"), ("\u00a0:", "\u00a0:"), (",", ","), ("", "mot")],
)
def test_the_cut_is_where_a_reader_pauses(sign: str, expected: str) -> None:
    text = "mot " * 240 + f"mot{sign} " + "mot " * 300 + "fin."
    first, *_ = parts_of(text)
    assert first.endswith(expected)
    if sign:
        assert first == "mot " * 240 + f"mot{sign}"


def test_a_semicolon_is_better_than_a_later_comma() -> None:
    text = "mot " * 200 + "mot ; " + "mot, " * 300 + "fin."
    assert parts_of(text)[0] == "mot " * 200 + "mot ;"


def test_no_break_spaces_are_not_cut_where_a_space_is_near() -> None:
    for part in parts_of(WORDS * 200):
        assert not part.endswith(("12", "000"))


@pytest.mark.parametrize("unit", ["e\u0301\u0323", "👩\u200d👩\u200d👧", "❤\ufe0f"])
def test_a_letter_keeps_its_marks(unit: str) -> None:
    for part in parts_of("a" + unit * 2000):
        assert not part.startswith(("\u0301", "\u0323", "\u200d", "\ufe0f"))
        assert not part.endswith("\u200d")


def test_a_sentence_of_ten_thousand_characters_is_exactly_its_parts() -> None:
    text = "Le budget " + "très " * 2000 + "long est voté."
    parts = parts_of(text)
    assert " ".join(parts) == text
    assert len(parts) <= 14


@pytest.mark.parametrize("unit", ["x", "mot ", "\u0301", "a\u00a0", "e\u0301", "a; ", "é, "])
def test_a_megabyte_without_a_stop_is_segmented_in_linear_time(unit: str) -> None:
    text = "a" + unit * (990_000 // len(unit)) + "z"
    begin = time.thread_time()
    segmented = segment(text)
    assert time.thread_time() - begin < 15
    assert max(map(len, segmented.sentences)) <= LONGEST
    check_segmentation(segmented, text)


def test_a_speaker_is_that_of_every_part_of_the_quotation() -> None:
    text = "« " + "Nous avons tenu, " * 150 + "enfin », a déclaré Claire Dubreuil."
    segmented = segment(text)
    assert len(segmented.sentences) > 1
    assert set(segmented.speech) == {"Claire Dubreuil"}
