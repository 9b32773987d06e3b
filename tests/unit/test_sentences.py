from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.sentences import split_sentences

MARK = "‖"
TABLE = Path(__file__).parents[1] / "data" / "sentences.fr.toml"
CASES = {
    f"{group}.{name}": marked
    for group, cases in tomllib.loads(TABLE.read_text(encoding="utf-8")).items()
    for name, marked in cases.items()
}


def sentences_of(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


# Pieces that put stops, quotation marks and line breaks next to each other far more often than
# arbitrary text does.
PIECES = st.sampled_from(
    [
        *'.!?…«»“”"()[]—–-•*:;,’\n\r\t \u00a0\u202f\u200b\ufeff\u2028\x1c\x85',
        *("...", "[…]", "\n\n", "\r\n", ". ", "M. ", "J.-C. ", "p. ", "U.E. ", "1. ", "12", "a) "),
        *(
            "Le ",
            "le ",
            "Il part",
            "é",
            "É",
            "L’",
            "iPhone ",
            "1,5",
            "[1]",
            "(AFP)",
            "🎉",
            "字",
            "e\u0301",
        ),
    ]
)
FRENCH_LIKE = st.lists(PIECES, max_size=40).map("".join)
ANY_TEXT = st.one_of(FRENCH_LIKE, st.text(max_size=80))


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len(CASES) >= 200
    assert sum(marked.count(MARK) for marked in CASES.values()) >= 200


@pytest.mark.parametrize("name", CASES)
def test_splits_as_the_table_says(name: str) -> None:
    marked = CASES[name]
    assert sentences_of(marked.replace(MARK, "")) == [part.strip() for part in marked.split(MARK)]


@pytest.mark.parametrize("name", CASES)
def test_a_sentence_of_the_table_alone_is_one_sentence(name: str) -> None:
    for part in CASES[name].split(MARK):
        # Where a line break lies within, the other lines of the paragraph tell what it means.
        if "\n" not in part.strip():
            assert sentences_of(part.strip()) == [part.strip()]


@pytest.mark.parametrize("name", CASES)
def test_windows_line_ends_change_nothing(name: str) -> None:
    marked = CASES[name].replace("\r\n", "\n")
    text = marked.replace(MARK, "")
    expected = [sentence.replace("\n", "\r\n") for sentence in sentences_of(text)]
    assert sentences_of(text.replace("\n", "\r\n")) == expected


@given(ANY_TEXT)
def test_sentences_cover_any_text_in_order(text: str) -> None:
    position = 0
    for span in split_sentences(text):
        assert text[position : span.start].strip() == ""
        assert span.start >= position
        sentence = span.of(text)
        assert sentence
        assert sentence == sentence.strip()
        position = span.end
    assert text[position:].strip() == ""


@given(FRENCH_LIKE, FRENCH_LIKE)
def test_paragraphs_are_split_independently(first: str, second: str) -> None:
    joined = sentences_of(f"{first}\n\n{second}")
    assert joined == sentences_of(first) + sentences_of(second)


@given(ANY_TEXT)
def test_splitting_is_repeatable(text: str) -> None:
    assert split_sentences(text) == split_sentences(text)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0\u202f\t", "\r\n \u2028"])
def test_white_space_alone_has_no_sentence(text: str) -> None:
    assert split_sentences(text) == ()


@pytest.mark.parametrize("text", [".", "…", "»", "« »", "***", "\u200b", "...!?"])
def test_a_text_without_words_is_covered_by_one_sentence(text: str) -> None:
    assert sentences_of(text) == [text]


def test_offsets_count_code_points_beyond_the_basic_plane() -> None:
    text = "🎉🎉 Fête. Il pleut."
    assert [(span.start, span.end) for span in split_sentences(text)] == [(0, 8), (9, 18)]


def test_lone_surrogates_are_accepted() -> None:
    assert sentences_of("Le fichier \ud800 est abîmé. Il pleut.") == [
        "Le fichier \ud800 est abîmé.",
        "Il pleut.",
    ]


def test_an_unclosed_quotation_swallows_nothing() -> None:
    text = "« Il pleut. Le vent se lève.\n\nLe maire parle. Il est tard.\n\nFin du jour."
    assert sentences_of(text) == [
        "« Il pleut.",
        "Le vent se lève.",
        "Le maire parle.",
        "Il est tard.",
        "Fin du jour.",
    ]


PATHOLOGICAL = [
    ".",
    ". ",
    "…",
    "«",
    "« ",
    "»",
    " »",
    '« “ " ',
    '"',
    '. " ',
    "? ! ",
    ". – ",
    ".) ",
    "(",
    "[…] ",
    ".[1]",
    ".🎉",
    " ",
    "\n",
    "\u200b",
    "a",
    "a.",
    "« Il pleut. ",
]


@pytest.mark.parametrize("unit", PATHOLOGICAL, ids=repr)
def test_time_is_linear_whatever_the_punctuation(unit: str) -> None:
    """The bound is loose, for a loaded machine: a quadratic pattern would take minutes."""
    text = "Le" + unit * (250_000 // len(unit)) + "A"
    started = time.thread_time()
    split_sentences(text)
    assert time.thread_time() - started < 10
