"""Errors of the database become ours here, and nowhere else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from knowledge.errors import StoreBusyError, StoreError, StoreFullError

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FULL = {sqlite3.SQLITE_FULL}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# A short write is how a quota or a file size limit shows itself; a failed fsync likewise.
_FULL_EXTENDED = {sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC}


@contextmanager
def store_failures(subject: str) -> Iterator[None]:
    """Map errors of SQLAlchemy and its drivers; `subject` is the address without password."""
    try:
        yield
    except DBAPIError as error:
        raise _of_driver(error.orig, subject) from error
    except sqlite3.Error as error:
        raise _of_driver(error, subject) from error
    except PoolTimeoutError as error:
        raise _busy(subject) from error
    except SQLAlchemyError as error:
        raise _general(subject, error) from error
    except OSError as error:
        raise _general(subject, error) from error


def _of_driver(error: BaseException | None, subject: str) -> StoreError:
    extended = getattr(error, "sqlite_errorcode", None)
    primary = extended & 0xFF if isinstance(extended, int) else None
    if primary in _BUSY:
        return _busy(subject)
    if primary in _FULL or extended in _FULL_EXTENDED:
        return StoreFullError(
            f"Le disque est plein : {subject} ne peut plus grandir. Libérez de la place puis "
            "recommencez ; ce qui était enregistré est intact.",
            subject=subject,
        )
    if primary in _DAMAGED:
        return StoreError(
            f"{subject} est abîmé ou n’est pas une base de Sourcier : restaurez une sauvegarde "
            "ou déplacez ce fichier.",
            subject=subject,
        )
    if primary == sqlite3.SQLITE_READONLY:
        return StoreError(
            f"{subject} est en lecture seule : vérifiez les droits du fichier et de son dossier.",
            subject=subject,
        )
    if primary == sqlite3.SQLITE_CANTOPEN:
        return StoreError(
            f"{subject} ne peut pas être ouvert : vérifiez que le dossier existe et ses droits.",
            subject=subject,
        )
    return _general(subject, error)


def _busy(subject: str) -> StoreBusyError:
    return StoreBusyError(
        f"La base {subject} est occupée par un autre programme : réessayez dans un instant.",
        subject=subject,
    )


def _general(subject: str, error: BaseException | None) -> StoreError:
    kind = type(error).__name__
    return StoreError(
        f"La base {subject} a refusé l’opération ({kind}) : vérifiez l’adresse, les droits et "
        "le disque.",
        subject=subject,
    )
