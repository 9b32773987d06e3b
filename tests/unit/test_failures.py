"""Foreign errors are told in French."""

from __future__ import annotations

import errno
import socket
import sqlite3
from pathlib import Path

import pytest

from knowledge.failures import Reason, french_reason, reason_of


def _raised(action: object) -> BaseException:
    assert callable(action)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever the library raises
        action()
    return caught.value


def test_what_the_system_refuses_is_told(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_text("x")
    assert french_reason(_raised((tmp_path / "none").read_text)) == "le fichier est introuvable"
    assert reason_of(_raised(tmp_path.read_text)) is Reason.NO_FILE
    assert reason_of(_raised((file / "x").mkdir)) is Reason.NO_FOLDER
    assert reason_of(OSError(28, "No space left on device")) is Reason.DISK_FULL
    assert reason_of(OSError(30, "Read-only file system")) is Reason.READ_ONLY
    assert reason_of(PermissionError(13, "Permission denied")) is Reason.DENIED
    assert reason_of(ConnectionRefusedError(111, "Connection refused")) is Reason.REFUSED
    assert reason_of(TimeoutError("timed out")) is Reason.TIMED_OUT


def test_an_address_that_cannot_be_listened_on_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        again = _raised(lambda: socket.create_server(taken.getsockname()))
    assert reason_of(again) is Reason.BUSY
    elsewhere = OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")
    assert reason_of(elsewhere) is Reason.NOT_OURS


def test_what_sqlite_refuses_is_told(tmp_path: Path) -> None:
    damaged = tmp_path / "d"
    damaged.write_bytes(b"no database" * 100)
    read = sqlite3.connect(damaged)
    assert reason_of(_raised(lambda: read.execute("SELECT * FROM x"))) is Reason.DAMAGED
    read.close()
    missing = f"file:{tmp_path}/none?mode=ro"
    assert reason_of(_raised(lambda: sqlite3.connect(missing, uri=True))) is Reason.UNOPENED
    path = tmp_path / "e"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE a (b)")
    made.close()
    reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    assert reason_of(_raised(lambda: reader.execute("DROP TABLE a"))) is Reason.READ_ONLY
    reader.close()


def test_the_code_that_chroma_hands_on_is_read() -> None:
    text = "error returned from database: (code: {}) attempt to write"
    assert reason_of(RuntimeError(text.format(8))) is Reason.READ_ONLY
    assert reason_of(RuntimeError(text.format(1032))) is Reason.READ_ONLY
    assert reason_of(RuntimeError(text.format(778))) is Reason.DISK_FULL


def test_the_error_behind_counts_and_a_circle_ends() -> None:
    outer, inner = ValueError("Could not connect"), ConnectionRefusedError(111, "refused")
    outer.__cause__ = inner
    inner.__context__ = outer
    assert reason_of(outer) is Reason.REFUSED


def test_of_an_unknown_error_only_the_class_is_named() -> None:
    assert french_reason(ValueError("the password is x")) == "ValueError"
    assert french_reason(OSError("odd")) == "OSError"
