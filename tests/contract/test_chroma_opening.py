"""Several processes that open one folder of Chroma."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from filelock import FileLock

from knowledge.errors import IndexingError
from knowledge.index import chroma_connection
from knowledge.index.chroma_connection import ChromaConnection
from tests.waiting import PATIENCE

_PROCESSES = 3
_FOLDERS = 12  # without its lock, one process of these fails in nine runs of ten


def _connection(folder: Path) -> ChromaConnection:
    return ChromaConnection(folder, name="sourcier-v1-x", metadata={"embedder": "e"})


def _write_to_each(folder: Path, number: int, start: Barrier) -> None:
    for place in range(_FOLDERS):
        start.wait(PATIENCE)
        connection = _connection(folder / str(place))
        with connection.writing() as collection:
            collection.upsert(ids=[str(number)], embeddings=[1.0, 0.0])
        connection.close()


def test_processes_that_make_a_folder_together_all_write_to_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(_PROCESSES)
    processes = [
        context.Process(target=_write_to_each, args=(tmp_path, number, start))
        for number in range(_PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(5 * PATIENCE)
    assert [process.exitcode for process in processes] == [0] * _PROCESSES
    for place in range(_FOLDERS):
        connection = _connection(tmp_path / str(place))
        with connection.reading() as collection:
            assert set(collection.get()["ids"]) == {"0", "1", "2"}
        connection.close()


def test_a_folder_that_another_process_keeps_opening_says_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_connection, "_OPENING_SECONDS", 0.1)
    with FileLock(tmp_path / "sourcier-opening"), pytest.raises(IndexingError) as failed:
        _connection(tmp_path)
    assert failed.value.message == (
        f"L’index Chroma ({tmp_path}) a échoué : un autre programme s’en sert. "
        "Attendez qu’il ait fini, puis recommencez."
    )
    _connection(tmp_path).close()
