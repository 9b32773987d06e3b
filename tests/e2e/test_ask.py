"""Questions from scripts: files of any shape, texts of any kind, outputs that fail."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.commands import COMMAND, Command, environment, sourcier
from tests.waiting import PATIENCE

EMPTY = "La question est vide : écrivez-la entre guillemets."
TOO_LONG = (
    "Cette question compte 10\u202f000 caractères, et j’en lis 1\u202f000 au plus. "
    "Pouvez-vous la raccourcir\u202f?"
)


def batch(folder: Path, *lines: object, ending: str = "\n") -> Path:
    file = folder / "questions.jsonl"
    written = "".join(json.dumps(line, ensure_ascii=False) + ending for line in lines)
    file.write_bytes(written.encode())
    return file


@pytest.mark.parametrize(("question", "message"), [(" \n", EMPTY), ("é" * 10_000, TOO_LONG)])
def test_a_question_without_words_or_with_too_many_is_refused(
    command: Command, tmp_path: Path, question: str, message: str
) -> None:
    done = command(tmp_path / "data", "ask", "--json", question)
    assert (done.code, done.out, done.err) == (1, "", f"Erreur : {message}\n")


@pytest.mark.parametrize(
    "question",
    ["😀 שלום ?", "[bold]Qui[/bold] ?", "a\0b", "\x1b[31mQui ?", "\ud800 ?", "' OR 1=1 --", '"*"'],
)
def test_a_strange_question_is_answered_without_its_markup(
    command: Command, base: Path, question: str
) -> None:
    done = command(base, "ask", question)
    assert (done.code, done.err) == (0, "")
    assert done.out.strip()
    assert "\x1b" not in done.out


def test_a_batch_of_windows_with_failing_lines_answers_the_others(
    command: Command, base: Path, tmp_path: Path
) -> None:
    lines: list[dict[str, Any]] = [
        {"id": "un", "question": ""},
        {"id": "un", "question": "é" * 10_000, "conversation": {"de": [1]}},
        {"id": 10**30, "question": "Qui\u2028 ?", "conversation": False},
        {"id": "\ud800", "question": "Qui ?", "conversation": ["a"]},
    ]
    file = tmp_path / "questions.jsonl"
    written = "\r\n\r\n".join(map(json.dumps, lines))
    file.write_bytes(b"\xef\xbb\xbf" + written.encode())
    done = command(base, "ask", "--batch", file)
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 1
    assert [answer["id"] for answer in answers] == ["un", "un", 10**30, "\ud800"]
    assert [answer.get("error") for answer in answers] == [EMPTY, TOO_LONG, None, None]


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "null", '{"question": "Qui ?"}', '{"id": null, "question": "Qui ?"}',
     '{"id": true, "question": "Qui ?"}', '{"id": 1.5, "question": "Qui ?"}',
     '{"id": 1, "question": ["Qui ?"]}', "[" * 100_000, '{"id": ' + "9" * 5000 + "}"],
)  # fmt: skip
def test_a_line_that_is_no_question_is_named(command: Command, tmp_path: Path, line: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f'{{"id": 1, "question": "Qui ?"}}\n{line}\n', encoding="utf-8")
    done = command(tmp_path / "data", "ask", "--batch", file)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"Erreur : {file}, ligne 2 : un objet JSON")


def test_a_batch_that_cannot_be_read_is_named(command: Command, tmp_path: Path) -> None:
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes('{"id": 1, "question": "Où ?"}'.encode("latin-1"))
    for file in (latin, tmp_path, tmp_path / "absent"):
        done = command(tmp_path / "data", "ask", "--batch", file)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith(f"Erreur : Le fichier {file} ne peut pas être lu")


def test_a_file_that_never_ends_is_refused_at_its_first_line(
    command: Command, tmp_path: Path
) -> None:
    done = command(tmp_path / "data", "ask", "--batch", "/dev/zero")
    assert done.code == 1
    assert "ligne 1" in done.err


def test_an_empty_batch_gives_nothing(command: Command, base: Path, tmp_path: Path) -> None:
    done = command(base, "ask", "--batch", batch(tmp_path))
    assert (done.code, done.out, done.err) == (0, "", "")


def test_filters_leave_out_what_is_outside_them(command: Command, base: Path) -> None:
    question = ("ask", "--json", "Qui dirige le chantier ?")
    for option in (("--until", "1999-12-31"), ("--outlet", "Le Journal qui n’existe pas")):
        answer = json.loads(command(base, *question, *option).out)
        assert (answer["abstained"], answer["near"]) == (True, [])


def test_warnings_leave_the_json_alone(command: Command, base: Path) -> None:
    done = command(base, "articles", "--json", SOURCIER_MODLE="x", sourcier_xqzw="y")
    assert json.loads(done.out)["total"] == 36
    assert done.err.splitlines() == [
        (
            "Attention : SOURCIER_MODLE n’est pas un réglage de Sourcier, il est ignoré ; "
            "vouliez-vous dire SOURCIER_MODEL ?"
        ),
        (
            "Attention : SOURCIER_XQZW n’est pas un réglage de Sourcier, il est ignoré ; "
            ".env.example les nomme tous."
        ),
    ]


def test_names_in_the_settings_file_are_looked_at_too(command: Command, base: Path) -> None:
    Path(".env").write_text("pas une ligne\nSOURCIER_TREADS=2\n", encoding="utf-8")
    done = command(base, "doctor", "--json")
    finding = json.loads(done.out)[0]
    assert done.code == 1
    assert finding == {
        "subject": "Réglages",
        "ok": False,
        "seen": ".env, ligne 1 : NOM=valeur est attendu ; cette ligne est ignorée. "
        "SOURCIER_TREADS n’est pas un réglage de Sourcier, il est ignoré ; vouliez-vous dire "
        "SOURCIER_THREADS ?",
    }


def test_another_encoding_of_the_output_gets_ascii_json(base: Path) -> None:
    done = sourcier(base, "articles", "--json", PYTHONIOENCODING="latin-1")
    assert done.code == 0
    assert done.out.isascii()
    assert any("’" in article["title"] for article in json.loads(done.out)["articles"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_output_that_fails_is_one_clear_line(base: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603 - our own command
            [str(COMMAND), "articles", "--json"],
            cwd=base.parent,
            env=environment(base),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=2 * PATIENCE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "Erreur : le disque où va la sortie est plein.\n")


def test_a_reader_that_leaves_ends_the_command_quietly(base: Path, tmp_path: Path) -> None:
    lines = [{"id": number, "question": "Qui dirige le chantier ?"} for number in range(40)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [str(COMMAND), "ask", "--batch", str(batch(tmp_path, *lines))],
        cwd=base.parent,
        env=environment(base),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stderr as errors:
        assert json.loads(process.stdout.readline())["id"] == 0
        process.stdout.close()
        assert errors.read() == b""
    assert process.wait(2 * PATIENCE) == 1
