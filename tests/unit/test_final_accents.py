"""Words that only a last accent keeps apart: «la Coupe» and «coupé»."""

import pytest

from knowledge.search.final_accents import plain_words, set_apart
from knowledge.search.matching import Matcher
from knowledge.search.reading import read_sentence


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Qui a gagné la Coupe du monde ?", {"coupe", "monde"}),
        ("Qui a gagne la coupe du monde ?", {"coupe"}),
        ("Qui a gagne une Coupe ?", {"coupe"}),
        ("Combien coute la sante ?", set()),  # «santé», typed without its accent
        ("Quand ferme le pont ?", set()),
        ("Où est coupé le pont ?", set()),
    ],
)
def test_a_plain_letter_is_meant_beside_accents_or_after_a_feminine_article(
    question: str, words: set[str]
) -> None:
    assert plain_words(question) == words


def test_the_accented_word_of_a_sentence_matches_as_another_form() -> None:
    sentence = read_sentence("Le hameau est coupé du monde.")
    matcher = Matcher(("coup", "mond"))
    assert matcher.strengths(sentence.stem_set) == {0: 1.0, 1: 1.0}
    apart = set_apart(sentence, frozenset({"coupe"}))
    assert matcher.strengths(apart.stem_set) == {0: 0.7, 1: 1.0}
    assert [token.text for token in apart.tokens] == [token.text for token in sentence.tokens]


def test_a_sentence_without_such_a_word_is_left_as_it_is() -> None:
    sentence = read_sentence("La coupe est revenue au club.")
    assert set_apart(sentence, frozenset({"coupe"})) is sentence
    assert set_apart(sentence, frozenset()) is sentence
