"""Question sets, and one small exam on the real product."""

import json
from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.evaluation.__main__ import main
from knowledge.evaluation.datasets import load_demo, load_fqb, load_piaf, load_press, shared_dir
from knowledge.evaluation.piaf_base import PiafBase
from tests.shared_data import shared_folder

needs_shared = pytest.mark.skipif(
    not (shared_dir() / "data" / "piaf").is_dir(),
    reason="the shared data is not on this machine (SOURCIER_SHARED_DIR)",
)


def test_every_shipped_question_has_an_evidence_sentence_or_no_answer() -> None:
    questions = load_demo()
    assert len(questions) >= 150
    assert len({question.id for question in questions}) == len(questions)
    for question in questions:
        assert bool(question.answers) == bool(question.evidence) == question.answerable


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        load_fqb(tmp_path)
    assert caught.value.subject == str(tmp_path / "questions.jsonl")


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="question"):
        load_demo(tmp_path)


@needs_shared
def test_annotated_answers_stand_in_the_evidence_of_the_joined_articles() -> None:
    base = PiafBase(load_piaf())
    gold = [base.gold(question) for question in base.piaf.dev[:40]]
    assert all(question.evidence for question in gold)
    assert all(
        any(
            answer[:10] in sentence for answer in question.answers for sentence in question.evidence
        )
        for question in gold
    )


@needs_shared
def test_no_training_question_is_about_a_test_article() -> None:
    piaf = load_piaf()
    trained = {piaf.by_id[question.passage].article for question in piaf.train}
    assert not trained & piaf.test_articles


def test_an_exam_of_a_few_questions_reports_its_figures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--dataset", "demo", "--limit", "12", "--json"])
    figures = json.loads(capsys.readouterr().out)["demo"]
    assert figures["questions"] == 12
    assert figures["at_threshold"]["threshold"] == 0.6
    assert figures["retrieval"]["hit@20"] >= 0.8
    assert figures["quotation"]["right"] >= figures["quotation"]["baseline_right"]
    assert [point["threshold"] for point in figures["risk_coverage"]] == [
        0.3,
        0.4,
        0.5,
        0.6,
        0.7,
        0.8,
    ]


def test_an_exam_without_its_data_is_told_rather_than_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCIER_SHARED_DIR", str(tmp_path))
    for name, missing in (("press", "articles"), ("piaf", "data/piaf/passages.jsonl")):
        with pytest.raises(SystemExit) as ended:
            main(["--dataset", name])
        assert str(ended.value.code).startswith(f"{name} : {tmp_path / missing} est introuvable")
    assert capsys.readouterr().out == ""


def test_the_questions_on_the_real_article_have_answers_that_stand_in_it() -> None:
    articles = shared_folder("articles")
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(articles.iterdir()))
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    questions = load_press()
    assert sum(not question.answerable for question in questions) == 7
    assert all(answer in text for question in questions for answer in question.answers)
