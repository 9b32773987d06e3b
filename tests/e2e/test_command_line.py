"""The installed command, as a person or a script uses it: exit codes, what is printed, JSON."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.shared_data import REPOSITORY, shared_folder

COMMAND = Path(sys.executable).with_name("sourcier")
DEMO = REPOSITORY / "knowledge" / "demo"
Run = Callable[..., subprocess.CompletedProcess[str]]


def sourcier(
    data: Path, *arguments: str, stdin: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in an empty folder, so that no ``.env`` of the developer is read."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("SOURCIER_")
    }
    data.parent.mkdir(parents=True, exist_ok=True)
    return subprocess.run(  # noqa: S603 - our own command
        [str(COMMAND), *arguments],
        cwd=data.parent,
        env={**environment, "SOURCIER_DATA_DIR": str(data), "COLUMNS": "200", **settings},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the shipped articles; tests only read it."""
    data = tmp_path_factory.mktemp("base") / "data"
    done = sourcier(data, "ingest", str(DEMO / "articles"), str(DEMO / "corrections"), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["added"], report["updated"], report["failures"]) == (36, 1, [])
    return data


def text_of(citation: dict[str, Any], articles: dict[str, str]) -> str:
    return articles[citation["article"]["url"]][citation["start"] : citation["end"]]


def test_an_answer_is_one_json_object_with_its_exact_quotation(base: Path) -> None:
    done = sourcier(
        base, "ask", "--json", "Combien de personnes ont été évacuées à Valcombe-sur-Aurelle ?"
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) >= {"mode", "abstained", "answer", "claims", "near", "seconds"}
    assert (answer["mode"], answer["abstained"], answer["near"]) == ("extract", False, [])
    for claim in answer["claims"]:
        for citation in claim["citations"]:
            assert set(citation) >= {"quote", "start", "end", "version", "article"}
            assert set(citation["article"]) == {"id", "title", "url", "outlet", "published"}
            assert citation["end"] - citation["start"] == len(citation["quote"])
            assert citation["quote"] in answer["answer"]


def test_an_abstention_cites_nothing_and_names_near_articles(base: Path) -> None:
    done = sourcier(base, "ask", "--json", "Quelle est la masse de la planète Jupiter ?")
    answer = json.loads(done.stdout)
    assert answer["abstained"]
    assert answer["claims"] == []
    assert len(answer["near"]) <= 3


def test_a_batch_keeps_ids_and_order_and_its_conversations_apart(
    base: Path, tmp_path: Path
) -> None:
    lines = [
        {"id": "a", "question": "Combien de personnes ont été évacuées à Valcombe-sur-Aurelle ?"},
        {"id": 2, "question": "Quelle est la masse de Jupiter ?", "conversation": "c"},
        {"id": "b", "question": "Et pourquoi ?", "conversation": "c"},
    ]
    batch = tmp_path / "questions.jsonl"
    batch.write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    done = sourcier(base, "ask", "--batch", str(batch))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 2, "b"]
    assert [answer["abstained"] for answer in answers] == [False, True, True]


def test_a_bad_batch_line_is_named_before_any_answer(base: Path, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text('{"id": 1, "question": "Qui ?"}\n{"id": 2}\n', encoding="utf-8")
    done = sourcier(base, "ask", "--batch", str(batch))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Erreur : {batch}, ligne 2 : un objet JSON avec « id » et « question » est attendu.\n"
    )


def test_ingesting_twice_changes_nothing_and_a_missing_path_is_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    article = next((DEMO / "articles").glob("a01-*.md"))
    first = sourcier(data, "ingest", str(article), "absent.txt")
    assert first.returncode == 1
    assert "1 ajouté(s)" in first.stdout
    assert "absent.txt" in first.stdout
    again = sourcier(data, "ingest", str(article))
    assert (again.returncode, again.stdout) == (
        0,
        "0 ajouté(s), 0 mis à jour, 1 inchangé(s), 0 refusé(s).\n",
    )


