"""The thesaurus file keeps to its format and holds no word that answers for everything."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files

import pytest

from knowledge.text.french import content_terms, stem

_TEXT = (files("knowledge.search") / "thesaurus.fr.txt").read_text(encoding="utf-8")
_LINES = [line for line in _TEXT.splitlines() if line and not line.startswith("#")]
_GROUPS = [line.replace(": ", " ", 1).split(" ") for line in _LINES]
_RELATIONS = {(stem(group[0]), stem(word)) for group in _GROUPS for word in group[1:]}

_LONGEST_GROUP = 14
_MOST_HEADS_OF_A_WORD = 20


def test_the_thesaurus_is_large_enough_to_be_of_use() -> None:
    assert len(_GROUPS) >= 1_500


def test_each_line_has_one_asking_word_before_a_colon() -> None:
    shape = re.compile(r"[^\W\d_]+:(?: [^\W\d_]+)+")
    assert [line for line in _LINES if not shape.fullmatch(line)] == []


def test_each_line_is_two_to_fourteen_words() -> None:
    assert [group for group in _GROUPS if not 2 <= len(group) <= _LONGEST_GROUP] == []


def test_each_word_is_one_lower_case_term_that_the_tokeniser_keeps() -> None:
    """A stop word, a hyphen or a capital would never be looked up, or be cut in two."""
    words = {word for group in _GROUPS for word in group}
    assert sorted(word for word in words if content_terms(word) != [word]) == []
    assert sorted(word for word in words if word != word.lower()) == []


def test_words_of_a_line_keep_distinct_stems() -> None:
    repeated = [group for group in _GROUPS if len({stem(word) for word in group}) != len(group)]
    assert repeated == []


def test_each_asking_word_has_one_line() -> None:
    heads = Counter(stem(group[0]) for group in _GROUPS)
    assert [head for head, count in heads.items() if count > 1] == []


def test_no_word_answers_for_too_many_others() -> None:
    reached = Counter(answer for _, answer in _RELATIONS)
    assert {word: n for word, n in reached.items() if n > _MOST_HEADS_OF_A_WORD} == {}


@pytest.mark.parametrize(
    ("asked", "answering"),
    [
        ("prévenir", "alerte"),
        ("diriger", "tête"),
        ("coûter", "euros"),
        ("voler", "cambriolage"),
        ("remplacer", "successeur"),
        ("durée", "mois"),
        ("remporter", "vainqueur"),
        ("éteindre", "maîtriser"),
        ("licencier", "suppression"),
        ("habitants", "population"),
    ],
)
def test_a_common_question_word_reaches_the_word_of_the_answer(asked: str, answering: str) -> None:
    assert (stem(asked), stem(answering)) in _RELATIONS


@pytest.mark.parametrize(
    ("asked", "other"), [("guerre", "armée"), ("maison", "prison"), ("incendie", "autoriser")]
)
def test_words_of_one_subject_that_do_not_answer_for_each_other_stay_apart(
    asked: str, other: str
) -> None:
    assert (stem(asked), stem(other)) not in _RELATIONS
