"""Several threads and several processes on one database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.index.lexical import LexicalIndex
from knowledge.ports import SaveStatus
from knowledge.store import open_store
from knowledge.store.articles import SqlArticleStore
from tests.bases import NOW, draft, segmented
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


def test_threads_that_save_the_same_articles_make_each_once(tmp_path: Path) -> None:
    store = open_store(tmp_path / "base.sqlite3", busy_seconds=PATIENCE)
    drafts = [
        (draft(f"{number}", f"Texte {number}. Fin."), segmented(f"Texte {number}. Fin."))
        for number in range(40)
    ]
    start = threading.Barrier(6)

    def save_all(shift: int) -> list[SaveStatus]:
        start.wait()
        mine = drafts[shift:] + drafts[:shift]
        statuses = [store.save(*one, now=NOW).status for one in mine]
        assert store.summary().articles <= len(drafts)
        return statuses

    with ThreadPoolExecutor(6) as pool:
        statuses = [one for done in pool.map(save_all, range(0, 36, 6)) for one in done]
    assert statuses.count(SaveStatus.ADDED) == len(drafts)
    assert set(statuses) == {SaveStatus.ADDED, SaveStatus.UNCHANGED}
    assert store.summary().articles == len(drafts)
    store.close()


def test_a_reader_never_sees_half_an_article(tmp_path: Path) -> None:
    store = open_store(tmp_path / "base.sqlite3", busy_seconds=PATIENCE)
    texts = ["Une phrase.", "Une phrase. Deux phrases. Trois phrases."]
    store.save(draft("a", texts[0]), segmented(texts[0]), now=NOW)
    over = threading.Event()
    seen: set[tuple[int, int]] = set()

    def read() -> None:
        while not over.is_set():
            summary = store.summary()
            seen.add((summary.sentences, summary.passages))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(60):
        text = texts[number % 2]
        store.save(draft("a", text), segmented(text), now=NOW)
    over.set()
    reader.join()
    assert seen <= {(1, 1), (3, 2)}
    store.close()


def test_processes_that_open_and_save_together_lose_nothing(tmp_path: Path) -> None:
    code = """
    import sys
    from knowledge.store import open_store
    from tests.bases import NOW, draft, segmented

    store = open_store(sys.argv[1], busy_seconds=60)
    for number in range(25):
        text = f"Processus {sys.argv[2]}, texte {number}."
        store.save(draft(f"{sys.argv[2]}-{number}", text), segmented(text), now=NOW)
    store.close()
    """
    path = tmp_path / "base.sqlite3"
    children = [
        subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", textwrap.dedent(code), str(path), str(number)], cwd=ROOT
        )
        for number in range(3)
    ]
    assert [child.wait(timeout=5 * PATIENCE) for child in children] == [0, 0, 0]
    store = open_store(path)
    assert store.summary().articles == 75
    store.close()


@pytest.mark.parametrize("opened", [open_store, LexicalIndex])
def test_a_file_that_another_process_is_making_is_opened_once_it_is_made(
    tmp_path: Path, opened: Callable[[Path], SqlArticleStore | LexicalIndex]
) -> None:
    path = tmp_path / "base.sqlite3"
    with ThreadPoolExecutor(1) as pool, closing(sqlite3.connect(path)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")  # not in WAL mode yet
        opening = pool.submit(lambda: opened(path).close())
        wait({opening}, timeout=0.3)
        other.execute("COMMIT")
        opening.result(PATIENCE)
