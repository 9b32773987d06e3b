"""Documents from files and folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from knowledge.errors import SourceError, UnreadableDocumentError
from knowledge.sources.kinds import KIND_OF_SUFFIX
from knowledge.sources.reading import document_too_large
from knowledge.types import RawDocument


def documents_in(path: Path, *, max_bytes: int) -> Iterator[RawDocument | SourceError]:
    """Yield the document of a file, or those of a folder and its subfolders in sorted order.

    In a folder, files with a known suffix (.txt .md .markdown .html .htm .pdf) count; hidden
    files and folders do not, nor do symbolic links that lead out of the folder. A file that
    cannot be read or is larger than `max_bytes` (checked before it is read) yields its error as
    a value, and the others follow. `origin` is ``file:`` and the absolute path.
    """
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:  # a folder above may not be entered, or the name is too long
        yield _unreadable(path, error)
        return
    if is_folder:
        yield from _documents_of_folder(path, max_bytes)
    elif exists:
        yield _document(path, max_bytes)
    else:
        yield SourceError(
            "Ce fichier ou ce dossier n’existe pas. Vérifiez le chemin.", subject=str(path)
        )


def _documents_of_folder(folder: Path, max_bytes: int) -> Iterator[RawDocument | SourceError]:
    for file in files_in(folder):
        yield file if isinstance(file, SourceError) else _document(file, max_bytes)


def files_in(folder: Path) -> Iterator[Path | SourceError]:
    """Yield the files of `folder` that :func:`documents_in` reads, in its order.

    Folders that cannot be entered are yielded as their errors, after the files.
    """
    root = folder.resolve()
    failures: list[OSError] = []
    for parent, folders, names in os.walk(root, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(parent, name)
            if name.startswith(".") or file.suffix.lower() not in KIND_OF_SUFFIX:
                continue
            if not file.is_symlink() or file.resolve().is_relative_to(root):
                yield file
    for failure in failures:
        yield _unreadable(Path(failure.filename or root), failure)


def _document(file: Path, max_bytes: int) -> RawDocument | SourceError:
    absolute = file.absolute()
    try:
        status = absolute.stat()
        if not absolute.is_file():
            return UnreadableDocumentError("Ce n’est pas un fichier.", subject=str(file))
        if status.st_size > max_bytes:
            return document_too_large(str(file), status.st_size, max_bytes)
        with absolute.open("rb") as stream:
            data = stream.read(max_bytes + 1)  # it may have grown since
    except OSError as error:
        return _unreadable(file, error)
    if len(data) > max_bytes:
        return document_too_large(str(file), None, max_bytes)
    return RawDocument(data, f"file:{_text(absolute.as_posix())}", filename=_text(file.name))


def _text(name: str) -> str:
    """Return a file’s name as text that a database can hold: a byte foreign to UTF-8 is escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _unreadable(file: Path, error: OSError) -> SourceError:
    failure = UnreadableDocumentError(
        "Ce fichier ne peut pas être lu. Vérifiez ses droits.", subject=str(file)
    )
    failure.__cause__ = error
    return failure
