"""Help and wrong command lines: in French, at once, with the exit code 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from knowledge import __version__
from tests.e2e.commands import Command
from tests.shared_data import REPOSITORY

_HERE = "\nAide : sourcier {} --help\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["nope"], "la commande « nope » n’existe pas.\nAide : sourcier --help\n"),
        (
            ["artcles"],
            (
                "la commande « artcles » n’existe pas ; vouliez-vous dire « articles » ?\n"
                "Aide : sourcier --help\n"
            ),
        ),
        (["ask"], "donnez une question, ou --batch FICHIER.jsonl." + _HERE.format("ask")),
        (
            ["ask", "Qui ?", "--batch", "f"],
            "donnez une question, ou --batch FICHIER.jsonl." + _HERE.format("ask"),
        ),
        (["ask", "Qui", "?"], "« ? » est en trop." + _HERE.format("ask")),
        (["ask", "--xyz"], "l’option --xyz n’existe pas." + _HERE.format("ask")),
        (
            ["ask", "--nope"],
            "l’option --nope n’existe pas ; vouliez-vous dire --since ?" + _HERE.format("ask"),
        ),
        (["ask", "--since"], "l’option --since demande une valeur.\n"),
        (["ask", "--json=1", "Qui ?"], "l’option --json ne prend pas de valeur.\n"),
        (
            ["ask", "Qui ?", "--since", "hier"],
            "l’option --since demande une date comme 2026-03-14." + _HERE.format("ask"),
        ),
        (["ingest"], "il manque SOURCE…." + _HERE.format("ingest")),
        (["ingest", " "], "une source est vide." + _HERE.format("ingest")),
        (
            ["articles", "--limit", "0"],
            "l’option --limit demande un nombre d’au moins 1." + _HERE.format("articles"),
        ),
        (
            ["articles", "--limit", "x"],
            "l’option --limit demande un nombre entier." + _HERE.format("articles"),
        ),
        (["models", "download"], "il manque NOM." + _HERE.format("models download")),
    ],
)
def test_a_wrong_command_line_is_explained_in_french(
    command: Command, tmp_path: Path, arguments: list[str], expected: str
) -> None:
    done = command(tmp_path / "data", *arguments)
    assert (done.code, done.out, done.err) == (2, "", f"Erreur : {expected}")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        *(["--help"], ["-h"], ["ask", "-h"], ["articles", "-h"], ["ingest", "-h"]),
        *(["models", "-h"], ["models", "list", "-h"], ["models", "download", "-h"]),
        *(["feeds", "-h"], ["feeds", "add", "-h"], ["feeds", "check", "-h"]),
        *(["feeds", "import", "-h"], ["feeds", "export", "-h"], ["subscriptions", "-h"]),
    ],
)
def test_help_pages_are_french(command: Command, tmp_path: Path, arguments: list[str]) -> None:
    done = command(tmp_path / "data", *arguments)
    assert (done.code, done.err) == (0, "")
    assert "Usage : sourcier" in done.out
    for english in ("Usage:", "Options:", "Commands:", "Arguments:", "Show", "default", "required"):
        assert english not in done.out
    for mark in ("<", ">", "{", "[[", "..."):
        assert mark not in done.out


def test_a_group_without_a_command_shows_its_help(command: Command, tmp_path: Path) -> None:
    done = command(tmp_path / "data", "models")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage : sourcier models")


def test_the_version_is_shown(command: Command, tmp_path: Path) -> None:
    done = command(tmp_path / "data", "--version")
    assert (done.code, done.out) == (0, f"sourcier {__version__}\n")


def test_help_imports_nothing_slow() -> None:
    script = (
        "import sys\nfrom bot.cli import execute\nassert execute(['--help']) == 0\n"
        "slow = {'chromadb', 'telegram', 'llama_cpp', 'sqlalchemy', 'pydantic', 'numpy', 'httpx',"
        " 'rich'}\nprint(sorted(slow & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
