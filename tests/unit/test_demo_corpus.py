"""The shipped demonstration corpus is well formed and its questions are honest.

The articles are read here with a reader of a dozen lines, on purpose not the product's own: the
corpus is the yardstick, so it must not depend on what it measures.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

DEMO = Path(__file__).resolve().parents[2] / "knowledge" / "demo"
ARTICLE_KEYS = {"title", "outlet", "author", "published", "url"}
REQUIRED_KEYS = {"title", "outlet", "url"}
QUESTION_KEYS = {"id", "question", "article", "answer", "evidence", "answerable"}
OPTIONAL_QUESTION_KEYS = {"conversation", "also"}
WORD = re.compile(r"\w+(?:[’'.,-]\w+)*")
QUESTIONS_FILES = sorted(DEMO.glob("questions-*.jsonl"))


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One file of the corpus: its slug, its front matter as written, and its body."""

    slug: str
    front_matter: dict[str, str]
    body: str


def _read_articles(folder: str) -> dict[str, DemoArticle]:
    articles = {}
    for path in sorted((DEMO / folder).glob("*.md")):
        opening, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        assert opening == "", f"{path.name} starts with its front matter"
        lines = head.splitlines()
        front_matter = {key: value for key, _, value in (line.partition(": ") for line in lines)}
        assert all(value.strip() for value in front_matter.values()), path.name
        assert len(front_matter) == len(lines), f"{path.name} repeats a key"
        articles[path.stem] = DemoArticle(path.stem, front_matter, body)
    return articles


