"""The database, which is the truth: schema, migrations and the article store.

SQLAlchemy is imported when a store is opened, not when this package is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.store.articles import SqlArticleStore
    from knowledge.store.engine import Database


def open_store(address: str | Path, *, busy_seconds: float = 10.0) -> SqlArticleStore:
    """Return the store at `address`, created or brought to the current schema if needed.

    `address` is a file path (SQLite) or a SQLAlchemy URL. `busy_seconds` is how long a call
    waits for another process's lock. The store holds connections: call its ``close()``.

    Raises:
        StoreVersionError: the database was written by a newer Sourcier.
        StoreBusyError: another process holds it.
        StoreFullError: no space is left to create or migrate it.
        StoreError: it cannot be opened, is damaged, or belongs to another program.
    """
    from knowledge.store.opening import open_article_store

    return open_article_store(address, busy_seconds=busy_seconds)


def open_database(address: str | Path, *, busy_seconds: float = 10.0) -> Database:
    """Return the database alone, for tables other than the articles'; see :func:`open_store`."""
    from knowledge.store.opening import open_current_database

    return open_current_database(address, busy_seconds=busy_seconds)
