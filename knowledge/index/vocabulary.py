"""How often the lexical index holds a stem, from FTS5's own vocabulary table."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence


def passage_counts(connection: sqlite3.Connection, stems: Sequence[str]) -> dict[str, int]:
    """Return in how many passages each of `stems` that the index holds occurs."""
    if not stems:
        return {}
    marks = ",".join("?" * len(stems))
    query = f"SELECT term, doc FROM vocabulary WHERE term IN ({marks})"  # noqa: S608 - marks only
    return dict(connection.execute(query, tuple(stems)))
