"""Opening: check the schema's version with one SELECT, and migrate only when it is old.

Importing Alembic costs half a second or more, so a database that is current never pays it.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select, text

from knowledge.errors import StoreError, StoreVersionError
from knowledge.store.articles import SqlArticleStore
from knowledge.store.engine import Database
from knowledge.store.failures import store_failures
from knowledge.store.schema import SCHEMA_VERSION, meta

MIGRATIONS = Path(__file__).parent / "migrations"


def open_article_store(address: str | Path, *, busy_seconds: float) -> SqlArticleStore:
    """Open, create or migrate; see :func:`knowledge.store.open_store`."""
    database = open_current_database(address, busy_seconds=busy_seconds)
    try:
        return SqlArticleStore(database, store_id=store_id(database))
    except BaseException:
        database.close()
        raise


def open_current_database(address: str | Path, *, busy_seconds: float) -> Database:
    """Open, create or migrate; see :func:`knowledge.store.open_database`."""
    database = Database(address, busy_seconds=busy_seconds)
    try:
        _bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


def _bring_up_to_date(database: Database) -> None:
    with database.reading() as connection:
        found = _stamped_version(connection, database.subject)
    if found == SCHEMA_VERSION:
        return
    if found is not None and found > SCHEMA_VERSION:
        raise StoreVersionError(
            f"{database.subject} a été écrite par une version plus récente de Sourcier "
            f"(schéma {found}, celui-ci connaît {SCHEMA_VERSION}) : mettez Sourcier à jour.",
            subject=database.subject,
        )
    upgrade(database)


def _stamped_version(connection: Connection, subject: str) -> str | None:
    """Return the schema's revision, or None for an empty database."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" in tables:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(found) if found is not None else None
    if tables:
        raise StoreError(
            f"{subject} appartient à un autre programme : choisissez un autre fichier.",
            subject=subject,
        )
    return None


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations up to `revision` in one transaction.

    Two processes that start together are served one after the other: SQLite's write lock is
    taken first, and the second finds nothing left to do.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with store_failures(database.subject), database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def store_id(database: Database) -> str:
    """Return what tells this base from every other: 32 hexadecimal digits, made when asked for."""
    query = select(meta.c.value).where(meta.c.key == "store_id")
    with database.reading() as connection:
        found = connection.execute(query).scalar()
    if found is not None:
        return str(found)
    with database.writing() as connection:
        found = connection.execute(query).scalar()  # another process may have been first
        if found is None:
            found = uuid.uuid4().hex
            connection.execute(insert(meta).values(key="store_id", value=found))
    return str(found)
