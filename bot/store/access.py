"""Who asked to be let in and who was: the table ``access``.

Every method is one transaction, may block, may raise StoreError, and may be called by any thread.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.access import (
    CODE_LIFETIME,
    MOST_PENDING,
    AccessRequest,
    AccessState,
)
from knowledge.store.engine import Database
from knowledge.store.reader_schema import access

_COLUMNS = (
    access.c.subject,
    access.c.state,
    access.c.name,
    access.c.asked_at,
    access.c.code,
    access.c.decided_at,
    access.c.decided_by,
)
_PENDING = access.c.state == AccessState.PENDING


class AccessStore:
    """Requests by subject: at most one each, at most `most_pending` of them pending."""

    def __init__(self, database: Database, *, most_pending: int = MOST_PENDING) -> None:
        self._database = database
        self._most_pending = most_pending

    def state(self, subject: int) -> AccessState | None:
        """Return what was decided of a subject, PENDING too; None if it never asked."""
        query = select(access.c.state).where(access.c.subject == subject)
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else AccessState(found)

    def ask(
        self, subject: int, name: str, *, make_code: Callable[[], str], now: datetime
    ) -> tuple[AccessRequest | None, bool]:
        """Return the subject's request, and whether it was made by this call.

        A request that is decided, or pending and not expired, stays as it is. None: too many
        others wait for a decision.
        """
        with self._database.writing() as connection:
            _drop_expired(connection, now)
            found = _request(connection, access.c.subject == subject)
            if found is not None:
                return found, False
            waiting = select(func.count()).select_from(access).where(_PENDING)
            if connection.execute(waiting).scalar_one() >= self._most_pending:
                return None, False
            made = AccessRequest(
                subject, AccessState.PENDING, name, now, code=_unused(connection, make_code)
            )
            connection.execute(
                insert(access).values(
                    subject=subject, state=made.state, code=made.code, name=name, asked_at=now
                )
            )
            return made, True

    def decide(
        self, code: str, state: AccessState, *, by: int, now: datetime
    ) -> AccessRequest | None:
        """Approve or refuse the request of a code; None if no pending one has it."""
        with self._database.writing() as connection:
            _drop_expired(connection, now)
            found = _request(connection, access.c.code == code)
            if found is None:
                return None
            this = access.c.subject == found.subject
            values = {"state": state, "code": None, "decided_at": now, "decided_by": by}
            connection.execute(update(access).where(this).values(values))
            return _request(connection, this)

    def forget(self, subject: int) -> AccessRequest | None:
        """Take back what was decided, so that the subject may ask anew; None if nothing was."""
        with self._database.writing() as connection:
            found = _request(connection, access.c.subject == subject)
            connection.execute(delete(access).where(access.c.subject == subject))
        return found

    def find(self, subject: int) -> AccessRequest | None:
        """Return the request of a subject."""
        with self._database.reading() as connection:
            return _request(connection, access.c.subject == subject)

    def listing(self, *, now: datetime) -> tuple[AccessRequest, ...]:
        """Return every request: those to decide first, then the newest decision first."""
        with self._database.writing() as connection:
            _drop_expired(connection, now)
            rows = connection.execute(
                select(*_COLUMNS).order_by(
                    _PENDING.desc(),
                    access.c.decided_at.desc(),
                    access.c.asked_at.desc(),
                    access.c.subject,
                )
            )
            return tuple(map(_of_row, rows))

    def move(self, old: int, new: int) -> None:
        """Give a group's access to the supergroup it became; what was decided of that one wins.

        A request that the supergroup made before its access arrived does not.
        """
        with self._database.writing() as connection:
            known = _request(connection, access.c.subject == old)
            there = _request(connection, access.c.subject == new)
            if known is None or (there is not None and there.state is not AccessState.PENDING):
                return
            connection.execute(delete(access).where(access.c.subject == new))
            moved = update(access).where(access.c.subject == old).values(subject=new)
            connection.execute(moved)


def _request(connection: Connection, condition: Any) -> AccessRequest | None:
    row = connection.execute(select(*_COLUMNS).where(condition)).first()
    return None if row is None else _of_row(row)


def _of_row(row: Any) -> AccessRequest:
    subject, state, name, asked_at, code, decided_at, decided_by = row
    return AccessRequest(subject, AccessState(state), name, asked_at, code, decided_at, decided_by)


def _unused(connection: Connection, make_code: Callable[[], str]) -> str:
    while True:
        code = make_code()
        if _request(connection, access.c.code == code) is None:
            return code


def _drop_expired(connection: Connection, now: datetime) -> None:
    connection.execute(delete(access).where(_PENDING, access.c.asked_at <= now - CODE_LIFETIME))
