"""Several processes that open one folder of Chroma."""

from __future__ import annotations

import multiprocessing
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.synchronize import Barrier
from pathlib import Path
from textwrap import dedent

import pytest
from filelock import FileLock

from knowledge.errors import IndexingError
from knowledge.index import chroma_connection
from knowledge.index.chroma_connection import ChromaConnection
from tests.shared_data import REPOSITORY
from tests.waiting import PATIENCE, wait_until

_PROCESSES = 3
_FOLDERS = 12  # without its lock, one process of these fails in nine runs of ten


def _connection(folder: Path | str) -> ChromaConnection:
    return ChromaConnection(folder, name="sourcier-v1-x", metadata={"embedder": "e"})


def _ids(connection: ChromaConnection) -> set[str]:
    return connection.read(lambda collection: set(collection.get(include=[])["ids"]))


def _write_to_each(folder: Path, number: int, start: Barrier) -> None:
    for place in range(_FOLDERS):
        start.wait(PATIENCE)
        connection = _connection(folder / str(place))
        connection.write(
            lambda collection: collection.upsert(ids=[str(number)], embeddings=[1.0, 0.0])
        )
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
        assert _ids(connection) == {"0", "1", "2"}
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


def _beside(folder: Path, code: str) -> int:
    """Run code in another process, with `connection` on the folder; return its exit code."""
    beginning = """
        import os, signal, sys
        from pathlib import Path
        from tests.contract.test_chroma_opening import _connection

        connection = _connection(Path(sys.argv[1]))
    """
    return subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", dedent(beginning) + dedent(code), str(folder)],
        cwd=REPOSITORY,
        timeout=5 * PATIENCE,
        check=False,
    ).returncode


def _add(connection: ChromaConnection, identifier: str, vector: list[float]) -> None:
    connection.write(lambda collection: collection.upsert(ids=[identifier], embeddings=vector))


def _nearest(connection: ChromaConnection, vector: list[float], *, patient: bool = True) -> str:
    return connection.read(
        lambda collection: collection.query(query_embeddings=vector, n_results=1)["ids"][0][0],
        patient=patient,
    )


def test_what_a_process_wrote_before_it_was_killed_is_found(tmp_path: Path) -> None:
    connection = _connection(tmp_path)
    _add(connection, "a", [1.0, 0.0])
    assert _nearest(connection, [0.0, 1.0]) == "a"
    code = """
        def write(collection):
            collection.upsert(ids=["b"], embeddings=[0.0, 1.0])
            os.kill(os.getpid(), signal.SIGKILL)

        connection.write(write)
    """
    assert _beside(tmp_path, code) == -signal.SIGKILL
    assert _nearest(connection, [0.0, 1.0]) == "b"
    connection.close()


def test_a_collection_that_another_process_drops_is_read_all_the_same(tmp_path: Path) -> None:
    connection = _connection(tmp_path)
    _add(connection, "a", [1.0, 0.0])
    assert _ids(connection) == {"a"}
    stamp = (tmp_path / "sourcier-writes").read_text(encoding="ascii")
    assert _beside(tmp_path, "connection.drop_collections()") == 0
    # As it is while the other process drops it, when it was read just before.
    (tmp_path / "sourcier-writes").write_text(stamp, encoding="ascii")
    assert connection.read(lambda collection: collection.count()) == 0
    connection.close()


def test_who_does_not_wait_for_a_writer_reads_what_was_there_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_connection, "_OPENING_SECONDS", 0.1)
    connection = _connection(tmp_path)
    _add(connection, "a", [1.0, 0.0])
    with FileLock(tmp_path / "sourcier-opening"):
        (tmp_path / "sourcier-writes").write_text("another", encoding="ascii")
        assert _nearest(connection, [1.0, 0.0], patient=False) == "a"
        with pytest.raises(IndexingError, match="un autre programme s’en sert"):
            _nearest(connection, [1.0, 0.0])
        with pytest.raises(IndexingError, match="un autre programme s’en sert"):
            _add(connection, "b", [0.0, 1.0])
    _add(connection, "b", [0.0, 1.0])
    assert _nearest(connection, [0.0, 1.0]) == "b"
    connection.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a Chroma server."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - the command beside our own interpreter
        [Path(sys.executable).with_name("chroma"), "run", "--path", tmp_path, "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _answers(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(PATIENCE)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def test_a_collection_that_another_program_drops_on_a_server_is_found_again(server: str) -> None:
    connection, other = _connection(server), _connection(server)
    _add(connection, "a", [1.0, 0.0])
    other.drop_collections()
    _add(other, "b", [1.0, 0.0])
    assert _nearest(connection, [1.0, 0.0]) == "b"
    other.drop_collections()
    _add(connection, "c", [1.0, 0.0])
    assert _ids(other) == {"c"}
    connection.close()
    other.close()
