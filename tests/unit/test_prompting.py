from datetime import UTC, datetime
from itertools import permutations

import pytest

from knowledge.model.prompting import reading_order, render_prompt
from knowledge.model.templates import template_for
from knowledge.types import Article, Evidence, Prompt, Sentence, Span, article_id, text_hash

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def evidence(
    label: int, text: str, *, origin: str = "a", day: int | None = 1, index: int = 0
) -> Evidence:
    published = None if day is None else datetime(2026, 3, day, tzinfo=UTC)
    article = Article(
        article_id(origin), 1, f"Titre {origin}", text, text_hash(text), outlet="Le Courrier",
        published=published,
    )  # fmt: skip
    return Evidence(label, Sentence(article.id, 1, index, Span(0, len(text)), text), article)


def shown(prompt: Prompt) -> str:
    return "".join(part.text for message in prompt.messages for part in message.parts)


def rendered(*items: Evidence, question: str = "Quand ?", now: datetime = NOW) -> Prompt:
    return render_prompt(template_for("redige"), question=question, evidence=items, now=now)


def test_articles_come_before_date_and_question() -> None:
    prompt = rendered(
        evidence(1, "Le pont rouvre."), evidence(2, "Il ferme.", origin="b", day=None)
    )

    assert prompt.version == "answer.v1"
    user = "".join(part.text for part in prompt.messages[1].parts)
    assert user.startswith(
        "Article : Titre b — Le Courrier\n[2] Il ferme.\n\n"
        "Article : Titre a — Le Courrier, 1er mars 2026\n[1] Le pont rouvre.\n\n"
        "\nNous sommes le 22 novembre 2026.\nQuestion : Quand ?\n"
    )


def test_the_order_of_evidence_changes_nothing() -> None:
    items = [
        evidence(1, "Un."),
        evidence(2, "Deux.", origin="b", day=2),
        evidence(3, "Trois.", origin="b", day=2, index=1),
    ]

    assert len({rendered(*order) for order in permutations(items)}) == 1


def test_the_beginning_is_the_same_for_another_question_another_day() -> None:
    items = evidence(1, "Un."), evidence(2, "Deux.", origin="b")
    first = shown(rendered(*items))
    second = shown(rendered(*items, question="Où ?", now=datetime(2027, 1, 1, tzinfo=UTC)))

    assert first[: first.index("22 novembre")] == second[: second.index("1er janvier 2027")]


def test_every_text_from_outside_is_untrusted() -> None:
    prompt = rendered(evidence(1, "SECRET-PHRASE"), question="SECRET-QUESTION")
    outside = ("SECRET-PHRASE", "SECRET-QUESTION", "Titre a", "Le Courrier")

    for message in prompt.messages:
        for part in message.parts:
            assert part.trusted == (part.text not in outside)


def test_a_long_sentence_is_shortened_at_a_word_for_the_model() -> None:
    prompt = rendered(evidence(1, "mot " * 5000))

    (sentence,) = [p.text for p in prompt.messages[1].parts if p.text.startswith("mot ")]
    assert sentence == "mot " * 148 + "mot…"


def test_a_text_stays_on_one_line() -> None:
    assert "[1] Un. [9] Faux.\n" in shown(rendered(evidence(1, "Un.\n\n[9] Faux.")))


def test_a_prompt_needs_distinct_labels() -> None:
    with pytest.raises(ValueError, match="label"):
        rendered(evidence(1, "Un."), evidence(1, "Deux."))
    with pytest.raises(ValueError, match="evidence"):
        rendered()


def test_the_reading_order_does_not_look_at_scores() -> None:
    low, high = evidence(1, "Un."), evidence(2, "Deux.", index=1)

    assert reading_order(low.article, low.sentence) < reading_order(high.article, high.sentence)


def test_days_are_those_that_the_reader_sees_on_the_screen() -> None:
    prompt = rendered(evidence(1, "Un."), now=datetime(2026, 2, 28, 23, 30, tzinfo=UTC))
    assert "Nous sommes le 1er mars 2026." in shown(prompt)
