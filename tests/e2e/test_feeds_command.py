"""Following sources from the command line, over a web server on loopback."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.commands import Command, sourcier
from tests.followed import BODY, SECOND, item, page, rss
from tests.web_server import LocalServer, reply

PRIVATE = {"SOURCIER_FEED_PRIVATE_ADDRESSES": "true"}
GONE = "Cette page n’existe pas ou n’existe plus (code 404)."


@pytest.fixture
def server() -> Iterator[LocalServer]:
    server = LocalServer()
    server.answers["/rss"] = reply(rss(item()).encode(), Content_Type="application/rss+xml")
    server.answers["/a"] = reply(page())
    yield server
    server.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_feed_is_added_visited_listed_and_removed(
    command: Command, data: Path, server: LocalServer
) -> None:
    site = f"http://127.0.0.1:{server.port}"
    added = command(data, "feeds", "add", f"{site}/rss", "--outlet", "Le Phare", **PRIVATE)
    assert (added.code, added.err) == (0, "")
    assert added.out == (
        f"Source ajoutée : Le Phare ({site}/rss). 1 article(s) annoncé(s). Elle sera lue à la "
        "prochaine visite ; tout de suite par : sourcier feeds check\n"
    )
    assert "Déjà suivie" in command(data, "feeds", "add", f"{site}/rss", **PRIVATE).out
    checked = command(data, "feeds", "check", **PRIVATE)
    assert (checked.code, checked.out) == (
        0,
        "Le Phare : visité, 1 ajouté(s), 0 mis à jour.\n",
    )
    (article,) = json.loads(command(data, "articles", "--json").out)["articles"]
    assert (article["title"], article["outlet"], article["summary_only"]) == (
        "La piscine rouvrira",
        "Le Phare",
        False,
    )
    asked = command(data, "ask", "Combien coûtera la rénovation de la piscine de Valmorin ?")
    assert "1,5 million" in asked.out
    (listed,) = json.loads(command(data, "feeds", "list", "--json").out)
    assert (listed["url"], listed["articles"], listed["last_error"]) == (f"{site}/rss", 1, None)
    assert listed["last_success"] < listed["next_visit"]
    assert "Le Phare" in command(data, "feeds", "list").out
    assert command(data, "feeds", "remove", "le phare").out == (
        "Source retirée : Le Phare. Ses articles restent dans la base.\n"
    )
    assert command(data, "feeds", "list").out.startswith("Aucune source suivie.")


def test_failures_are_told_and_listed(command: Command, data: Path, server: LocalServer) -> None:
    site = f"http://127.0.0.1:{server.port}"
    refused = command(data, "feeds", "add", f"{site}/nothing", **PRIVATE)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == (f"Erreur : {GONE} (Pour l’ajouter sans le lire d’abord : --force.)\n")
    assert command(data, "feeds", "add", f"{site}/nothing", "--force", **PRIVATE).code == 0
    checked = command(data, "feeds", "check", "--json", **PRIVATE)
    (report,) = json.loads(checked.out)
    assert (checked.code, report["status"], report["last_error"]) == (1, "failed", GONE)
    listed = command(data, "feeds", "list").out
    day = r"\d{4}-\d\d-\d\d \d\d:\d\d"
    assert re.search(rf" 0 +jamais +{day} *\n", listed)  # articles, last success, next visit
    assert re.search(
        rf"/nothing, dernière erreur le {day} \(en échec\) : {re.escape(GONE)}", listed
    )
    server.answers["/nothing"] = server.answers["/rss"]
    command(data, "feeds", "check", **PRIVATE)
    listed = command(data, "feeds", "list").out
    assert re.search(rf" 1 +{day} +{day} *\n", listed)
    assert re.search(rf"La Gazette, dernière erreur le {day} \(rétablie\) : ", listed)
    assert command(data, "feeds", "remove", "Le Phare").code == 1


def test_private_addresses_are_refused_by_default(
    command: Command, data: Path, server: LocalServer
) -> None:
    refused = command(data, "feeds", "add", "http://127.0.0.1/rss")
    assert refused.code == 1
    assert "machine privée ou locale" in refused.err
    assert server.requests == []


def test_an_article_that_is_only_a_summary_says_so(
    command: Command, data: Path, server: LocalServer
) -> None:
    server.answers["/a"] = reply(b"", "403 Forbidden")
    address = f"http://127.0.0.1:{server.port}/rss"
    command(data, "feeds", "add", address, **PRIVATE)
    checked = command(data, "feeds", "check", **PRIVATE).out
    assert "1 ajouté(s), 0 mis à jour, dont 1 résumé(s) seul(s)." in checked
    assert "Ce site refuse l’accès à cette page (code 403)." in checked
    assert "1 (résumé seul)" in command(data, "articles").out


@contextmanager
def being_written(file: Path) -> Iterator[None]:
    """Something writes into the file until the block is left."""
    left = threading.Event()

    def touch() -> None:
        os.utime(file, (time.time(), time.time()))

    def write() -> None:
        while not left.wait(0.2):
            touch()

    touch()
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        try:
            yield
        finally:
            left.set()
        writing.result()


def test_a_watched_folder_gives_new_and_changed_files(
    command: Command, data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "depeches"
    folder.mkdir()
    old = time.time() - 60
    for name, text in (("a.txt", BODY), ("b.txt", SECOND)):
        (folder / name).write_text(text, encoding="utf-8")
        os.utime(folder / name, (old, old))
    (folder / "half.txt").write_text(f"{BODY} Et encor", encoding="utf-8")
    assert "Source ajoutée : depeches" in command(data, "feeds", "add", folder).out
    with being_written(folder / "half.txt"):
        checked = command(data, "feeds", "check").out
    assert checked == (
        "depeches : visité, 2 ajouté(s), 0 mis à jour, la suite à la prochaine visite.\n"
    )
    os.utime(folder / "half.txt", (old, old))  # its writer is done
    (folder / "a.txt").write_text(BODY.replace("dix mois", "un an"), encoding="utf-8")
    os.utime(folder / "a.txt", (old + 1, old + 1))
    assert "1 ajouté(s), 1 mis à jour." in command(data, "feeds", "check").out
    assert "0 ajouté(s), 0 mis à jour." in command(data, "feeds", "check", folder).out
    folder.rename(tmp_path / "ailleurs")
    failed = command(data, "feeds", "check")
    assert (failed.code, "Ce dossier n’existe pas" in failed.out) == (1, True)


def test_lists_are_imported_and_exported(command: Command, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "flux.opml"
    file.write_text(
        '<?xml version="1.0"?><opml version="2.0"><body><outline text="Presse">'
        '<outline type="rss" text="Le Phare" xmlUrl="https://phare.test/rss"/>'
        '<outline text="L’Écho &amp; Cie" xmlUrl="https://echo.test/rss?utm_source=x"/></outline>'
        '<outline text="Phare" xmlUrl="https://phare.test/rss"/>'
        '<outline text="Local" xmlUrl="file:///etc/passwd"/></body></opml>',
        encoding="utf-8",
    )
    done = command(data, "feeds", "import", file)
    assert (done.code, done.out.splitlines()) == (
        1,
        [
            "2 ajoutée(s), 0 déjà suivie(s), 1 refusée(s).",
            "file:///etc/passwd : ce n’est pas une adresse web.",
        ],
    )
    exported = tmp_path / "sortie.opml"
    assert command(data, "feeds", "export", exported).code == 0
    printed, written = command(data, "feeds", "export").out, exported.read_text(encoding="utf-8")
    made = re.compile("<dateCreated>[^<]+</dateCreated>")  # a second may pass between the two
    assert made.sub("", printed) == made.sub("", written)
    assert made.search(written)
    other = command(tmp_path / "other", "feeds", "import", exported, "--json")
    assert [(feed["outlet"], feed["url"]) for feed in json.loads(other.out)["added"]] == [
        ("Le Phare", "https://phare.test/rss"),
        ("L’Écho & Cie", "https://echo.test/rss"),
    ]
    assert "déjà suivie(s)" in command(tmp_path / "other", "feeds", "import", exported).out
    assert command(data, "feeds", "import", tmp_path / "absent.opml").code == 1
    file.write_text("<html/>", encoding="utf-8")
    assert "n’est pas une liste de flux OPML" in command(data, "feeds", "import", file).err


def test_a_list_that_was_cut_is_imported_as_far_as_it_goes_and_said_to_be_cut(
    command: Command, data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "flux.opml"
    one, two = (f'<outline xmlUrl="https://{name}.test/rss"/>' for name in ("a", "b"))
    told = (
        "Attention : ce fichier OPML est coupé ou mal formé, {}. Exportez-le de nouveau depuis "
        "votre lecteur de flux, puis importez-le encore.\n"
    )
    for body, counts, words in (
        ("", "0 ajoutée(s), 0 déjà suivie(s)", "aucune source n’a pu y être lue"),
        (one, "1 ajoutée(s), 0 déjà suivie(s)", "une seule source a pu y être lue"),
        (one + two, "1 ajoutée(s), 1 déjà suivie(s)", "seules 2 sources ont pu y être lues"),
    ):
        file.write_text(f'<opml><body>{body}<outline xmlUrl="https://c.te', encoding="utf-8")
        done = command(data, "feeds", "import", file)
        assert (done.code, done.out, done.err) == (
            1,
            f"{counts}, 0 refusée(s).\n",
            told.format(words),
        )
    again = command(data, "feeds", "import", file, "--json")
    assert json.loads(again.out) == {
        "added": [],
        "already": 2,
        "refused": [],
        "truncated": False,
        "broken": True,
    }


def test_the_installed_command_helps_quickly_and_in_french(data: Path) -> None:
    done = sourcier(data, "feeds", "--help")
    assert done.code == 0
    for name in ("add", "list", "remove", "check", "import", "export"):
        assert f"\n  {name} " in done.out
