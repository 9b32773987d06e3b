"""Files and folders: order, what is skipped, and that one bad file stops nothing."""

import os
from pathlib import Path

import pytest

from knowledge.errors import DocumentTooLargeError, SourceError, UnreadableDocumentError
from knowledge.sources.files import documents_in
from knowledge.types import RawDocument

LIMIT = 1000


def found(path: Path) -> list[str]:
    """Return the names of the documents, and the classes of the errors, in order."""
    return [
        type(item).__name__ if isinstance(item, SourceError) else str(item.filename)
        for item in documents_in(path, max_bytes=LIMIT)
    ]


def test_a_file_is_one_document_whatever_its_suffix(tmp_path: Path) -> None:
    file = tmp_path / "note.text"
    file.write_bytes(b"Bonjour.")
    expected = RawDocument(b"Bonjour.", f"file:{file.as_posix()}", filename="note.text")
    assert list(documents_in(file, max_bytes=LIMIT)) == [expected]


def test_a_relative_path_gives_an_absolute_origin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    monkeypatch.chdir(tmp_path)
    (document,) = documents_in(Path("a.txt"), max_bytes=LIMIT)
    assert isinstance(document, RawDocument)
    assert document.origin == f"file:{tmp_path.as_posix()}/a.txt"


def test_a_folder_is_read_recursively_in_order(tmp_path: Path) -> None:
    for name in ("b.md", "a.TXT", "z/c.html", "z/y/d.htm", "e.pdf", "f.markdown", "no.docx", "n"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert found(tmp_path) == ["a.TXT", "b.md", "e.pdf", "f.markdown", "c.html", "d.htm"]


def test_hidden_files_and_folders_are_skipped(tmp_path: Path) -> None:
    for name in (".a.txt", ".git/b.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert found(tmp_path) == ["c.txt"]


def test_links_that_leave_the_folder_are_skipped(tmp_path: Path) -> None:
    folder, outside = tmp_path / "articles", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_bytes(b"x")
    (folder / "a.txt").write_bytes(b"x")
    (folder / "b.txt").symlink_to(folder / "a.txt")
    (folder / "c.txt").symlink_to(outside / "secret.txt")
    (folder / "d").symlink_to(outside)
    (folder / "e").symlink_to(folder)  # a loop
    assert found(folder) == ["a.txt", "b.txt"]


def test_a_bad_file_is_a_value_and_the_others_follow(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * (LIMIT + 1))
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone.txt")
    os.mkfifo(tmp_path / "c.txt")
    (tmp_path / "d.txt").write_bytes(b"x" * LIMIT)
    assert found(tmp_path) == [
        "DocumentTooLargeError",
        "UnreadableDocumentError",
        "UnreadableDocumentError",
        "d.txt",
    ]


def test_fifty_megabytes_are_refused_without_being_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    with file.open("wb") as stream:
        stream.truncate(50 * 2**20)
    file.chmod(0)  # where the user is not root, reading it would fail otherwise
    (error,) = documents_in(file, max_bytes=20 * 2**20)
    assert isinstance(error, DocumentTooLargeError)
    assert "50,0 Mio" in error.message
    assert error.subject == str(file)


def test_a_file_without_permission_is_unreadable(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    file = tmp_path / "a.txt"
    file.write_bytes(b"x")
    file.chmod(0)
    (error,) = documents_in(file, max_bytes=LIMIT)
    assert isinstance(error, UnreadableDocumentError)


def test_a_missing_path_is_said_in_french(tmp_path: Path) -> None:
    (error,) = documents_in(tmp_path / "rien", max_bytes=LIMIT)
    assert isinstance(error, SourceError)
    assert "n’existe pas" in error.message
    assert error.subject == str(tmp_path / "rien")


def test_a_name_that_no_system_accepts_is_an_error_as_a_value(tmp_path: Path) -> None:
    assert found(tmp_path / ("a" * 5000)) == ["UnreadableDocumentError"]
    assert found(Path("a\x00b")) == ["SourceError"]


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def test_a_name_that_is_not_utf8_is_written_in_text_that_can_be_stored(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(name)).write_bytes(b"Bonjour.")
    (document,) = documents_in(tmp_path, max_bytes=LIMIT)
    assert isinstance(document, RawDocument)
    assert document.origin == f"file:{tmp_path.as_posix()}/caf\\xe9.txt"
    assert document.filename == "caf\\xe9.txt"
