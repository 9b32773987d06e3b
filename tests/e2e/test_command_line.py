"""The commands on a real base: exit codes, what is printed, JSON, what a failure leaves."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from bot import texts
from bot.cli import WRONG_SETTINGS
from tests.e2e.commands import DEMO, Command, sourcier
from tests.shared_data import shared_folder

EVACUATED = "Combien de personnes ont été évacuées à Montbrézac ?"


def test_an_answer_is_one_json_object_with_its_exact_quotation(
    command: Command, base: Path
) -> None:
    done = command(
        base, "ask", "--json", "Combien de personnes ont été évacuées à Valcombe-sur-Aurelle ?"
    )
    assert done.code == 0, done.err
    answer = json.loads(done.out)
    assert set(answer) >= {"mode", "abstained", "answer", "claims", "near", "seconds"}
    assert (answer["mode"], answer["abstained"], answer["near"]) == ("extract", False, [])
    for claim in answer["claims"]:
        for citation in claim["citations"]:
            assert set(citation) >= {"quote", "start", "end", "version", "article"}
            assert set(citation["article"]) == {"id", "title", "url", "outlet", "published"}
            assert citation["end"] - citation["start"] == len(citation["quote"])
            assert citation["quote"] in answer["answer"]


def test_an_abstention_cites_nothing_and_names_near_articles(command: Command, base: Path) -> None:
    done = command(base, "ask", "--json", "Quelle est la masse de la planète Jupiter ?")
    answer = json.loads(done.out)
    assert answer["abstained"]
    assert answer["claims"] == []
    assert len(answer["near"]) <= 3


def test_a_batch_keeps_ids_and_order_and_its_conversations_apart(
    command: Command, base: Path, tmp_path: Path
) -> None:
    lines = [
        {"id": "a", "question": "Combien de personnes ont été évacuées à Valcombe-sur-Aurelle ?"},
        {"id": 2, "question": "Quelle est la masse de Jupiter ?", "conversation": "c"},
        {"id": "b", "question": "Et pourquoi ?", "conversation": "c"},
    ]
    batch = tmp_path / "questions.jsonl"
    batch.write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    done = command(base, "ask", "--batch", str(batch))
    assert done.code == 0, done.err
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 2, "b"]
    assert [answer["abstained"] for answer in answers] == [False, True, True]


def test_a_bad_batch_line_is_named_before_any_answer(
    command: Command, base: Path, tmp_path: Path
) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text('{"id": 1, "question": "Qui ?"}\n{"id": 2}\n', encoding="utf-8")
    done = command(base, "ask", "--batch", str(batch))
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        f"Erreur : {batch}, ligne 2 : un objet JSON avec « id » (texte ou nombre entier) et "
        "« question » (texte) est attendu.\n"
    )


def test_ingesting_twice_changes_nothing_and_a_missing_path_is_named(
    command: Command, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    article = next((DEMO / "articles").glob("a01-*.md"))
    first = command(data, "ingest", str(article), "absent.txt")
    assert first.code == 1
    assert "1 ajouté(s)" in first.out
    assert "absent.txt" in first.out
    again = command(data, "ingest", str(article))
    assert (again.code, again.out) == (
        0,
        "0 ajouté(s), 0 mis à jour, 1 inchangé(s), 0 refusé(s).\n",
    )


def test_reindexing_restores_a_deleted_chroma_folder(
    command: Command, base: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(base, data)
    question = ("ask", "--json", "Combien de personnes ont été évacuées à Valcombe-sur-Aurelle ?")
    before = json.loads(command(data, *question).out)
    shutil.rmtree(data / "chroma")
    done = command(data, "reindex")
    assert done.code == 0, done.err
    assert "Index reconstruits" in done.out
    after = json.loads(command(data, *question).out)
    assert {**after, "seconds": 0} == {**before, "seconds": 0}


def test_the_articles_are_listed_newest_first(command: Command, base: Path) -> None:
    listed = json.loads(command(base, "articles", "--json", "--limit", "100").out)
    dates = [article["published"] for article in listed["articles"]]
    known = [date for date in dates if date]
    assert listed["total"] == len(dates) == 36
    assert known == sorted(known, reverse=True)
    assert dates[: len(known)] == known
    assert sum(article["version"] == 2 for article in listed["articles"]) == 1


def test_without_a_terminal_or_a_token_three_questions_are_answered(tmp_path: Path) -> None:
    done = sourcier(tmp_path / "data", "run")
    assert done.code == 0, done.err
    assert done.out.count("› ") == 3
    held = json.loads(sourcier(tmp_path / "data", "articles", "--json").out)["total"]
    assert f"Premier démarrage : chargement de {held} articles fournis…" in done.out
    again = sourcier(tmp_path / "data", "run")
    assert "Premier démarrage" not in again.out


def test_a_conversation_reads_its_questions_from_a_pipe(base: Path) -> None:
    done = sourcier(
        base,
        "chat",
        stdin="Combien de personnes ont été évacuées à Valcombe-sur-Aurelle ?\nquitter\n",
    )
    assert done.code == 0, done.err
    assert "évacu" in done.out


def test_the_examples_that_the_bot_gives_are_answered_by_the_shipped_articles(base: Path) -> None:
    helped = dict(texts.HELP)["Poser une question"]
    examples = [each.strip() for each in re.findall("«([^»]+\\?)\\s*»", helped)]
    assert all(examples[0] in each for each in (texts.ASK, texts.HELP_IN_GROUP))
    done = sourcier(base, "chat", stdin="\n".join(examples))
    assert "610 personnes évacuées" in done.out
    assert done.out.count("230 maisons ont été inondées") == len(examples) == 2
    assert texts.ABSTENTION not in done.out


def test_a_courtesy_or_a_command_of_the_bot_is_no_question_in_the_terminal(base: Path) -> None:
    done = sourcier(base, "chat", stdin="bonjour\nmerci !\n/aide\nOK\n")
    invitation = "Posez votre question (« quitter » pour finir)."
    said = ["", "Bonjour ! ", "Avec plaisir. ", "", ""]
    assert done.out.splitlines() == [*(polite + invitation for polite in said), ""]


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
    command: Command, tmp_path: Path, variable: str, value: str, expected: str
) -> None:
    done = command(tmp_path / "data", "ask", "Qui ?", **{variable: value})
    assert done.code == (WRONG_SETTINGS if "valeur refusée" in done.err else 1)
    assert done.err.startswith("Erreur : ")
    assert expected in done.err
    assert "Traceback" not in done.err
    assert "pas-un-jeton" not in done.err


def test_the_doctor_finds_a_sound_base_in_order(command: Command, base: Path) -> None:
    done = command(base, "doctor", "--json")
    findings = json.loads(done.out)
    assert [finding["ok"] for finding in findings] == [True] * 6
    assert done.code == 0


def test_the_doctor_says_how_to_mend_a_lost_index(
    command: Command, base: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(base, data)
    shutil.rmtree(data / "chroma")
    done = command(data, "doctor")
    assert done.code == 1
    assert "✘ Chroma et index des mots" in done.out
    assert "sourcier reindex" in done.out


def test_the_real_article_is_read_and_answers(command: Command, tmp_path: Path) -> None:
    articles = shared_folder("articles")
    data = tmp_path / "data"
    assert command(data, "ingest", str(articles)).code == 0
    done = command(data, "ask", "--json", "Combien de soldats russes sont à la frontière ?")
    quotes = [
        citation["quote"]
        for claim in json.loads(done.out)["claims"]
        for citation in claim["citations"]
    ]
    assert any(
        "100 000 soldats" in quote.replace("\u202f", " ").replace("\u00a0", " ") for quote in quotes
    )
