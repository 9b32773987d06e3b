"""Connections: SQLite in WAL mode with explicit transactions, or any database by URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from knowledge.errors import StoreError
from knowledge.store.failures import store_failures
from knowledge.write_ahead_log import use_write_ahead_log

_IMMEDIATE = "sourcier_immediate"
_SQLITE_URI = "file:"  # https://sqlite.org/uri.html: an address, not the path of a folder to make


class Database:
    """An engine, what to call it in messages, and the two kinds of transaction."""

    def __init__(self, address: str | Path, *, busy_seconds: float) -> None:
        url = _url(address)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.subject = _shown(url, is_sqlite=self.is_sqlite)
        with store_failures(self.subject):
            if self.is_sqlite and url.database and not url.database.startswith(_SQLITE_URI):
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            self.engine = _engine(url, is_sqlite=self.is_sqlite, busy_seconds=busy_seconds)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a transaction that sees one state of the database."""
        with store_failures(self.subject), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin one that takes SQLite's write lock at once, so that what it reads stays true."""
        engine = self.engine.execution_options(**{_IMMEDIATE: True})
        with store_failures(self.subject), engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection; SQLite then folds its log into the file."""
        self.engine.dispose()


def _url(address: str | Path) -> URL:
    if isinstance(address, Path) or "://" not in address:
        return URL.create("sqlite", database=str(address))
    try:
        return make_url(address)
    except ArgumentError:
        # The text may hold a password, so neither it nor the cause is repeated.
        raise StoreError(
            "L’adresse de la base n’est pas une URL SQLAlchemy (par exemple "
            "sqlite:///data/sourcier.sqlite3 ou postgresql+psycopg://…).",
            subject="SOURCIER_DATABASE_URL",
        ) from None


def _shown(url: URL, *, is_sqlite: bool) -> str:
    return str(url.database) if is_sqlite else url.render_as_string(hide_password=True)


def _engine(url: URL, *, is_sqlite: bool, busy_seconds: float) -> Engine:
    try:
        if not is_sqlite:
            return create_engine(url, pool_pre_ping=True)
        engine = create_engine(url, connect_args={"timeout": busy_seconds})
    except (ModuleNotFoundError, ArgumentError) as error:
        raise StoreError(
            f"Aucun pilote pour {url.drivername} : installez-le à côté de Sourcier.",
            subject=_shown(url, is_sqlite=is_sqlite),
        ) from error
    event.listen(engine, "connect", partial(_prepare_sqlite, busy_seconds))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(busy_seconds: float, connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, see _begin_sqlite
    use_write_ahead_log(connection, busy_seconds=busy_seconds)
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    # NORMAL would lose the last commits in a power cut (https://sqlite.org/pragma.html
    # #pragma_synchronous). We promise that what was saved is there; one fsync a batch is cheap.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(_IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
