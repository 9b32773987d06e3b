"""What foreign errors say, in French: libraries and systems speak English. Pure."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from enum import StrEnum


class Reason(StrEnum):
    """Why something failed, in words that fit after a colon or in brackets."""

    DISK_FULL = "le disque est plein"
    READ_ONLY = "l’écriture y est interdite"
    DENIED = "l’accès est refusé"
    MISSING = "le fichier est introuvable"
    UNOPENED = "le fichier ne peut pas être ouvert"
    NO_FOLDER = "un fichier est là où un dossier est attendu"
    NO_FILE = "un dossier est là où un fichier est attendu"
    DAMAGED = "le fichier est abîmé"
    BUSY = "un autre programme s’en sert"
    DISK_FAILED = "le disque ne répond pas comme il devrait"
    NOT_OURS = "cette adresse n’est pas celle de cette machine"
    REFUSED = "la connexion est refusée"
    UNREACHABLE = "l’adresse est hors d’atteinte"
    TIMED_OUT = "le délai est dépassé"


_ERRNO = {
    errno.ENOSPC: Reason.DISK_FULL,
    errno.EDQUOT: Reason.DISK_FULL,
    errno.EFBIG: Reason.DISK_FULL,  # a limit of file size: the same for whoever writes
    errno.EROFS: Reason.READ_ONLY,
    errno.EACCES: Reason.DENIED,
    errno.EPERM: Reason.DENIED,
    errno.ENOENT: Reason.MISSING,
    errno.ENOTDIR: Reason.NO_FOLDER,
    errno.EEXIST: Reason.NO_FOLDER,  # making a folder is where we meet it
    errno.EISDIR: Reason.NO_FILE,
    errno.EBUSY: Reason.BUSY,
    errno.EADDRINUSE: Reason.BUSY,
    errno.EADDRNOTAVAIL: Reason.NOT_OURS,
    errno.EIO: Reason.DISK_FAILED,
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.EHOSTUNREACH: Reason.UNREACHABLE,
    errno.ENETUNREACH: Reason.UNREACHABLE,
    errno.ETIMEDOUT: Reason.TIMED_OUT,
}
# Primary result codes of SQLite, https://sqlite.org/rescode.html
_SQLITE = {
    3: Reason.DENIED,
    5: Reason.BUSY,
    6: Reason.BUSY,
    8: Reason.READ_ONLY,
    10: Reason.DISK_FAILED,
    11: Reason.DAMAGED,
    13: Reason.DISK_FULL,
    14: Reason.UNOPENED,
    26: Reason.DAMAGED,
}
# A short write is how a quota shows itself to SQLite; a failed fsync likewise.
_SQLITE_EXTENDED = {778: Reason.DISK_FULL, 1034: Reason.DISK_FULL}
# Chroma's core hands SQLite's code on as text.
_CODE_IN_TEXT = re.compile(r"\(code: (\d{1,5})\)")


def reason_of(error: BaseException) -> Reason | None:
    """Return why `error` or an error behind it happened; None if that is not known."""
    return next(filter(None, map(_reason, causes(error))), None)


def french_reason(error: BaseException) -> str:
    """Return why `error` happened in French; the name of its class where that is not known.

    The error's own words never show: they are English, and may hold a secret.
    """
    return reason_of(error) or type(error).__name__


def _reason(error: BaseException) -> Reason | None:
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return Reason.TIMED_OUT
    if isinstance(error, OSError):
        return _ERRNO.get(error.errno or 0)
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(code, int):
        found = _CODE_IN_TEXT.search(str(error))
        code = int(found[1]) if found else 0
    return _SQLITE_EXTENDED.get(code) or _SQLITE.get(code & 0xFF)


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error`, then its cause or what it came in the midst of, and so on, each once."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__