def _read_questions(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


ARTICLES = _read_articles("articles")
CORRECTIONS = _read_articles("corrections")
CURRENT = ARTICLES | CORRECTIONS
QUESTIONS = {path.name: _read_questions(path) for path in QUESTIONS_FILES}
ALL_QUESTIONS = [question for questions in QUESTIONS.values() for question in questions]
per_questions_file = pytest.mark.parametrize("questions", QUESTIONS.values(), ids=QUESTIONS.keys())
per_text = pytest.mark.parametrize(
    "article",
    [*ARTICLES.values(), *CORRECTIONS.values()],
    ids=[*ARTICLES, *(f"{slug} corrected" for slug in CORRECTIONS)],
)


def _answerable(questions: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (question for question in questions if question["answerable"])


def _starts_and_ends_a_sentence(evidence: str, body: str) -> bool:
    """Whether `evidence`, found in `body`, has a sentence boundary on both of its sides."""
    start = body.index(evidence)
    before, after = body[:start], body[start + len(evidence) :]
    opens = not before or re.search(r"(?:\n|\n- |[.!?…][\s»”]*\s(?:«\s)?)$", before)
    closes = re.search(r"(?:[.!?…][\s»”]*|[;,])$", evidence) or after.startswith("\n")
    return bool(opens and closes and re.match(r"\s|$", after))


def test_corpus_is_large_enough_to_measure_with() -> None:
    assert len(ARTICLES) >= 30
    assert len(ALL_QUESTIONS) >= 150
    assert sum(len(_conversations(questions)) for questions in QUESTIONS.values()) >= 10


@per_text
def test_article_has_the_length_of_a_news_article(article: DemoArticle) -> None:
    assert 250 <= len(WORD.findall(article.body)) <= 600


@per_text
def test_front_matter_has_known_keys_and_readable_dates(article: DemoArticle) -> None:
    keys = set(article.front_matter)
    known = ARTICLE_KEYS | ({"updated"} if article is CORRECTIONS.get(article.slug) else set())
    assert keys >= REQUIRED_KEYS
    assert keys <= known
    for key in keys & {"published", "updated"}:
        value = article.front_matter[key]
        if len(value) == len("2026-03-14"):
            date.fromisoformat(value)
        else:
            assert datetime.fromisoformat(value).tzinfo is not None


@per_text
def test_typography_is_french(article: DemoArticle) -> None:
    text = article.front_matter["title"] + "\n" + article.body
    assert "'" not in text
    assert '"' not in text
    assert not re.search(r"«(?!\u00a0)|(?<!\u00a0)»", text)
    assert not re.search(r"(?<![\u202f?!])[;!?]", text)
    assert not re.search(r"(?<!\u00a0):", text)
    assert not re.search(r"\d \d{3}\b", text)
    assert text.count("«") == text.count("»")
    assert text.count("“") == text.count("”")


def test_addresses_are_unique_and_cannot_exist() -> None:
    addresses = [article.front_matter["url"] for article in ARTICLES.values()]
    assert max(Counter(addresses).values()) == 1
    for address in addresses:
        parts = urlsplit(address)
        assert parts.scheme == "https"
        assert parts.hostname is not None
        assert parts.hostname.endswith(".example")


def test_a_correction_is_a_later_text_of_the_same_article() -> None:
    assert CORRECTIONS
    for slug, corrected in CORRECTIONS.items():
        original = ARTICLES[slug]
        assert corrected.body != original.body
        assert corrected.front_matter["url"] == original.front_matter["url"]
        assert corrected.front_matter["published"] == original.front_matter["published"]
        assert corrected.front_matter["updated"] > corrected.front_matter["published"]
        assert corrected.body.splitlines()[-1].startswith("Rectificatif")


def test_identifiers_are_unique() -> None:
    counts = Counter(question["id"] for question in ALL_QUESTIONS)
    assert [identifier for identifier, count in counts.items() if count > 1] == []


def test_no_self_contained_question_is_asked_twice() -> None:
    counts = Counter(q["question"].casefold() for q in ALL_QUESTIONS if "conversation" not in q)
    assert [question for question, count in counts.items() if count > 1] == []


@per_questions_file
def test_question_lines_have_the_agreed_fields(questions: list[dict[str, Any]]) -> None:
    for question in questions:
        keys = set(question)
        assert keys >= QUESTION_KEYS, question["id"]
        assert keys <= QUESTION_KEYS | OPTIONAL_QUESTION_KEYS, question["id"]
        assert question["question"].strip(), question["id"]
        given = [question[key] is not None for key in ("article", "answer", "evidence")]
        assert given == [question["answerable"]] * 3, question["id"]


@per_questions_file
def test_evidence_is_one_exact_sentence_that_holds_the_answer(
    questions: list[dict[str, Any]],
) -> None:
    for question in _answerable(questions):
        body, evidence = CURRENT[question["article"]].body, question["evidence"]
        assert "\n" not in evidence, question["id"]
        assert body.count(evidence) == 1, question["id"]
        assert question["answer"] in evidence, question["id"]
        assert _starts_and_ends_a_sentence(evidence, body), question["id"]


@per_questions_file
def test_other_accepted_evidence_is_exact_too(questions: list[dict[str, Any]]) -> None:
    with_also = [question for question in questions if "also" in question]
    assert with_also, "the contradictory pair accepts either source"
    for question in with_also:
        others = [a.body for slug, a in CURRENT.items() if slug != question["article"]]
        for sentence in question["also"]:
            assert sum(body.count(sentence) for body in others) == 1, question["id"]


@per_questions_file
def test_a_quarter_of_the_questions_has_no_answer(questions: list[dict[str, Any]]) -> None:
    unanswerable = [question for question in questions if not question["answerable"]]
    assert len(unanswerable) * 4 >= len(questions)


def _conversations(questions: list[dict[str, Any]]) -> dict[str, list[int]]:
    lines = defaultdict(list)
    for number, question in enumerate(questions):
        if "conversation" in question:
            lines[question["conversation"]].append(number)
    return lines


@per_questions_file
def test_follow_ups_come_right_after_the_question_they_need(
    questions: list[dict[str, Any]],
) -> None:
    conversations = _conversations(questions)
    assert len(conversations) >= 5
    for identifier, numbers in conversations.items():
        assert numbers == [numbers[0], numbers[0] + 1], identifier
        articles = {questions[number]["article"] for number in numbers}
        assert len(articles) == 1, identifier


def test_nearly_every_article_is_asked_about() -> None:
    counts = Counter(question["article"] for question in _answerable(ALL_QUESTIONS))
    assert set(counts) <= set(ARTICLES)
    assert len([slug for slug in ARTICLES if counts[slug] < 3]) <= 2
