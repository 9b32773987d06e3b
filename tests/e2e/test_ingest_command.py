"""Feeding the base: documents of every kind, full disks, kills and other processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from knowledge.bootstrap import open_base
from knowledge.settings import KnowledgeSettings, load_settings
from tests.e2e.commands import COMMAND, DEMO, Command, environment, sourcier, told
from tests.waiting import PATIENCE

SENTENCE = "La mairie de Brumont a voté un crédit de 3 000 euros. Les travaux débuteront en juin.\n"


def articles_in(data: Path) -> int:
    store = open_base(load_settings(KnowledgeSettings, env_file=None, data_dir=data))
    try:
        return store.summary().articles
    finally:
        store.close()


def test_a_folder_of_everything_gives_its_articles_and_names_the_rest(
    command: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "latin.txt").write_bytes(SENTENCE.encode("latin-1"))
    (folder / os.fsdecode(b"caf\xe9\x1b[31m.txt")).write_bytes(b"\x00\x01\x02" * 99)
    (folder / "empty.txt").touch()
    (folder / "cut.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n<<")
    (folder / "menu.html").write_text("<html><body><nav>Menu</nav></body></html>", encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "loop").symlink_to(folder)
    (folder / "outside.txt").symlink_to("/etc/hostname")
    (folder / "zero.txt").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.txt")
    with (folder / "large.txt").open("wb") as large:
        large.truncate(50 * 1024 * 1024)
    done = command(tmp_path / "data", "ingest", folder)
    assert done.code == 1
    assert told(done.err) == []
    lines = done.out.splitlines()
    assert lines[0] == "1 ajouté(s), 0 mis à jour, 0 inchangé(s), 6 refusé(s)."
    assert [line.split(" : ")[0].rpartition("/")[2] for line in lines[1:]] == [
        "caf\\xe9\ufffd[31m.txt", "cut.pdf", "empty.txt", "large.txt", "menu.html", "pipe.txt",
    ]  # fmt: skip
    again = json.loads(command(tmp_path / "data", "ingest", folder, "--json").out)
    assert (again["added"], again["unchanged"], len(again["failures"])) == (0, 1, 6)


def test_a_changed_file_is_a_new_version(command: Command, tmp_path: Path) -> None:
    file, data = tmp_path / "a.txt", tmp_path / "data"
    file.write_text(SENTENCE, encoding="utf-8")
    assert command(data, "ingest", file).code == 0
    file.write_text(SENTENCE.replace("3 000", "4 000"), encoding="utf-8")
    assert "0 ajouté(s), 1 mis à jour" in command(data, "ingest", file).out
    assert [
        a["version"] for a in json.loads(command(data, "articles", "--json").out)["articles"]
    ] == [2]


def test_a_disk_that_fills_up_loses_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert sourcier(data, "ingest", next((DEMO / "articles").glob("a01-*"))).code == 0
    limited = f'ulimit -f 300; exec "{COMMAND}" ingest "{DEMO / "articles"}"'  # 300 KiB a file
    done = subprocess.run(  # noqa: S603 - our own command
        ["/bin/bash", "-c", limited],
        cwd=tmp_path,
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    (line,) = told(done.stderr)
    assert line.startswith("Erreur : ")
    assert "le disque est plein" in line.lower()
    assert "upprimez" not in line
    mended = json.loads(sourcier(data, "ingest", DEMO / "articles", "--json").out)
    assert mended["failures"] == []
    assert articles_in(data) == 36
    assert sourcier(data, "doctor").code == 0


def test_a_killed_ingestion_is_finished_by_the_next(tmp_path: Path) -> None:
    data = tmp_path / "data"
    process = subprocess.Popen(  # noqa: S603 - our own command
        [str(COMMAND), "ingest", str(DEMO / "articles")],
        cwd=tmp_path,
        env=environment(data),
        stdout=subprocess.DEVNULL,
    )
    while not (data / "chroma").exists() and process.poll() is None:
        time.sleep(0.01)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    assert sourcier(data, "ingest", DEMO / "articles").code == 0
    assert articles_in(data) == 36
    assert sourcier(data, "doctor").code == 0


def test_two_ingestions_at_once_keep_every_article_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    processes = [
        subprocess.Popen(  # noqa: S603 - our own command
            [str(COMMAND), "ingest", str(DEMO / "articles")],
            cwd=tmp_path,
            env=environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    printed = [process.communicate(timeout=5 * PATIENCE) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], printed
    assert articles_in(data) == 36
    assert sourcier(data, "doctor").code == 0
