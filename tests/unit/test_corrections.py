"""What becomes of a quoted sentence in a newer version of its article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.articles import Article, Sentence, text_hash
from knowledge.corrections import Correction, correction
from knowledge.types import Citation, Span
from tests.bases import segmented

OLD = "La piscine rouvrira lundi 4 mai. Les travaux ont coûté 1,5 million d’euros."


def article(text: str, version: int) -> Article:
    return Article("a" * 20, version, "La piscine", text, text_hash(text))


def sentences(of: Article) -> list[Sentence]:
    return [
        Sentence(of.id, of.version, index, span, span.of(of.text))
        for index, span in enumerate(segmented(of.text).sentences)
    ]


def quoted(text: str = OLD, sentence: int = 1) -> Citation:
    old = article(text, 1)
    return Citation.of_sentence(sentences(old)[sentence], old)


def became(text: str, sentence: int = 1) -> Correction | None:
    newer = article(text, 2)
    return correction(quoted(sentence=sentence), newer, sentences(newer))


def test_a_sentence_that_stands_elsewhere_is_not_corrected() -> None:
    assert (
        became("Tout autre début. Les travaux ont coûté 1,5 million d’euros. Et la suite.") is None
    )


@pytest.mark.parametrize(
    "text",
    [
        "La piscine rouvrira lundi 4 mai.  Les travaux ont coûté 1,5\u00a0million d'euros.",
        "Les travaux ont\ncoûté 1,5 million d’euros.",
        "Les travaux" + " " * 200_000 + "ont coûté 1,5 million d’euros.",  # hung
    ],
)
def test_typography_alone_is_no_change(text: str) -> None:
    assert became(text) is None


def test_a_changed_figure_is_shown_with_both_sentences_exactly() -> None:
    found = became("La piscine rouvrira lundi 4 mai. Les travaux ont coûté 2,1 millions d’euros.")
    assert found is not None
    assert found.after is not None
    assert found.before.quote.strip() == "Les travaux ont coûté 1,5 million d’euros."
    assert found.after.quote.strip() == "Les travaux ont coûté 2,1 millions d’euros."
    assert found.after.article.version == 2


def test_a_sentence_that_is_gone_is_lost_and_not_another_one() -> None:
    found = became("La piscine rouvrira lundi 4 mai. Le maire se félicite.")
    assert found == Correction(quoted())


@given(st.text(max_size=200))
def test_any_newer_text_gives_exact_quotations(text: str) -> None:
    newer = article(text, 2) if text.strip() else article("Rien.", 2)
    found = correction(quoted(), newer, sentences(newer))
    if found is not None and found.after is not None:
        assert found.after.span.of(newer.text) == found.after.quote
    assert isinstance(quoted().span, Span)
