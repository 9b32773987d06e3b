"""Chroma out of reach: questions are answered by words, writing fails clearly, nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.commands import Done, sourcier

QUESTION = "Combien la mairie de Brumont a-t-elle voté pour les travaux ?"
SENTENCE = "La mairie de Brumont a voté un crédit de 3 000 euros pour les travaux de la halle.\n"
MORE = "Le musée de Corvel a ouvert une salle consacrée aux horloges anciennes.\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with an article in it."""
    file = tmp_path / "a.txt"
    file.write_text(SENTENCE, encoding="utf-8")
    assert sourcier(tmp_path / "data", "ingest", file).code == 0
    return tmp_path / "data"


def a_file(chroma: Path) -> None:
    shutil.rmtree(chroma)
    chroma.write_text("x")


def damaged(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").write_bytes(b"no database at all" * 500)


def answer(done: Done) -> str:
    assert done.code == 0, done.err
    return str(json.loads(done.out)["claims"][0]["citations"][0]["quote"])


def assert_told(done: Done, reason: str, mend: str) -> None:
    (told,) = done.err.splitlines()
    assert told.startswith("Attention : recherche par les seuls mots. L’index Chroma (")
    assert reason in told
    assert mend in told


@pytest.mark.parametrize(
    ("breaking", "reason"),
    [(a_file, "un fichier est là où un dossier est attendu"), (damaged, "le fichier est abîmé")],
)
def test_a_broken_folder_leaves_the_words_and_loses_nothing(
    data: Path, tmp_path: Path, breaking: Callable[[Path], None], reason: str
) -> None:
    breaking(data / "chroma")
    asked = sourcier(data, "ask", QUESTION, "--json")
    assert answer(asked) == SENTENCE.strip()
    assert_told(asked, reason, "sourcier reindex")

    more = tmp_path / "b.txt"
    more.write_text(MORE, encoding="utf-8")
    ingested = sourcier(data, "ingest", more)
    assert ingested.code == 1
    assert ingested.err.splitlines()[-1].startswith("Erreur : Les articles sont enregistrés et se ")
    assert "Traceback" not in ingested.err
    assert answer(sourcier(data, "ask", "Qu’a ouvert le musée de Corvel ?", "--json")) == (
        MORE.strip()
    )
    rebuilt = sourcier(data, "reindex")
    assert rebuilt.code == 1
    assert rebuilt.err.startswith("Erreur : L’index Chroma (")

    broken = data / "chroma"
    broken.unlink() if broken.is_file() else shutil.rmtree(broken)
    assert sourcier(data, "reindex").code == 0
    assert sourcier(data, "doctor").code == 0


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Mount the folder read-only: root ignores permissions."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None or os.geteuid() != 0:
        pytest.skip("mounting a folder read-only takes root")
    done = subprocess.run([mount, "--bind", folder, folder], capture_output=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        pytest.skip(f"mounting is refused here: {done.stderr.decode(errors='replace')}")
    try:
        done = subprocess.run(  # noqa: S603 - ours
            [mount, "-o", "remount,ro,bind", folder], capture_output=True, check=False
        )
        if done.returncode:  # as in a container without the rights of the machine's own root
            pytest.skip(f"read-only is refused here: {done.stderr.decode(errors='replace')}")
        yield
    finally:
        subprocess.run([umount, folder], check=True)  # noqa: S603 - ours


def test_a_read_only_folder_leaves_the_words(data: Path) -> None:
    with read_only(data / "chroma"):
        asked = sourcier(data, "ask", QUESTION, "--json")
    assert answer(asked) == SENTENCE.strip()
    assert_told(asked, "l’écriture y est interdite", "accessibles en écriture")
    assert "upprimez" not in asked.err


def test_a_data_folder_that_is_read_only_is_one_clear_line(data: Path, tmp_path: Path) -> None:
    with read_only(data):
        for arguments in (["ask", QUESTION], ["ingest", tmp_path / "a.txt"], ["articles"]):
            done = sourcier(data, *arguments)
            assert (done.code, done.out) == (1, "")
            assert done.err == (
                f"Erreur : {data}/sourcier.sqlite3 ne peut pas être ouvert : vérifiez que le "
                "dossier existe et ses droits.\n"
            )
    assert sourcier(data, "doctor").code == 0


def test_a_server_that_is_down_leaves_the_words(data: Path, tmp_path: Path) -> None:
    asked = sourcier(
        data, "ask", QUESTION, "--json", SOURCIER_CHROMA_URL="http://bot:motdepasse@127.0.0.1:9"
    )
    assert answer(asked) == SENTENCE.strip()
    assert_told(asked, "la connexion est refusée", "SOURCIER_CHROMA_URL")
    assert "motdepasse" not in asked.err
    more = tmp_path / "b.txt"
    more.write_text(MORE, encoding="utf-8")
    ingested = sourcier(data, "ingest", more, SOURCIER_CHROMA_URL="http://127.0.0.1:9")
    assert ingested.code == 1
    assert "Erreur : Les articles sont enregistrés" in ingested.err
    assert sourcier(data, "ingest", more).out.startswith("0 ajouté(s), 0 mis à jour, 1 inchangé(s)")
    assert sourcier(data, "doctor").code == 0  # the folder, complete again