def test_reindexing_restores_a_deleted_chroma_folder(base: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(base, data)
    question = ("ask", "--json", "Combien de personnes ont été évacuées à Valcombe-sur-Aurelle ?")
    before = json.loads(sourcier(data, *question).stdout)
    shutil.rmtree(data / "chroma")
    done = sourcier(data, "reindex")
    assert done.returncode == 0, done.stderr
    assert "Index reconstruits" in done.stdout
    after = json.loads(sourcier(data, *question).stdout)
    assert {**after, "seconds": 0} == {**before, "seconds": 0}


def test_the_articles_are_listed_newest_first(base: Path) -> None:
    listed = json.loads(sourcier(base, "articles", "--json", "--limit", "100").stdout)
    dates = [article["published"] for article in listed["articles"]]
    known = [date for date in dates if date]
    assert listed["total"] == len(dates) == 36
    assert known == sorted(known, reverse=True)
    assert dates[: len(known)] == known
    assert sum(article["version"] == 2 for article in listed["articles"]) == 1


def test_without_a_terminal_or_a_token_three_questions_are_answered(tmp_path: Path) -> None:
    done = sourcier(tmp_path / "data", "run")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("› ") == 3
    assert "Premier démarrage" in done.stdout
    again = sourcier(tmp_path / "data", "run")
    assert "Premier démarrage" not in again.stdout


def test_a_conversation_reads_its_questions_from_a_pipe(base: Path) -> None:
    done = sourcier(
        base,
        "chat",
        stdin="Combien de personnes ont été évacuées à Valcombe-sur-Aurelle ?\nquitter\n",
    )
    assert done.returncode == 0, done.stderr
    assert "évacu" in done.stdout


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("SOURCIER_THREADS", "beaucoup", "un nombre entier"),
        ("SOURCIER_TELEGRAM_TOKEN", "pas-un-jeton", "BotFather"),
        ("SOURCIER_MODEL", "/nulle/part.gguf", "/nulle/part.gguf"),
        ("SOURCIER_EMBEDDER", "/nulle/part.gguf", "/nulle/part.gguf"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(
    tmp_path: Path, variable: str, value: str, expected: str
) -> None:
    done = sourcier(tmp_path / "data", "ask", "Qui ?", **{variable: value})
    assert done.returncode == 1
    assert done.stderr.startswith("Erreur : ")
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert "pas-un-jeton" not in done.stderr


def test_the_doctor_finds_a_sound_base_in_order(base: Path) -> None:
    done = sourcier(base, "doctor", "--json")
    findings = json.loads(done.stdout)
    assert [finding["ok"] for finding in findings] == [True] * 5
    assert done.returncode == 0


def test_the_doctor_says_how_to_mend_a_lost_index(base: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(base, data)
    shutil.rmtree(data / "chroma")
    done = sourcier(data, "doctor")
    assert done.returncode == 1
    assert "✘ Chroma et index des mots" in done.stdout
    assert "sourcier reindex" in done.stdout


def test_help_imports_nothing_slow() -> None:
    script = (
        "import sys\nfrom typer.testing import CliRunner\nfrom bot.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "slow = {'chromadb', 'telegram', 'llama_cpp', 'sqlalchemy', 'pydantic', 'numpy', 'httpx'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_real_article_is_read_and_answers(tmp_path: Path) -> None:
    articles = shared_folder("articles")
    data = tmp_path / "data"
    assert sourcier(data, "ingest", str(articles)).returncode == 0
    done = sourcier(data, "ask", "--json", "Combien de soldats russes sont à la frontière ?")
    quotes = [
        citation["quote"]
        for claim in json.loads(done.stdout)["claims"]
        for citation in claim["citations"]
    ]
    assert any(
        "100 000 soldats" in quote.replace("\u202f", " ").replace("\u00a0", " ") for quote in quotes
    )
